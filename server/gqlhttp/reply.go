package gqlhttp

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/httpgzip"
)

// reply is an answer on its way to one client or, where it is cached, to many. It
// is safe for concurrent use once it is made.
type reply struct {
	media  string
	status int
	allow  string // the methods that a client should use instead
	body   []byte
	// shared says that others who ask the same may have it: a query without
	// errors, asked by an anonymous reader.
	shared bool

	operation Operation // for the log

	zip   sync.Once
	small []byte // the body compressed, nil where that saves nothing
	hash  sync.Once
	tag   string
}

func newReply(media string, status int, response *graphql.Response, noData bool) *reply {
	return &reply{media: media, status: status, body: jsonOf(response, noData)}
}

// size is how many bytes the reply takes at most.
func (p *reply) size() int { return 2*len(p.body) + 1<<10 }

// record records what a cached reply answers.
func (p *reply) record(ctx context.Context) {
	recordOf(ctx).update(func(o *Operation) { o.Name, o.Kind, o.Cost = p.operation.Name, p.operation.Kind, p.operation.Cost })
}

// etag names what the body says.
func (p *reply) etag() string {
	p.hash.Do(func() {
		sum := sha256.Sum256(p.body)
		p.tag = base64.RawURLEncoding.EncodeToString(sum[:18])
	})
	return p.tag
}

// leastCompressed is the length from which compressing saves a packet.
const leastCompressed = 1400

// compressed returns the body in gzip, made once, nil where it would not be
// shorter. Only what is cached is worth it.
func (p *reply) compressed() []byte {
	p.zip.Do(func() {
		if len(p.body) < leastCompressed {
			return
		}
		if small := httpgzip.Compress(p.body, httpgzip.Fastest); len(small) < len(p.body) {
			p.small = small
		}
	})
	return p.small
}

// Header values that all replies share.
var (
	contentTypes = map[string][]string{
		mediaJSON:     {mediaJSON + "; charset=utf-8"},
		mediaResponse: {mediaResponse + "; charset=utf-8"},
		mediaEvents:   {mediaEvents + "; charset=utf-8"},
	}
	noStore = []string{"no-store"}
)

// write sends the reply. What answers an anonymous reader's query by GET may be
// cached by browsers and proxies, which ask each time whether it still holds;
// everything else is not cached.
func (p *reply) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Content-Type"] = contentTypes[p.media]
	h.Add("Vary", "Accept")
	body, suffix := p.body, ""
	if p.shared && httpgzip.Accepted(r) {
		if small := p.compressed(); small != nil {
			body, suffix = small, "-gzip"
		}
		h.Add("Vary", "Accept-Encoding")
	}
	if !p.shared || r.Method == http.MethodPost {
		h["Cache-Control"] = noStore
	} else {
		h.Set("Cache-Control", "no-cache")
		h.Add("Vary", "Authorization, Cookie")
		h.Set("ETag", `"`+p.etag()+suffix+`"`)
		if matches(r.Header.Values("If-None-Match"), p.etag()) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if p.status == http.StatusServiceUnavailable {
		h.Set("Retry-After", comeAgain)
	}
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	if suffix != "" {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.status)
	_, _ = w.Write(body) //nolint:gosec // JSON, of a type that no browser takes for a page
}

// matches reports whether a client has what the tag names, compressed or not.
func matches(headers []string, tag string) bool {
	for _, given := range strings.Split(strings.Join(headers, ","), ",") {
		given = strings.TrimPrefix(strings.TrimSpace(given), "W/")
		if given == "*" || strings.TrimSuffix(strings.Trim(given, `"`), "-gzip") == tag {
			return true
		}
	}
	return false
}

// comeAgain is after how many seconds a client may ask again that met a database
// or an index that is not there: both come back by themselves.
const comeAgain = "1"

// statusOf returns the status of an operation that has run: 200, whatever its fields
// say, but for one that something we need was missing for. That is told to the
// proxies and caches on the way as well, which know no GraphQL.
func statusOf(response *graphql.Response) int {
	for _, err := range response.Errors {
		if fmt.Sprint(err.Extensions["code"]) == string(catalog.KindUnavailable) {
			return http.StatusServiceUnavailable
		}
	}
	return http.StatusOK
}

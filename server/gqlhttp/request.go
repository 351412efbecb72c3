package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jisiguangyi/jisi/catalog"
)

// The media types of answers. The older one, plain JSON, is what a client gets
// that does not say.
const (
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
)

// negotiate picks the media type of the answer: the one that the Accept headers
// weigh highest, the one named first where they weigh the same, JSON where
// there is none. ok is false where neither is accepted.
func negotiate(accept []string) (media string, ok bool) {
	all := strings.Join(accept, ",")
	switch strings.TrimSpace(all) {
	case "", "*/*", mediaJSON: // what most clients say
		return mediaJSON, true
	}
	best := 0.0
	refused := map[string]bool{} // by name, which goes before what a wildcard takes
	wild := false
	for _, part := range strings.Split(all, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
			continue
		}
		weight := 1.0
		if q, given := params["q"]; given {
			if weight, err = strconv.ParseFloat(q, 64); err != nil || weight > 1 {
				continue
			}
		}
		offer := ""
		switch name {
		case mediaResponse:
			offer = mediaResponse
		case mediaJSON, "application/*", "*/*":
			offer = mediaJSON
		case mediaEvents:
			offer = mediaEvents
		}
		if weight == 0 && offer == name {
			refused[name] = true
		}
		if offer != "" && weight > best {
			media, best, wild = offer, weight, offer != name
		}
	}
	if wild && refused[mediaJSON] {
		return mediaResponse, !refused[mediaResponse]
	}
	return media, best > 0
}

// textOf returns the text of a request, which is all that its answer depends on: a
// body, or an address's parameters. What is said of a request that can't be read
// never quotes it: it may hold what a log should not.
func textOf(w http.ResponseWriter, r *http.Request, l Limits) ([]byte, *problem) {
	if r.Method == http.MethodPost {
		return readBody(w, r, l)
	}
	return []byte(r.URL.RawQuery), nil
}

// paramsOf reads a GraphQL request from its text.
func paramsOf(r *http.Request, text []byte) (*graphql.RawParams, *problem) {
	if r.Method == http.MethodPost {
		if p, ok := wellFormed(text); ok {
			p.Headers = r.Header
			return p, nil
		}
		var raw rawRequest
		if err := json.Unmarshal(text, &raw); err != nil {
			return nil, badRequest("请求体不是 JSON 对象", "the body is not a JSON object")
		}
		return raw.params(r.Header)
	}
	query, err := url.ParseQuery(string(text))
	if err != nil {
		return nil, badRequest("地址中的参数无法解析", "the parameters of the address cannot be read")
	}
	for _, values := range query {
		for _, value := range values {
			if wrong := notUTF8([]byte(value)); wrong != nil {
				return nil, wrong
			}
		}
	}
	raw := rawRequest{Query: text2json(query, "query"), OperationName: text2json(query, "operationName")}
	for name, field := range map[string]*json.RawMessage{"variables": &raw.Variables, "extensions": &raw.Extensions} {
		if value := query.Get(name); value != "" {
			*field = json.RawMessage(value)
		}
	}
	return raw.params(r.Header)
}

// wellFormed reads a request whose parts all are what they should be, in one go:
// false where there is something to tell the client, which takes a closer look.
func wellFormed(text []byte) (*graphql.RawParams, bool) {
	p := &graphql.RawParams{}
	p.ReadTime.Start = graphql.Now()
	into := struct {
		Query         *string         `json:"query"`
		OperationName *string         `json:"operationName"`
		Variables     *map[string]any `json:"variables"`
		Extensions    *map[string]any `json:"extensions"`
	}{&p.Query, &p.OperationName, &p.Variables, &p.Extensions}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&into) != nil || d.InputOffset() != int64(len(text)) || p.Query == "" {
		return nil, false
	}
	wholeNumbers(p.Variables)
	p.ReadTime.End = graphql.Now()
	return p, true
}

// text2json returns a parameter of an address as a JSON string, or nothing where
// it is not there.
func text2json(query url.Values, name string) json.RawMessage {
	if !query.Has(name) {
		return nil
	}
	quoted, _ := json.Marshal(query.Get(name)) // a string always can be
	return quoted
}

// checkContentType wants JSON in UTF-8.
func checkContentType(header string) *problem {
	if header == mediaJSON {
		return nil
	}
	media, params, err := mime.ParseMediaType(header)
	if err != nil || media != mediaJSON {
		return refusal(http.StatusUnsupportedMediaType, catalog.KindInvalid, "请求体须为 "+mediaJSON, "the body must be "+mediaJSON)
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		return refusal(http.StatusUnsupportedMediaType, catalog.KindInvalid, "请求体须为 UTF-8 编码", "the body must be in UTF-8")
	}
	return nil
}

// firstBody is for how much of a body there is room at once, whatever length a
// client claims.
const firstBody = 16 << 10

func readBody(w http.ResponseWriter, r *http.Request, l Limits) ([]byte, *problem) {
	if wrong := checkContentType(r.Header.Get("Content-Type")); wrong != nil {
		return nil, wrong
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		w.Header().Set("Accept-Encoding", "identity")
		return nil, refusal(http.StatusUnsupportedMediaType, catalog.KindInvalid, "请求体不能压缩", "the body must not be compressed")
	}
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0), firstBody)) + bytes.MinRead)
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, int64(l.BodyBytes)))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &problem{http.StatusRequestEntityTooLarge, limitError{"body", l.BodyBytes, "请求体字节数", "the body's length in bytes", "请分几次发送", "send it in parts"}.gql()}
	}
	if err != nil {
		return nil, badRequest("请求体没有收完", "the body could not be read to its end")
	}
	if wrong := notUTF8(body.Bytes()); wrong != nil {
		return nil, wrong
	}
	content := bytes.TrimSpace(bytes.TrimPrefix(body.Bytes(), []byte("\ufeff")))
	if len(content) > 0 && content[0] == '[' {
		return nil, &problem{http.StatusBadRequest, limitError{"batch", 1, "一次请求的操作数", "the number of operations in a request", "请逐个发送", "send them one by one"}.gql()}
	}
	return content, nil
}

// notUTF8 refuses text that would otherwise be searched for, or kept, with other
// characters in the place of what cannot be read.
func notUTF8(text []byte) *problem {
	if utf8.Valid(text) {
		return nil
	}
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return badRequest(fmt.Sprintf("第 %d 字节不是 UTF-8", at+1), fmt.Sprintf("byte %d is not UTF-8", at+1))
}

// rawRequest is a GraphQL request whose parts have not been looked at.
type rawRequest struct {
	Query         json.RawMessage `json:"query"`
	OperationName json.RawMessage `json:"operationName"`
	Variables     json.RawMessage `json:"variables"`
	Extensions    json.RawMessage `json:"extensions"`
}

// params checks each part for its type.
func (raw rawRequest) params(header http.Header) (*graphql.RawParams, *problem) {
	p := &graphql.RawParams{Headers: header}
	p.ReadTime.Start = graphql.Now()
	for _, part := range []struct {
		name string
		text json.RawMessage
		into any
		zh   string
		en   string
	}{
		{"query", raw.Query, &p.Query, "字符串", "a string"},
		{"operationName", raw.OperationName, &p.OperationName, "字符串", "a string"},
		{"variables", raw.Variables, &p.Variables, "对象", "an object"},
		{"extensions", raw.Extensions, &p.Extensions, "对象", "an object"},
	} {
		if part.text == nil {
			continue
		}
		if err := decodePart(part.text, part.into); err != nil {
			return nil, badRequest(part.name+" 须为"+part.zh, part.name+" must be "+part.en)
		}
	}
	if p.Query == "" && p.Extensions["persistedQuery"] == nil {
		return nil, badRequest("缺少 query", "query is missing")
	}
	wholeNumbers(p.Variables)
	p.ReadTime.End = graphql.Now()
	return p, nil
}

// decodePart reads one JSON value, which is known to be one. A long Int or ID
// keeps its digits.
func decodePart(text json.RawMessage, into any) error {
	if plain, ok := into.(*string); ok {
		return json.Unmarshal(text, plain)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// wholeNumbers writes each whole number among variables without a point or exponent:
// 1.0 and 1e1 are values of Int for the reference implementation, as JSON does not
// tell them from 1 and 10.
func wholeNumbers(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			value[name] = wholeNumbers(v)
		}
	case []any:
		for i, v := range value {
			value[i] = wholeNumbers(v)
		}
	case json.Number:
		const exact = 1 << 53 // as far as every whole number is a number of JSON's
		if f, err := value.Float64(); err == nil && strings.ContainsAny(value.String(), ".eE") && f == math.Trunc(f) && math.Abs(f) <= exact {
			return json.Number(strconv.FormatInt(int64(f), 10))
		}
	}
	return value
}

// sayValues writes into errors about variables which value it was: gqlparser says
// "value 0" or "string" of a number that is none of its type.
func sayValues(problems gqlerror.List, variables map[string]any) {
	for _, p := range problems {
		_, typed, ok := strings.Cut(p.Message, " as ")
		if !ok || variableOf(p.Path) == "" || !strings.HasPrefix(p.Message, "cannot use ") {
			continue
		}
		if number, ok := valueAt(variables, p.Path[1:]).(json.Number); ok {
			p.Message = "cannot use " + number.String() + " as " + typed
		}
	}
}

// valueAt returns the value at a path among variables, nil where there is none.
func valueAt(value any, path ast.Path) any {
	for _, step := range path {
		switch step := step.(type) {
		case ast.PathName:
			fields, _ := value.(map[string]any)
			value = fields[string(step)]
		case ast.PathIndex:
			list, _ := value.([]any)
			if step < 0 || int(step) >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

func badRequest(zh, en string) *problem {
	return refusal(http.StatusBadRequest, catalog.KindInvalid, zh, en)
}

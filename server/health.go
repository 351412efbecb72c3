package server

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// pingTimeout is how long the database may take before it counts as gone.
const pingTimeout = 2 * time.Second

// alive says that the process answers.
func alive() http.Handler {
	return text("application/json; charset=utf-8", `{"status":"ok"}`+"\n")
}

// readiness is what /readyz says.
type readiness struct {
	Status   string         `json:"status"` // ready, or unavailable
	For      string         `json:"for"`    // what was asked about
	Why      string         `json:"why,omitempty"`
	Version  string         `json:"version"`
	Database databaseHealth `json:"database"`
	Index    IndexHealth    `json:"index"`
	Meaning  *MeaningHealth `json:"meaning,omitempty"` // where searching by meaning is set; nothing waits for it
	// UnnamedProxy says that requests came through a proxy that the settings do not name.
	UnnamedProxy bool `json:"unnamedProxy,omitempty"`
}

type databaseHealth struct {
	OK       bool `json:"ok"`       // it answers to reading
	Writable bool `json:"writable"` // it takes writes, as far as asking shows
	// HeldBackSeconds is how long a transaction of somebody's has been open that
	// keeps changes from being followed; 0 for none that is old.
	HeldBackSeconds float64 `json:"heldBackSeconds,omitempty"`
}

// Purpose is what one may want of the server.
type Purpose struct {
	For string
	Zh  string                                 // what 200 says
	why func(r readiness, writes error) string // it is 503; "" where it is 200
}

// Readiness is what can be asked of /readyz, by ?for=, and what it needs. It is the
// one table of it; docs/operating.md has it for operators, and a test compares
// them.
var Readiness = []Purpose{
	{"read", "可以查阅：记录、列表、页面和检索都有答复，没有主库时也算", func(r readiness, _ error) string {
		return cmp.Or(needs(r.Database.OK, "no database answers"), needs(r.Index.Ready, "the index is not built yet"))
	}},
	{"search", "检索跟得上：索引已建成，且收得到变更", func(r readiness, _ error) string {
		return cmp.Or(needs(r.Database.OK, "no database answers"), needs(r.Index.Ready, "the index is not built yet"),
			needs(!r.Index.Failing, "the index cannot follow"), needs(r.Index.LagSeconds < muchLag.Seconds(), "the index is a minute behind or more"))
	}},
	{"write", "可以写入：主库在，且接受写入", func(_ readiness, writes error) string {
		var told *catalog.Error
		if errors.As(writes, &told) {
			return told.En
		}
		return needs(writes == nil, "the database has no primary that takes writes")
	}},
	{"words", "词语分析可用：索引已建成，不在重建", func(r readiness, _ error) string {
		return cmp.Or(needs(r.Database.OK, "no database answers"), needs(r.Index.Ready, "the index is not built yet"), needs(!r.Index.Rebuilding, "the index is being built anew"))
	}},
}

// muchLag is how old a change may be that the index does not have yet.
const muchLag = time.Minute

func needs(ok bool, why string) string {
	if ok {
		return ""
	}
	return why
}

// ready reports whether what ?for= names can be done now: 200, or 503 with what is
// missing; for=read where nothing is named.
func ready(o Options, untold *untoldProxy) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := cmp.Or(r.URL.Query().Get("for"), Readiness[0].For)
		at := slices.IndexFunc(Readiness, func(one Purpose) bool { return one.For == asked })
		if at < 0 {
			http.Error(w, "for 须为 read、search、write、words 之一 · for is one of read, search, write, words", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), pingTimeout)
		defer cancel()
		err := o.Database.Ping(ctx)
		if err != nil && r.Context().Err() == nil { // who asked has not left meanwhile
			o.Log.LogAttrs(r.Context(), slog.LevelWarn, "the database does not answer", slog.Any("error", err))
		}
		writes := o.Database.PingPrimary(ctx)
		state := readiness{
			Status: "ready", For: asked, Version: o.Version, Index: o.Index.Health(ctx),
			Database: databaseHealth{OK: err == nil, Writable: err == nil && writes == nil},
		}
		state.UnnamedProxy = untold.met.Load()
		if o.HeldBack != nil {
			state.Database.HeldBackSeconds = o.HeldBack().Round(time.Second).Seconds()
		}
		if o.Meaning != nil {
			state.Meaning = o.Meaning()
		}
		status := http.StatusOK
		if state.Why = Readiness[at].why(state, writes); state.Why != "" {
			state.Status, status = "unavailable", http.StatusServiceUnavailable
			w.Header().Set("Retry-After", "1")
		}
		body, err := json.Marshal(state)
		if err != nil {
			panic(err) // it is made of numbers, strings and booleans
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = w.Write(append(body, '\n'))
	})
}

// readOnly says in a header of each answer when the database takes no writes: what is
// read may be a little old, and writing has to wait.
func readOnly(o Options, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !o.Database.Writable() {
			w.Header().Set("Warning", `199 - "the database takes no writes: what is read may be a little old, and writing has to wait"`)
		}
		next.ServeHTTP(w, r)
	})
}

// text serves what does not change while the process runs.
func text(mediaType, content string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write([]byte(content))
	})
}

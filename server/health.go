package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// pingTimeout is how long the database may take before it counts as gone.
const pingTimeout = 2 * time.Second

// alive says that the process answers.
func alive() http.Handler {
	return text("application/json; charset=utf-8", `{"status":"ok"}`+"\n")
}

// readiness is what /readyz says.
type readiness struct {
	Status   string      `json:"status"` // ready, or unavailable
	Version  string      `json:"version"`
	Database componentOK `json:"database"`
	Index    IndexHealth `json:"index"`
}

type componentOK struct {
	OK bool `json:"ok"`
}

// ready reports whether requests can be answered: 200 where the database answers
// and the index can be searched, else 503. Why not is for the log.
func ready(o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pingTimeout)
		defer cancel()
		err := o.Database.Ping(ctx)
		if err != nil {
			o.Log.LogAttrs(r.Context(), slog.LevelWarn, "the database does not answer", slog.Any("error", err))
		}
		state := readiness{Status: "ready", Version: o.Version, Database: componentOK{err == nil}, Index: o.Index.Health(ctx)}
		status := http.StatusOK
		if err != nil || !state.Index.Ready {
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

// text serves what does not change while the process runs.
func text(mediaType, content string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write([]byte(content))
	})
}

package sitetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"

	"github.com/jisiguangyi/jisi/web"
)

// Changed returns a querier for the pages that asks a server's API as any client does
// and returns what change makes of the answer. It is safe for concurrent use where
// change is.
func Changed(server http.Handler, change func(any) any) web.Querier {
	return changed{server, change}
}

type changed struct {
	server http.Handler
	change func(any) any
}

func (q changed) Query(ctx context.Context, document, _ string, variables map[string]any) (json.RawMessage, []web.GraphQLError) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	q.server.ServeHTTP(w, r)
	var answer struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Extensions map[string]any
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		panic(err)
	}
	var problems []web.GraphQLError
	for _, e := range answer.Errors {
		problems = append(problems, web.GraphQLError{Code: fmt.Sprint(e.Extensions["code"]), Message: e.Message})
	}
	data, err := json.Marshal(q.change(answer.Data))
	if err != nil {
		panic(err)
	}
	return data, problems
}

// Hostile is what a record might hold to become more than text. It ends with a
// mark that turns the direction of what follows. Each of its scripts calls
// alert.
const Hostile = `<script>alert(1)</script>"><img src=x onerror=alert(1)>' onclick='alert(1)' javascript:alert(1)` + "\u202e"

// notText are fields that are no text of a record's: they are checked when they
// are written.
var notText = []string{
	"slug", "code", "id", "__typename", "kind", "of", "ofSlug", "origin", "level", "status", "role", "phase", "resolution", "satisfaction",
	"endCursor", "startCursor", "startedOn", "endedOn", "occurredOn", "adoptedOn", "publishedOn", "asOf", "at", "createdAt", "updatedAt",
	"key", "field", "path", "parent",
}

// Spoil puts the hostile text behind every text of an answer, and returns every
// case a link that is a script.
func Spoil(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if s, ok := value.(string); ok && key == "url" {
				v[key] = "javascript:alert(1)//" + s
			} else if !slices.Contains(notText, key) || !isString(value) {
				v[key] = Spoil(value)
			}
		}
		if _, ok := v["links"]; ok {
			v["links"] = []any{map[string]any{"title": Hostile, "url": "javascript:alert(1)"}}
		}
	case []any:
		for i, value := range v {
			v[i] = Spoil(value)
		}
	case string:
		return v + Hostile
	}
	return v
}

func isString(v any) bool {
	_, ok := v.(string)
	return ok
}

// MadeUp makes every record of an answer one that a generator made.
func MadeUp(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = MadeUp(value)
		}
		if _, ok := v["origin"]; ok {
			v["origin"] = "SYNTHETIC"
		}
	case []any:
		for i, value := range v {
			v[i] = MadeUp(value)
		}
	}
	return v
}

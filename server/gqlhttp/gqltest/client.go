// Package gqltest is for the tests of what serves GraphQL over HTTP: a small schema
// with all that goes right and wrong, and clients that ask for it. The real schema is
// tested in e2e.
package gqltest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Post sends a body as JSON and returns the answer; headers are names and values in
// turn.
func Post(t *testing.T, h http.Handler, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return Do(h, r)
}

// Do returns the answer to a request.
func Do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Query sends a query text and returns the answer.
func Query(t *testing.T, h http.Handler, text string) *httptest.ResponseRecorder {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": text})
	if err != nil {
		t.Fatal(err)
	}
	return Post(t, h, string(body))
}

// Answer is an answer to an operation.
type Answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
}

// Decode reads an answer.
func Decode(t *testing.T, body io.Reader) Answer {
	t.Helper()
	var a Answer
	if err := json.NewDecoder(body).Decode(&a); err != nil {
		t.Fatalf("the answer is not JSON: %v", err)
	}
	return a
}

// Code returns the code of the only error, or "" where there is none.
func (a Answer) Code(t *testing.T) string {
	t.Helper()
	if len(a.Errors) == 0 {
		return ""
	}
	if len(a.Errors) > 1 {
		t.Errorf("%d errors: %v", len(a.Errors), a.Errors)
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

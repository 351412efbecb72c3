package web

import "net/http"

// releaseVariables reads the name of a release from the address.
func releaseVariables(r *http.Request) (map[string]any, error) {
	return map[string]any{"name": r.PathValue("name")}, nil
}

package web

import "net/http"

// tombstonePage says what stood where a record has been withdrawn. It has an
// address of its own only for pages to be listed with; it is shown, with the
// status 410, at the record's own.
var tombstonePage = page{name: "tombstone", path: "/withdrawn/{folder}/{slug}", record: "withdrawn", variables: tombstoneVariables}

func tombstoneVariables(r *http.Request) (map[string]any, error) {
	return map[string]any{"path": "/" + r.PathValue("folder") + "/" + r.PathValue("slug")}, nil
}

// gone answers for a record that was withdrawn, and reports whether there is
// anything to be told of it.
func (s *site) gone(w http.ResponseWriter, r *http.Request, p page) bool {
	if p.record == "" || p.record == tombstonePage.record || r.PathValue("slug") == "" {
		return false
	}
	of := tombstonePage
	of.nav = p.nav
	of.variables = func(r *http.Request) (map[string]any, error) { return map[string]any{"path": r.URL.Path}, nil }
	v, err := s.ask(of, r)
	if err != nil {
		return false // then it is just not there
	}
	s.write(w, r, http.StatusGone, of.name, v)
	return true
}

package web

import (
	"net/http"

	"github.com/jisiguangyi/jisi/catalog"
)

// tombstonePage says what stood where a record has been withdrawn. It has an
// address of its own only for pages to be listed with; it is shown, with the
// status 410, at the record's own.
var tombstonePage = page{name: "tombstone", path: "/withdrawn/{kind}/{slug}", record: "tombstone", variables: tombstoneVariables}

// withdrawnKinds are the kinds whose permalinks leave something behind, by the
// root field of their page.
var withdrawnKinds = map[string]catalog.RecordKind{
	"case": catalog.KindCase, "proposal": catalog.KindProposal, "brand": catalog.KindBrand, "practice": catalog.KindPractice,
	"person": catalog.KindPerson, "venue": catalog.KindVenue, "activity": catalog.KindActivity,
}

func tombstoneVariables(r *http.Request) (map[string]any, error) {
	kind, ok := withdrawnKinds[r.PathValue("kind")]
	if !ok {
		return nil, errNoPage
	}
	return map[string]any{"kind": string(kind), "slug": r.PathValue("slug")}, nil
}

// gone answers for a record that was withdrawn, and reports whether there is
// anything to be told of it.
func (s *site) gone(w http.ResponseWriter, r *http.Request, p page) bool {
	if _, ok := withdrawnKinds[p.record]; !ok || r.PathValue("slug") == "" {
		return false
	}
	of := tombstonePage
	of.nav = p.nav
	of.variables = func(r *http.Request) (map[string]any, error) {
		return map[string]any{"kind": string(withdrawnKinds[p.record]), "slug": r.PathValue("slug")}, nil
	}
	v, err := s.ask(of, r)
	if err != nil {
		return false // then it is just not there
	}
	s.write(w, r, http.StatusGone, of.name, v)
	return true
}

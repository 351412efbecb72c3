package web

import (
	"net/http"
)

// committeeExtra is what the page of a committee needs besides its data.
type committeeExtra struct {
	pager
	Follow *following
	Writes bool           // the reader may write whom to call
	Own    map[string]any // its proposals, practices and rounds of evaluation
}

// committeesOwn asks for what lists are filtered for by the id of a committee, which the
// page's document has from its answer only.
const committeesOwn = `query CommitteesOwn($of: [ID!]!) {
  proposals(filter: {committees: $of}, first: 100) { totalCount nodes { slug title origin year isKey resolution } }
  practices(committees: $of, first: 100) { totalCount nodes { slug title origin } }
  evaluationRounds(filter: {committees: $of}, first: 100) { totalCount nodes { slug year origin departments evaluations(first: 1) { totalCount } } }
}`

func shapeCommittee(v *view, r *http.Request) error {
	c := object(v.Data["committee"])
	f, err := followingOf(v, r, "committee", text(c["id"]))
	if err != nil {
		return err
	}
	data, failed := v.query.Query(r.Context(), committeesOwn, "", map[string]any{"of": []any{c["id"]}})
	if len(failed) > 0 {
		return &queryError{page: "committee", errors: failed}
	}
	own, err := decode(data)
	v.Extra = committeeExtra{pagerOf(r, c["cases"]), f, mayContact(r, c), own}
	return err
}

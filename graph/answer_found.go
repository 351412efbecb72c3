package graph

import (
	"encoding/json"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// What is written of each type that the index's answers are made of, a line a
// field. What is not here, the resolvers answer.

var searchFields = fields[*foundPage]{
	"edges": func(w *answerText, sel *catalog.Selection, p *foundPage) error {
		return objects(w, "SearchEdge", edgeFields, sel, p.hits())
	},
	"pageInfo": func(w *answerText, sel *catalog.Selection, p *foundPage) error {
		return object(w, "PageInfo", pageInfoFields, sel.Below, hitsPage(p.shown, p.SearchPage, p.before))
	},
	"totalCount": numberField(func(p *foundPage) int { return p.Total }),
	"facets": func(w *answerText, sel *catalog.Selection, p *foundPage) error {
		return object(w, "SearchFacets", facetFields, sel.Below, p.facets)
	},
	"terms":      func(w *answerText, _ *catalog.Selection, p *foundPage) error { return w.texts(p.Terms) },
	"absent":     func(w *answerText, _ *catalog.Selection, p *foundPage) error { return w.texts(p.Absent) },
	"meaning":    textField(func(p *foundPage) string { return string(meaningOf(p.SearchPage)) }),
	"correction": optionalField(func(p *foundPage) *string { return correction(p.SearchPage) }),
}

var edgeFields = fields[foundHit]{
	"cursor": textField(func(h foundHit) string { return h.Cursor }),
	"score":  func(w *answerText, _ *catalog.Selection, h foundHit) error { return w.float(h.Score) },
	"node":   func(w *answerText, sel *catalog.Selection, h foundHit) error { return w.raw(h.records[sel][h.ID]) },
	"highlights": func(w *answerText, sel *catalog.Selection, h foundHit) error {
		return objects(w, "Highlight", highlightFields, sel, h.Highlights)
	},
}

var highlightFields = fields[catalog.Highlight]{
	"field":    textField(func(h catalog.Highlight) string { return h.Field }),
	"fragment": textField(func(h catalog.Highlight) string { return h.Fragment }),
	"ranges": func(w *answerText, sel *catalog.Selection, h catalog.Highlight) error {
		return objects(w, "TextRange", rangeFields, sel, h.Ranges)
	},
	"section": func(w *answerText, sel *catalog.Selection, h catalog.Highlight) error {
		if h.Section == nil {
			return w.raw(json.RawMessage("null"))
		}
		return object(w, "Section", sectionFields, sel.Below, h.Section)
	},
	"start": func(w *answerText, sel *catalog.Selection, h catalog.Highlight) error {
		if h.Start == nil {
			return w.raw(json.RawMessage("null"))
		}
		return w.raw(strconv.AppendInt(w.AvailableBuffer(), int64(*h.Start), 10))
	},
}

var sectionFields = fields[*catalog.Section]{
	"title": textField(func(s *catalog.Section) string { return s.Title }),
	"start": numberField(func(s *catalog.Section) int { return s.Start }),
	"end":   numberField(func(s *catalog.Section) int { return s.End }),
}

var rangeFields = fields[catalog.TextRange]{
	"start": numberField(func(r catalog.TextRange) int { return r.Start }),
	"end":   numberField(func(r catalog.TextRange) int { return r.End }),
}

var pageInfoFields = fields[*model.PageInfo]{
	"hasNextPage":     truthField(func(p *model.PageInfo) bool { return p.HasNextPage }),
	"hasPreviousPage": truthField(func(p *model.PageInfo) bool { return p.HasPreviousPage }),
	"startCursor":     optionalField(func(p *model.PageInfo) *string { return p.StartCursor }),
	"endCursor":       optionalField(func(p *model.PageInfo) *string { return p.EndCursor }),
}

var bucketFields = fields[*model.Bucket]{
	"key":   textField(func(b *model.Bucket) string { return b.Key }),
	"label": textField(func(b *model.Bucket) string { return b.Label }),
	"count": numberField(func(b *model.Bucket) int { return b.Count }),
}

var peerFields = fields[foundPeer]{
	"case":  func(w *answerText, sel *catalog.Selection, p foundPeer) error { return w.raw(p.records[sel][p.ID]) },
	"score": func(w *answerText, _ *catalog.Selection, p foundPeer) error { return w.float(p.Score) },
	"reasons": func(w *answerText, sel *catalog.Selection, p foundPeer) error {
		return objects(w, "Reason", reasonFields, sel, p.Reasons)
	},
}

var reasonFields = fields[catalog.Reason]{
	"kind": textField(func(r catalog.Reason) string { return string(r.Kind) }),
	"text": textField(func(r catalog.Reason) string { return r.Text }),
}

var suggestionFields = fields[catalog.Suggestion]{
	"text":   textField(func(s catalog.Suggestion) string { return s.Text }),
	"kind":   textField(func(s catalog.Suggestion) string { return string(s.Kind) }),
	"slug":   textField(func(s catalog.Suggestion) string { return s.Slug }),
	"of":     textField(func(s catalog.Suggestion) string { return string(s.Of) }),
	"ofSlug": textField(func(s catalog.Suggestion) string { return s.OfSlug }),
	"ranges": func(w *answerText, sel *catalog.Selection, s catalog.Suggestion) error {
		return objects(w, "TextRange", rangeFields, sel, s.Ranges)
	},
}

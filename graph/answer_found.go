package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// A search is answered at once too: the index is asked, and the records found
// come from the store by one statement, whatever is selected of them, already
// written. Whatever is wrong with a search is left to the resolvers to tell.

// finders are the fields of a query that ask the index.
var finders = map[string]func(*finding, *catalog.Selection) bool{
	"search": (*finding).search, "learn": (*finding).learn, "suggest": (*finding).suggest,
}

func asksIndex(sel catalog.Selection) bool { return finders[sel.Field] != nil }

// find writes what a field that asks the index gives.
func (a *AtOnce) find(ctx context.Context, t *answerText, sel *catalog.Selection) bool {
	return finders[sel.Field](&finding{ctx, a, t}, sel)
}

// finding is one field being answered.
type finding struct {
	ctx context.Context
	*AtOnce
	*answerText
}

// decode reads a field's arguments, which have been validated, into a struct
// with fields of their names.
func (f *finding) decode(sel *catalog.Selection, into any) bool {
	d := json.NewDecoder(bytes.NewReader(sel.Args))
	d.DisallowUnknownFields()
	return d.Decode(into) == nil
}

func (f *finding) search(sel *catalog.Selection) bool {
	var args searchArgs
	if !f.decode(sel, &args) {
		return false
	}
	want := selectedBelow(sel)
	found, err := f.Resolver.found(f.ctx, args, want)
	if err != nil {
		return false
	}
	records, ok := f.records(found.Hits, nodesOf(sel))
	if !ok {
		return false
	}
	var facets *model.SearchFacets
	if want["facets"] {
		if facets, err = f.Resolver.searchFacets(f.ctx, want, found); err != nil {
			return false
		}
	}
	hits := slices.DeleteFunc(found.Hits, func(h catalog.Hit) bool { return !records.has(h.ID) })
	return f.object("SearchConnection", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "edges":
			return list(f.answerText, hits, func(h catalog.Hit) bool { return f.edge(sel, h, records) })
		case "pageInfo":
			return f.pageInfo(sel, hitsPage(hits, found, args.After != nil))
		case "totalCount":
			return f.number(found.Total)
		case "facets":
			return f.facets(sel, facets)
		case "terms":
			return f.texts(found.Terms)
		case "correction":
			return f.textOrNull(correction(found))
		}
		return false
	})
}

// selectedBelow is what selected says of a field, of a selection.
func selectedBelow(sel *catalog.Selection) map[string]bool {
	want := map[string]bool{}
	for _, field := range sel.Below {
		want[field.Field] = true
		for _, sub := range field.Below {
			want[field.Field+"."+sub.Field] = true
		}
	}
	return want
}

// nodesOf gives the selections of a connection's records: most often one.
func nodesOf(sel *catalog.Selection) (nodes []*catalog.Selection) {
	for i := range sel.Below {
		if sel.Below[i].Field != "edges" {
			continue
		}
		for j := range sel.Below[i].Below {
			if node := &sel.Below[i].Below[j]; node.Field == "node" {
				nodes = append(nodes, node)
			}
		}
	}
	return nodes
}

// written has what is selected of records, for each selection of them.
type written map[*catalog.Selection]map[catalog.ID]json.RawMessage

// has reports whether a record was there for each selection: one may be withdrawn
// between two statements.
func (w written) has(id catalog.ID) bool {
	for _, data := range w {
		if data[id] == nil {
			return false
		}
	}
	return true
}

// records reads what is selected of hits, a statement a selection; where there is
// none, one says which of them are there.
func (f *finding) records(hits []catalog.Hit, selections []*catalog.Selection) (written, bool) {
	ids := map[catalog.RecordKind][]catalog.ID{}
	for _, h := range hits {
		ids[h.Kind] = append(ids[h.Kind], h.ID)
	}
	if len(selections) == 0 {
		selections = []*catalog.Selection{{}}
	}
	w := make(written, len(selections))
	for _, sel := range selections {
		data, ok := f.Answerer.AnswerRecords(f.ctx, ids, byKindOf(sel))
		if !ok {
			return nil, false
		}
		w[sel] = data
	}
	return w, true
}

// byKindOf gives what is selected of records by their kind, also where the schema
// has them of one kind only: then they are cases, as peers are.
func byKindOf(sel *catalog.Selection) map[catalog.RecordKind][]catalog.Selection {
	if sel.On == nil {
		return map[catalog.RecordKind][]catalog.Selection{catalog.KindCase: sel.Below}
	}
	return sel.On
}

func (f *finding) edge(sel *catalog.Selection, h catalog.Hit, records written) bool {
	return f.object("SearchEdge", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "cursor":
			return f.text(h.Cursor)
		case "score":
			return f.float(f.ctx, h.Score)
		case "node":
			return f.raw(records[sel][h.ID])
		case "highlights":
			return list(f.answerText, h.Highlights, func(h catalog.Highlight) bool { return f.highlight(sel, h) })
		}
		return false
	})
}

func (f *finding) highlight(sel *catalog.Selection, h catalog.Highlight) bool {
	return f.object("Highlight", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "field":
			return f.text(h.Field)
		case "fragment":
			return f.text(h.Fragment)
		case "ranges":
			return f.ranges(sel, h.Ranges)
		}
		return false
	})
}

func (f *finding) ranges(sel *catalog.Selection, ranges []catalog.TextRange) bool {
	return list(f.answerText, ranges, func(r catalog.TextRange) bool {
		return f.object("TextRange", sel.Below, func(sel *catalog.Selection) bool {
			switch sel.Field {
			case "start":
				return f.number(r.Start)
			case "end":
				return f.number(r.End)
			}
			return false
		})
	})
}

func (f *finding) pageInfo(sel *catalog.Selection, p *model.PageInfo) bool {
	return f.object("PageInfo", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "hasNextPage":
			return f.truth(p.HasNextPage)
		case "hasPreviousPage":
			return f.truth(p.HasPreviousPage)
		case "startCursor":
			return f.textOrNull(p.StartCursor)
		case "endCursor":
			return f.textOrNull(p.EndCursor)
		}
		return false
	})
}

func (f *finding) facets(sel *catalog.Selection, facets *model.SearchFacets) bool {
	return f.object("SearchFacets", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "kinds":
			return f.buckets(sel, facets.Kinds)
		case "regions":
			return f.buckets(sel, facets.Regions)
		case "levels":
			return f.buckets(sel, facets.Levels)
		case "topics":
			return f.buckets(sel, facets.Topics)
		case "brands":
			return f.buckets(sel, facets.Brands)
		case "years":
			return f.buckets(sel, facets.Years)
		case "origins":
			return f.buckets(sel, facets.Origins)
		}
		return false
	})
}

func (f *finding) buckets(sel *catalog.Selection, buckets []*model.Bucket) bool {
	return list(f.answerText, buckets, func(b *model.Bucket) bool {
		return f.object("Bucket", sel.Below, func(sel *catalog.Selection) bool {
			switch sel.Field {
			case "key":
				return f.text(b.Key)
			case "label":
				return f.text(b.Label)
			case "count":
				return f.number(b.Count)
			}
			return false
		})
	})
}

func (f *finding) learn(sel *catalog.Selection) bool {
	var args learnArgs
	if !f.decode(sel, &args) {
		return false
	}
	peers, err := f.Resolver.peersFor(f.ctx, args)
	if err != nil {
		return false
	}
	hits := make([]catalog.Hit, len(peers))
	for i, p := range peers {
		hits[i] = catalog.Hit{ID: p.ID, Kind: catalog.KindCase}
	}
	records, ok := f.records(hits, peerCasesOf(sel))
	if !ok {
		return false
	}
	peers = slices.DeleteFunc(peers, func(p catalog.PeerHit) bool { return !records.has(p.ID) })
	return list(f.answerText, peers, func(p catalog.PeerHit) bool { return f.peer(sel, p, records) })
}

// peerCasesOf gives the selections of the peers' cases.
func peerCasesOf(sel *catalog.Selection) (cases []*catalog.Selection) {
	for i := range sel.Below {
		if c := &sel.Below[i]; c.Field == "case" {
			cases = append(cases, c)
		}
	}
	return cases
}

func (f *finding) peer(sel *catalog.Selection, p catalog.PeerHit, records written) bool {
	return f.object("PeerCase", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "case":
			return f.raw(records[sel][p.ID])
		case "score":
			return f.float(f.ctx, p.Score)
		case "reasons":
			return list(f.answerText, p.Reasons, func(r catalog.Reason) bool { return f.reason(sel, r) })
		}
		return false
	})
}

func (f *finding) reason(sel *catalog.Selection, r catalog.Reason) bool {
	return f.object("Reason", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "kind":
			return f.text(string(r.Kind))
		case "text":
			return f.text(r.Text)
		}
		return false
	})
}

func (f *finding) suggest(sel *catalog.Selection) bool {
	var args suggestArgs
	if !f.decode(sel, &args) {
		return false
	}
	found, err := f.Resolver.completions(f.ctx, args)
	return err == nil && list(f.answerText, found, func(s catalog.Suggestion) bool { return f.suggestion(sel, s) })
}

func (f *finding) suggestion(sel *catalog.Selection, s catalog.Suggestion) bool {
	return f.object("Suggestion", sel.Below, func(sel *catalog.Selection) bool {
		switch sel.Field {
		case "text":
			return f.text(s.Text)
		case "kind":
			return f.text(string(s.Kind))
		case "slug":
			return f.text(s.Slug)
		case "of":
			return f.text(string(s.Of))
		case "ofSlug":
			return f.text(s.OfSlug)
		case "ranges":
			return f.ranges(sel, s.Ranges)
		}
		return false
	})
}

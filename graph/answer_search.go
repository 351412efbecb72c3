package graph

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// A search is answered past the resolvers too: the index is asked, and the records
// found come from the Answerer by one statement, whatever is selected of them,
// already written. Whatever is wrong with a search is left to the resolvers to
// tell. What is written of each type is a table in answer_found.go.

// finders are the fields of a query that ask the index.
var finders = map[string]func(*finding, context.Context, *catalog.Selection) error{
	"search": (*finding).search, "learn": (*finding).learn, "suggest": (*finding).suggest,
}

func asksIndex(sel catalog.Selection) bool { return finders[sel.Field] != nil }

// find writes what a field that asks the index shows.
func (a *FastPath) find(ctx context.Context, t *answerText, sel *catalog.Selection, memo *indexMemo) error {
	return finders[sel.Field](&finding{a, t, memo}, ctx, sel)
}

// finding is one field being answered, within one call.
type finding struct {
	*FastPath
	*answerText
	memo *indexMemo
}

// decode reads a field's arguments, which have been validated, into a struct
// with fields of their names.
func (f *finding) decode(sel *catalog.Selection, into any) error {
	d := json.NewDecoder(bytes.NewReader(sel.Args))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		return &unanswered{"Query." + sel.Field, "arguments that are none"}
	}
	return nil
}

func (f *finding) search(ctx context.Context, sel *catalog.Selection) error {
	var args searchArgs
	if err := f.decode(sel, &args); err != nil {
		return err
	}
	want := selectedBelow(sel)
	found, err := ask(f.memo, sel.Key, func() (*catalog.SearchPage, error) { return f.Resolver.found(ctx, args, want) })
	if err != nil {
		return err
	}
	records, err := f.records(ctx, found.Hits, nodesOf(sel))
	if err != nil {
		return err
	}
	page := &foundPage{SearchPage: found, records: records, before: args.After != nil}
	if want["facets"] {
		if page.facets, err = f.Resolver.searchFacets(ctx, want, found); err != nil {
			return err
		}
	}
	for _, h := range found.Hits {
		if records.has(h.ID) {
			page.shown = append(page.shown, h)
		}
	}
	return object(f.answerText, "SearchConnection", searchFields, sel.Below, page)
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

// nodesOf returns the selections of a connection's records: most often one.
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
func (f *finding) records(ctx context.Context, hits []catalog.Hit, selections []*catalog.Selection) (written, error) {
	ids := map[catalog.RecordKind][]catalog.ID{}
	for _, h := range hits {
		ids[h.Kind] = append(ids[h.Kind], h.ID)
	}
	if len(selections) == 0 {
		selections = []*catalog.Selection{{}}
	}
	w := make(written, len(selections))
	for _, sel := range selections {
		data, err := f.Answerer.AnswerRecords(ctx, ids, byKindOf(sel))
		if err != nil {
			return nil, err
		}
		w[sel] = data
	}
	return w, nil
}

// byKindOf returns what is selected of records by their kind, also where the schema
// has them of one kind only: then they are cases, as peers are.
func byKindOf(sel *catalog.Selection) map[catalog.RecordKind][]catalog.Selection {
	if sel.On == nil {
		return map[catalog.RecordKind][]catalog.Selection{catalog.KindCase: sel.Below}
	}
	return sel.On
}

func (f *finding) learn(ctx context.Context, sel *catalog.Selection) error {
	var args learnArgs
	if err := f.decode(sel, &args); err != nil {
		return err
	}
	peers, err := ask(f.memo, sel.Key, func() ([]catalog.PeerHit, error) { return f.Resolver.peersFor(ctx, args) })
	if err != nil {
		return err
	}
	hits := make([]catalog.Hit, len(peers))
	for i, p := range peers {
		hits[i] = catalog.Hit{ID: p.ID, Kind: catalog.KindCase}
	}
	records, err := f.records(ctx, hits, peerCasesOf(sel))
	if err != nil {
		return err
	}
	shown := make([]foundPeer, 0, len(peers))
	for _, p := range peers {
		if records.has(p.ID) {
			shown = append(shown, foundPeer{p, records})
		}
	}
	return list(f.answerText, shown, func(p foundPeer) error { return object(f.answerText, "PeerCase", peerFields, sel.Below, p) })
}

// peerCasesOf returns the selections of the peers' cases.
func peerCasesOf(sel *catalog.Selection) (cases []*catalog.Selection) {
	for i := range sel.Below {
		if c := &sel.Below[i]; c.Field == "case" {
			cases = append(cases, c)
		}
	}
	return cases
}

func (f *finding) suggest(ctx context.Context, sel *catalog.Selection) error {
	var args suggestArgs
	if err := f.decode(sel, &args); err != nil {
		return err
	}
	found, err := ask(f.memo, sel.Key, func() ([]catalog.Suggestion, error) { return f.Resolver.completions(ctx, args) })
	if err != nil {
		return err
	}
	return objects(f.answerText, "Suggestion", suggestionFields, sel, found)
}

// foundPage is a page of hits with what is shown of them.
type foundPage struct {
	*catalog.SearchPage
	shown   []catalog.Hit // those whose records are there
	records written
	facets  *model.SearchFacets
	before  bool // there is a page before this one
}

// foundHit and foundPeer are one hit with the records that were read.
type (
	foundHit struct {
		catalog.Hit
		records written
	}
	foundPeer struct {
		catalog.PeerHit
		records written
	}
)

func (p *foundPage) hits() []foundHit {
	hits := make([]foundHit, len(p.shown))
	for i, h := range p.shown {
		hits[i] = foundHit{h, p.records}
	}
	return hits
}

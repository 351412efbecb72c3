package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/web/changes"
)

// workflow is what its writers see of a record: what they may do with it, and
// what is new in it.
type workflow struct {
	Of        catalog.RecordKind
	Path      string // of the noun's pages
	Record    map[string]any
	Done      string // what was done just now
	From      string // where its buttons lead back to, "" for its page
	Acts      bool   // there is something to do
	Returned  string // why it was returned, "" where it was not
	Review    *review
	Revisions []revision
	Withdrawn *withdrawal // of an archived record
}

// review is what changed since the record was last published.
type review struct {
	Since   int // that version, 0 where there is none
	Changes []changes.Change
}

// revision is one change of a record, for its readers.
type revision struct {
	Version        int
	At, By, Reason any
	First          bool
	Changes        []changes.Change
}

func workflowOf(n noun, v *view, r *http.Request) (workflow, error) {
	c := object(v.Data[n.root])
	w := workflow{Of: n.kind, Path: n.path, Record: c, Done: doneLabels[r.URL.Query().Get("done")]}
	may := func(action catalog.Action) bool { return slices.Contains(list(c["actions"]), any(string(action))) }
	for _, action := range catalog.Actions {
		w.Acts = w.Acts || action != catalog.ActionRead && may(action)
	}
	revisions := list(object(c["revisions"])["nodes"])
	if c["status"] == string(catalog.StatusDraft) && len(revisions) > 0 {
		if reason := text(object(revisions[0])["reason"]); reason != takenBack {
			w.Returned = reason
		}
	}
	since, reviewed := sincePublished(revisions)
	var all []fieldChange
	for _, one := range revisions {
		all = append(all, changesOf(one)...)
	}
	names, err := namesOf(r.Context(), v.query, n.kind, all)
	if err != nil {
		return w, err
	}
	if c["status"] == string(catalog.StatusArchived) {
		w.Withdrawn = withdrawnFrom(n.kind, revisions, names)
	}
	if may(catalog.ActionPublish) {
		w.Review = &review{Since: since, Changes: told(n.kind, reviewed, names)}
	}
	for _, one := range revisions {
		o := object(one)
		version := whole(o["version"])
		w.Revisions = append(w.Revisions, revision{
			Version: version, At: o["at"], By: o["by"], Reason: o["reason"], First: version == 1, Changes: told(n.kind, changesOf(one), names),
		})
	}
	return w, nil
}

// withdrawal is what is told of an archived record: since when it is public no more, nil
// where it never was, and which record holds now what it held.
type withdrawal struct {
	Since      any
	Unknown    bool // there are more revisions than the page has, and none of these was public
	Kind, Slug string
	Name       string
}

// withdrawnFrom reads it off the revisions, which come newest first.
func withdrawnFrom(kind catalog.RecordKind, revisions []any, names changes.Names) *withdrawal {
	w := &withdrawal{}
	var after any
	for _, one := range revisions {
		o := object(one)
		if o["status"] == string(catalog.StatusPublished) {
			w.Since = after
			break
		}
		after = o["at"]
		w.Unknown = whole(o["version"]) > 1
		for _, c := range changesOf(one) {
			if c.path != "leadsTo" || w.Slug != "" {
				continue
			}
			for _, named := range changes.References(kind, c.path, c.after) {
				w.Kind, w.Slug, w.Name = string(named.Kind), named.Slug, names[named]
			}
		}
	}
	return w
}

// fieldChange is what a change did to one of a record's fields, in JSON; "" is
// nothing.
type fieldChange struct{ path, before, after string }

// changesOf are a revision's changes.
func changesOf(revision any) []fieldChange {
	var all []fieldChange
	for _, change := range list(object(revision)["fields"]) {
		c := object(change)
		all = append(all, fieldChange{text(c["path"]), text(c["before"]), text(c["after"])})
	}
	return all
}

// told says what changed in the words of its readers, in the order in which the
// catalog describes the fields.
func told(kind catalog.RecordKind, all []fieldChange, names changes.Names) []changes.Change {
	place := func(path string) int {
		return slices.IndexFunc(catalog.NounOf(kind).Fields, func(f catalog.NounField) bool { return f.Name == path })
	}
	slices.SortStableFunc(all, func(a, b fieldChange) int { return cmp.Compare(place(a.path), place(b.path)) })
	var out []changes.Change
	for _, c := range all {
		if c.path != "slug" { // the address of a page is no news to its reader
			out = append(out, changes.Of(kind, c.path, c.before, c.after, names))
		}
	}
	return out
}

// sincePublished puts the changes together that came after the last published
// version, which is 0 where there is none: of a field that changed several times,
// what it was at first and is at last. Revisions come newest first; the first of
// all is a whole record and no change.
func sincePublished(revisions []any) (since int, all []fieldChange) {
	at := map[string]*fieldChange{}
	var paths []string
	for _, revision := range revisions {
		one := object(revision)
		if one["status"] == string(catalog.StatusPublished) {
			since = whole(one["version"])
			break
		}
		if whole(one["version"]) == 1 {
			break
		}
		for _, c := range changesOf(revision) {
			if later, ok := at[c.path]; ok {
				later.before = c.before
				continue
			}
			paths = append(paths, c.path)
			at[c.path] = &c
		}
	}
	for _, path := range paths {
		if c := at[path]; path != "status" && c.before != c.after {
			all = append(all, *c)
		}
	}
	return since, all
}

// lookups are how the name of a record of each kind is asked for.
var lookups = map[catalog.RecordKind]string{
	catalog.KindCommittee: "committee(slug: %s) { name }", catalog.KindRegion: "region(code: %s) { name }", catalog.KindBrand: "brand(slug: %s) { name }",
	catalog.KindTopic: "topic(slug: %s) { name }", catalog.KindPerson: "person(slug: %s) { name }", catalog.KindCase: "case(slug: %s) { name: title }",
	catalog.KindProposal: "proposal(slug: %s) { name: title }", catalog.KindNeed: "need(slug: %s) { name: problem }", catalog.KindSource: "source(slug: %s) { name: title }",
	catalog.KindPractice: "practice(slug: %s) { name: title }",
	catalog.KindVenue:    "venue(slug: %s) { name }", catalog.KindActivity: "activity(slug: %s) { name: title }",
}

// maxNames bounds how many records' names are looked up for one page.
const maxNames = 200

// namesOf looks up what the records are called that changes name. One that the
// reader may not see, or that is gone, has no name.
func namesOf(ctx context.Context, query Querier, kind catalog.RecordKind, all []fieldChange) (changes.Names, error) {
	var asked []changes.Named
	for _, c := range all {
		for _, named := range changes.References(kind, c.path, c.before, c.after) {
			if lookups[named.Kind] != "" && !slices.Contains(asked, named) && len(asked) < maxNames {
				asked = append(asked, named)
			}
		}
	}
	names := changes.Names{}
	for some := range slices.Chunk(asked, namesAtOnce) {
		if err := lookUp(ctx, query, some, names); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// namesAtOnce is how many records one query asks for the names of: two aliases each, and
// a query may have 50.
const namesAtOnce = 20

// lookUp puts what the records are called into names.
func lookUp(ctx context.Context, query Querier, asked []changes.Named, names changes.Names) error {
	var variables, fields strings.Builder
	values := map[string]any{}
	for i, named := range asked {
		fmt.Fprintf(&variables, " $n%d: String!", i)
		fmt.Fprintf(&fields, " n%d: "+lookups[named.Kind], i, fmt.Sprintf("$n%d", i))
		values[fmt.Sprintf("n%d", i)] = named.Slug
	}
	data, failed := query.Query(ctx, "query Names("+variables.String()+") {"+fields.String()+" }", "", values)
	if len(failed) > 0 {
		return &queryError{page: "names", errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return fmt.Errorf("reading the names of %d records: %w", len(asked), err)
	}
	for i, named := range asked {
		if name := text(object(found[fmt.Sprintf("n%d", i)])["name"]); name != "" {
			names[named] = name
		}
	}
	return nil
}

// brandExtra is what the page of a record with a list needs besides its data.
type brandExtra struct {
	pager
	Workflow workflow
}

func shapeBrand(v *view, r *http.Request) error {
	w, err := workflowOf(brandNoun, v, r)
	v.Extra = brandExtra{pagerOf(r, object(v.Data["brand"])["cases"]), w}
	return err
}

func shapeProposal(v *view, r *http.Request) error {
	w, err := workflowOf(proposalNoun, v, r)
	v.Extra = w
	return err
}

// shapeOf works out what the page of a noun's record needs: the pages of its list of
// that name, and what its writers see.
func shapeOf(n noun, connection string) func(v *view, r *http.Request) error {
	return func(v *view, r *http.Request) error {
		w, err := workflowOf(n, v, r)
		v.Extra = brandExtra{pagerOf(r, object(v.Data[n.root])[connection]), w}
		return err
	}
}

package web

import (
	"net/http"
	"strings"
)

// branch is a record with those below it.
type branch struct {
	Record map[string]any
	Below  []*branch
}

// grow puts records below their parents, in their order. One whose parent is
// not among them stands at the top.
func grow(records []any) []*branch {
	bySlug := map[string]*branch{}
	for _, record := range records {
		r := object(record)
		bySlug[text(r["slug"])] = &branch{Record: r}
	}
	var top []*branch
	for _, record := range records {
		r := object(record)
		b := bySlug[text(r["slug"])]
		if parent, ok := bySlug[text(object(r["parent"])["slug"])]; ok && !parent.within(b) {
			parent.Below = append(parent.Below, b)
		} else {
			top = append(top, b)
		}
	}
	return top
}

// within reports whether b is the branch or one below it: a parent that is below
// its own child would take both out of the tree.
func (b *branch) within(other *branch) bool {
	if b == other {
		return true
	}
	for _, below := range other.Below {
		if b.within(below) {
			return true
		}
	}
	return false
}

// treeExtra is a tree, and the pages beside its own.
type treeExtra struct {
	Tree  []*branch
	Pages pager
}

// listSize is how many records a list's page has.
const listSize = 100

// pageVariables reads which page of a list the address asks for.
func pageVariables(r *http.Request) (map[string]any, error) {
	variables := map[string]any{"first": listSize}
	if after := r.URL.Query().Get("after"); after != "" {
		variables["after"] = after
	}
	return variables, nil
}

// regionVariables is pageVariables for a region, whose address has its code.
func regionVariables(r *http.Request) (map[string]any, error) {
	variables, err := pageVariables(r)
	variables["code"] = r.PathValue("code")
	return variables, err
}

// slugPageVariables is pageVariables for a list within a record.
func slugPageVariables(r *http.Request) (map[string]any, error) {
	variables, err := pageVariables(r)
	variables["slug"] = r.PathValue("slug")
	return variables, err
}

func shapeBrands(v *view, r *http.Request) error {
	brands := object(v.Data["brands"])
	v.Extra = treeExtra{grow(list(brands["nodes"])), pagerOf(r, brands)}
	return nil
}

func shapeCommittees(v *view, _ *http.Request) error {
	v.Extra = treeExtra{Tree: grow(list(object(v.Data["committees"])["nodes"]))}
	return nil
}

// leaves are the branches with nothing below them.
func leaves(branches []*branch) []*branch {
	var found []*branch
	for _, b := range branches {
		if len(b.Below) == 0 {
			found = append(found, b)
		}
	}
	return found
}

func shapeTopics(v *view, _ *http.Request) error {
	v.Extra = treeExtra{Tree: grow(list(v.Data["topics"]))}
	return nil
}

// shapePages works out the pages beside this one of the list in the field of the
// record, or of the data where record is "".
func shapePages(record, field string) func(*view, *http.Request) error {
	return func(v *view, r *http.Request) error {
		of := v.Data
		if record != "" {
			of = object(v.Data[record])
		}
		v.Extra = pagerOf(r, of[field])
		return nil
	}
}

// topicExtra is what a topic's page adds to its cases: the practices whose texts
// speak of the topic by its name, for a topic that has none.
type topicExtra struct {
	Pager     pager
	Practices []any
	Follow    *following
}

func shapeTopic(v *view, r *http.Request) error {
	extra := topicExtra{Pager: pagerOf(r, v.Data["cases"])}
	name := text(object(v.Data["topic"])["name"])
	for _, practice := range list(object(v.Data["practices"])["nodes"]) {
		if strings.Contains(text(object(practice)["text"]), name) {
			extra.Practices = append(extra.Practices, practice)
		}
	}
	var err error
	extra.Follow, err = followingOf(v, r, "topic", text(object(v.Data["topic"])["id"]))
	v.Extra = extra
	return err
}

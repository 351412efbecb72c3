package web

import (
	"net/http"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// workflow is what its writers see of a record: what they may do with it, and
// what is new in it.
type workflow struct {
	Of       catalog.RecordKind
	Path     string // of the noun's pages
	Record   map[string]any
	Done     string // what was done just now
	Acts     bool   // there is something to do
	Returned string // why it was returned, "" where it was not
	Review   *review
}

// review is what changed since the record was last published.
type review struct {
	Since   int // that version, 0 where there is none
	Changes []map[string]any
}

func workflowOf(n noun, v *view, r *http.Request) workflow {
	c := object(v.Data[n.root])
	w := workflow{Of: n.kind, Path: n.path, Record: c, Done: doneLabels[r.URL.Query().Get("done")]}
	may := func(action catalog.Action) bool { return slices.Contains(list(c["actions"]), any(string(action))) }
	for _, action := range catalog.Actions {
		w.Acts = w.Acts || action != catalog.ActionRead && may(action)
	}
	revisions := list(object(c["revisions"])["nodes"])
	if c["status"] == string(catalog.StatusDraft) && len(revisions) > 0 {
		w.Returned = text(object(revisions[0])["reason"])
	}
	if may(catalog.ActionPublish) {
		w.Review = reviewOf(revisions)
	}
	return w
}

// reviewOf puts the changes together that came after the last published version:
// of a field that changed several times, what it was at first and is at last.
// Revisions come newest first; the first of all is a whole record and no change.
func reviewOf(revisions []any) *review {
	r := &review{}
	at := map[string]map[string]any{}
	var paths []string
	for _, revision := range revisions {
		one := object(revision)
		if one["status"] == string(catalog.StatusPublished) {
			r.Since = whole(one["version"])
			break
		}
		if whole(one["version"]) == 1 {
			break
		}
		for _, change := range list(one["changes"]) {
			c := object(change)
			path := text(c["path"])
			if later, ok := at[path]; ok {
				later["before"] = c["before"]
				continue
			}
			paths = append(paths, path)
			at[path] = map[string]any{"path": path, "before": c["before"], "after": c["after"]}
		}
	}
	for _, path := range paths {
		if c := at[path]; path != "status" && c["before"] != c["after"] {
			r.Changes = append(r.Changes, c)
		}
	}
	return r
}

// brandExtra is what the page of a brand needs besides its data.
type brandExtra struct {
	pager
	Workflow workflow
}

func shapeBrand(v *view, r *http.Request) error {
	brand := object(v.Data["brand"])
	v.Extra = brandExtra{pagerOf(r, brand["cases"]), workflowOf(brandNoun, v, r)}
	return nil
}

func shapeProposal(v *view, r *http.Request) error {
	v.Extra = workflowOf(proposalNoun, v, r)
	return nil
}

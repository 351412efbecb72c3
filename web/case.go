package web

import (
	"net/http"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// caseExtra is what the page of a case needs besides its data.
type caseExtra struct {
	Parties  []party
	Workflow workflow
}

// workflow is what its writers see of a case: what they may do with it, and what
// is new in it.
type workflow struct {
	Case     map[string]any
	Done     string // what was done just now
	Acts     bool   // there is something to do
	Returned string // why it was returned, "" where it was not
	Review   *review
}

// review is what changed since the case was last published.
type review struct {
	Since   int // that version, 0 where there is none
	Changes []map[string]any
}

// party is one of the five sides with those who stood on it.
type party struct {
	Role         string
	Participants []any
}

// roles are the five sides in their order.
var roles = []catalog.PartyRole{
	catalog.RoleConvener, catalog.RoleServer, catalog.RoleReceiver, catalog.RoleStakeholder, catalog.RoleExpertOrPublic,
}

func shapeCase(v *view, r *http.Request) error {
	c := object(v.Data["case"])
	v.Extra = caseExtra{Parties: parties(list(c["participants"])), Workflow: workflowOf(c, r.URL.Query().Get("done"))}
	return nil
}

func workflowOf(c map[string]any, done string) workflow {
	w := workflow{Case: c, Done: doneLabels[done]}
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

// parties gathers the participants by side. All five sides are there, so that a
// reader sees which the source does not name.
func parties(participants []any) []party {
	sides := make([]party, len(roles))
	for i, role := range roles {
		sides[i].Role = string(role)
		for _, p := range participants {
			if object(p)["role"] == string(role) {
				sides[i].Participants = append(sides[i].Participants, p)
			}
		}
	}
	return sides
}

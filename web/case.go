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
	Attach   bool   // the reader may attach photos and originals, and remove them
	Adopt    string // where the reader records that their committee took it over, "" where they may not
	Taken    string // where they add to that record, "" where there is none
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
	w, err := workflowOf(caseNoun, v, r)
	extra := caseExtra{Parties: parties(list(c["participants"])), Workflow: w}
	switch offer, taken := mayAdopt(v.Reader, catalog.ViewerFrom(r.Context()), c); {
	case offer:
		extra.Adopt = adopting(text(c["slug"]))
	case taken:
		extra.Taken = exchangesPage.path
	}
	extra.Attach = v.Reader != nil && slices.Contains(list(c["actions"]), any(string(catalog.ActionUpdate)))
	v.Extra = extra
	return err
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

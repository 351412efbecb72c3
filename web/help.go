package web

import (
	"net/http"

	"github.com/jisiguangyi/jisi/catalog"
)

// helpExtra is what the help says that the catalog knows.
type helpExtra struct {
	Steps    []catalog.ProcedureStep
	Roles    []catalog.EnumChoice
	Outcomes []catalog.EnumChoice
	Statuses []catalog.EnumChoice
	StepHelp map[string]string
	RoleHelp map[string]string
}

func shapeHelp(v *view, _ *http.Request) error {
	extra := helpExtra{Steps: catalog.Procedure, StepHelp: map[string]string{}, RoleHelp: map[string]string{}}
	extra.Roles, extra.Outcomes, extra.Statuses = catalog.EnumNamed("PartyRole").Values, catalog.EnumNamed("OutcomeStatus").Values, catalog.EnumNamed("Status").Values
	for code, h := range stepHelp {
		extra.StepHelp[string(code)] = h.hint
	}
	for role, h := range roleHelp {
		extra.RoleHelp[string(role)] = h.hint
	}
	v.Extra = extra
	return nil
}

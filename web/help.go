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

// picture is one of the help, taken by scripts/helpscreens.sh.
type picture struct {
	Src           string
	Width, Height int
	Alt           string
}

// pictureOf is the picture of that name, in CSS pixels of its height.
func pictureOf(name string, height int, alt string) picture {
	return picture{assetURL(name + ".webp"), 820, height, alt}
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

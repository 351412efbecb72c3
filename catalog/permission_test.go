package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// The states by the letters of the table: Draft, in Review, Published, Archived.
var letters = map[catalog.Status]string{
	catalog.StatusDraft: "D", catalog.StatusInReview: "R", catalog.StatusPublished: "P", catalog.StatusArchived: "A",
}

// whoMayWhat is the whole of the permissions: an action's line says for each
// role in which states it may do it with the records of its own committee / of
// those below / of others. It is written by hand, beside the code's own table.
const whoMayWhat = `
            anonymous   reader      editor         reviewer          admin
READ        P/P/P       P/P/P       DRPA/P/P       DRPA/DRPA/P       DRPA/DRPA/DRPA
CREATE      -/-/-       -/-/-       D/-/-          D/-/-             D/D/D
RECORD      -/-/-       -/-/-       R/-/-          RP/-/-            RP/RP/RP
UPDATE      -/-/-       -/-/-       DR/-/-         DRP/DRP/-         DRP/DRP/DRP
SUBMIT      -/-/-       -/-/-       D/-/-          D/-/-             D/D/D
RETURN      -/-/-       -/-/-       R/-/-          R/R/-             R/R/R
PUBLISH     -/-/-       -/-/-       -/-/-          R/R/-             R/R/R
ARCHIVE     -/-/-       -/-/-       D/-/-          DP/DP/-           DP/DP/DP
RESTORE     -/-/-       -/-/-       DR/-/-         DRPA/DRPA/-       DRPA/DRPA/DRPA
MERGE       -/-/-       -/-/-       -/-/-          DRP/DRP/-         DRP/DRP/DRP
THANK       -/-/-       -/-/-       P/-/-          P/-/-             P/P/P
ANSWER      -/-/-       -/-/-       P/-/-          P/-/-             P/P/P
CONTACT     -/-/-       -/-/-       -/-/-          P/-/-             P/P/P
ADMIT       -/-/-       -/-/-       -/-/-          P/-/-             P/P/P
CLOSE       -/-/-       -/-/-       -/-/-          P/-/-             P/P/P
SELECT      -/-/-       -/-/-       -/-/-          DRP/DRP/-         DRP/DRP/DRP
RETRACT     -/-/-       -/-/-       -/-/-          P/P/-             P/P/P
`

const (
	own   = catalog.ID(1)
	below = catalog.ID(2)
	other = catalog.ID(3)
)

func viewerOf(role string) *catalog.Viewer {
	if role == "anonymous" {
		return nil
	}
	return &catalog.Viewer{Name: "test", Role: catalog.Role(strings.ToUpper(role)), Committee: own, Below: []catalog.ID{below}}
}

func TestWhoMayWhat(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(whoMayWhat), "\n")
	roles := strings.Fields(lines[0])
	var cases, allowed int
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		action := catalog.Action(cells[0])
		for i, role := range roles {
			v := viewerOf(role)
			for j, states := range strings.Split(cells[i+1], "/") {
				for _, status := range catalog.Statuses {
					cases++
					want := strings.Contains(states, letters[status])
					owner := []catalog.ID{own, below, other}[j]
					err := catalog.May(v, action, owner, status)
					if (err == nil) != want {
						t.Errorf("%s, %s, committee %d, %s: %v; want allowed %v", role, action, owner, status, err, want)
					}
					if err == nil {
						allowed++
						continue
					}
					checkRefusal(t, v, err)
				}
			}
		}
	}
	if want := len(catalog.Actions) * 5 * 3 * 4; cases != want || len(lines)-1 != len(catalog.Actions) {
		t.Errorf("the table has %d cases, want %d: every action, role, relation and state", cases, want)
	}
	t.Logf("%d cases, %d allowed", cases, allowed)
}

func checkRefusal(t *testing.T, v *catalog.Viewer, err error) {
	t.Helper()
	want := catalog.KindForbidden
	if v == nil {
		want = catalog.KindUnauthenticated
	}
	var e *catalog.Error
	if !errors.As(err, &e) || e.Kind != want || e.Zh == "" || e.En == "" {
		t.Errorf("refused with %#v, want %s with a sentence in Chinese and English", err, want)
	}
}

// A viewer without a committee and a record that belongs to none: only an admin
// has to do with either.
func TestRecordsAndViewersWithoutACommittee(t *testing.T) {
	for _, role := range catalog.Roles {
		v := &catalog.Viewer{Role: role}
		for _, action := range catalog.Actions[1:] {
			for _, status := range catalog.Statuses {
				if err := catalog.MayForAny(v, action, nil, status); err == nil && role != catalog.RoleAdmin {
					t.Errorf("%s without a committee may %s a record of none that is %s", role, action, status)
				}
			}
		}
	}
	if err := catalog.MayForAny(&catalog.Viewer{Role: catalog.RoleEditor, Committee: own}, catalog.ActionUpdate, []catalog.ID{other, own}, catalog.StatusDraft); err != nil {
		t.Errorf("one of two committees of a proposal may not change it: %v", err)
	}
}

// A reviewer has to do with the accounts of its own committee's editors and readers
// only, and nobody below it with any.
func TestWhoMayAdmitWhom(t *testing.T) {
	for role, want := range map[string]string{
		"anonymous": "", "reader": "", "editor": "",
		"reviewer": "own READER, own EDITOR",
		"admin":    "own READER, own EDITOR, own REVIEWER, own ADMIN, below READER, below EDITOR, below REVIEWER, below ADMIN, none READER, none EDITOR, none REVIEWER, none ADMIN",
	} {
		var got []string
		for _, c := range []struct {
			name string
			id   catalog.ID
		}{{"own", own}, {"below", below}, {"none", 0}} {
			for _, r := range catalog.Roles {
				if catalog.MayAdmit(viewerOf(role), c.id, r) == nil {
					got = append(got, c.name+" "+string(r))
				}
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s may admit %v, want %s", role, got, want)
		}
		if catalog.MayAdmitAny(viewerOf(role)) != (want != "") {
			t.Errorf("%s: MayAdmitAny is wrong", role)
		}
	}
	if catalog.MayAdmitAny(&catalog.Viewer{Role: catalog.RoleReviewer}) {
		t.Error("a reviewer of no committee manages accounts")
	}
}

func TestVisibilityFollowsTheTable(t *testing.T) {
	for role, want := range map[string]catalog.Visibility{
		"anonymous": {}, "reader": {}, "admin": {All: true},
		"editor":   {Committees: []catalog.ID{own}},
		"reviewer": {Committees: []catalog.ID{own, below}},
	} {
		if diff := cmp.Diff(want, catalog.VisibilityOf(viewerOf(role))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
	if got := catalog.VisibilityOf(&catalog.Viewer{Role: catalog.RoleEditor}); got.All || len(got.Committees) > 0 {
		t.Errorf("an editor without a committee sees %+v", got)
	}
}

func TestARefusalSaysWhoMay(t *testing.T) {
	for _, test := range []struct {
		action catalog.Action
		status catalog.Status
		zh, en string
	}{
		{catalog.ActionAdmit, catalog.StatusPublished, "不能管理这里的账号：需要其所属政协的审核", "its committee's reviewer may"},
		{catalog.ActionContact, catalog.StatusPublished, "不能修改这家政协的联系人：需要其所属政协的审核", "its committee's reviewer may"},
		{catalog.ActionThank, catalog.StatusPublished, "不能为这条记录致谢：需要其所属政协的编辑", "its committee's editor may"},
		{catalog.ActionPublish, catalog.StatusInReview, "需要其所属政协或上级政协的审核", "the reviewer of its committee or of one above it may"},
		{catalog.ActionSubmit, catalog.StatusDraft, "需要其所属政协的编辑", "its committee's editor may"},
		{catalog.ActionUpdate, catalog.StatusArchived, "“已归档”的记录不能修改", "nobody may while it is ARCHIVED"},
	} {
		var err *catalog.Error
		if !errors.As(catalog.May(viewerOf("reader"), test.action, own, test.status), &err) {
			t.Fatalf("%s %s: allowed", test.action, test.status)
		}
		if !strings.HasSuffix(err.Zh, test.zh) || !strings.HasSuffix(err.En, test.en) {
			t.Errorf("%s %s: %q, %q; want %q, %q", test.action, test.status, err.Zh, err.En, test.zh, test.en)
		}
	}
}

// What is no committee's no committee's reviewer or editor may change: the sentence does
// not send its reader to one.
func TestARefusalOfWhatIsNobodysNamesAnAdmin(t *testing.T) {
	for action, status := range map[catalog.Action]catalog.Status{
		catalog.ActionAdmit: catalog.StatusPublished, catalog.ActionUpdate: catalog.StatusPublished, catalog.ActionSubmit: catalog.StatusDraft,
		catalog.ActionPublish: catalog.StatusInReview, catalog.ActionMerge: catalog.StatusPublished, catalog.ActionRead: catalog.StatusDraft,
	} {
		for _, v := range []*catalog.Viewer{nil, viewerOf("reader"), viewerOf("editor"), viewerOf("reviewer")} {
			var err *catalog.Error
			if !errors.As(catalog.May(v, action, 0, status), &err) {
				t.Fatalf("%s %s: allowed", action, status)
			}
			if !strings.HasSuffix(err.Zh, "需要管理员") || !strings.HasSuffix(err.En, "an admin may") {
				t.Errorf("%s %s: %q, %q", action, status, err.Zh, err.En)
			}
		}
	}
}

// The workflow, each action with what it makes of each state; - is refused.
const workflowTable = `
         DRAFT      IN_REVIEW  PUBLISHED  ARCHIVED
UPDATE   DRAFT      IN_REVIEW  PUBLISHED  -
SUBMIT   IN_REVIEW  -          -          -
RETURN   -          DRAFT      -          -
PUBLISH  -          PUBLISHED  -          -
ARCHIVE  ARCHIVED   -          ARCHIVED   -
RESTORE  DRAFT      IN_REVIEW  PUBLISHED  DRAFT
MERGE    ARCHIVED   ARCHIVED   ARCHIVED   -
THANK    -          -          PUBLISHED  -
ANSWER   -          -          PUBLISHED  -
CONTACT  -          -          PUBLISHED  -
ADMIT    -          -          PUBLISHED  -
CLOSE    -          -          PUBLISHED  -
SELECT   PUBLISHED  PUBLISHED  PUBLISHED  -
RETRACT  -          -          PUBLISHED  -
`

func TestWorkflow(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(workflowTable), "\n")
	from := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, want := range cells[1:] {
			got, err := catalog.Next(catalog.Action(cells[0]), catalog.Status(from[i]))
			if want == "-" {
				if catalog.ErrorKindOf(err) != catalog.KindInvalid {
					t.Errorf("%s of %s: %q, %v; want INVALID", cells[0], from[i], got, err)
				}
				continue
			}
			if err != nil || string(got) != want {
				t.Errorf("%s of %s: %q, %v; want %s", cells[0], from[i], got, err, want)
			}
		}
	}
}

// TestNobodyMayWhatHasNoWay holds the two tables together: who may do something
// in a state can do it there.
func TestNobodyMayWhatHasNoWay(t *testing.T) {
	admin := &catalog.Viewer{Role: catalog.RoleAdmin}
	for _, action := range catalog.Actions[3:] { // what changes a record that is there
		for _, status := range catalog.Statuses {
			_, err := catalog.Next(action, status)
			if may := catalog.May(admin, action, other, status); (may == nil) != (err == nil) {
				t.Errorf("%s of %s: permission %v, workflow %v", action, status, may, err)
			}
		}
	}
}

func TestActionsForAreTheButtons(t *testing.T) {
	for role, want := range map[string][]catalog.Action{
		"anonymous": {}, "reader": {},
		"editor":   {catalog.ActionUpdate, catalog.ActionReturn, catalog.ActionRestore},
		"reviewer": {catalog.ActionUpdate, catalog.ActionReturn, catalog.ActionPublish, catalog.ActionRestore},
	} {
		if diff := cmp.Diff(want, catalog.ActionsFor(viewerOf(role), []catalog.ID{own}, catalog.StatusInReview)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
}

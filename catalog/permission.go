package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// Action is what somebody does with a record.
type Action string

// The actions. What they turn a record's state into says workflow.go.
const (
	ActionRead    Action = "READ"
	ActionCreate  Action = "CREATE"  // bring in a draft
	ActionRecord  Action = "RECORD"  // bring in an adoption or an evaluation, handed in already
	ActionUpdate  Action = "UPDATE"  // change what it says
	ActionSubmit  Action = "SUBMIT"  // hand it in for review
	ActionReturn  Action = "RETURN"  // hand it back to its writers
	ActionPublish Action = "PUBLISH" // show it to everybody
	ActionArchive Action = "ARCHIVE" // take it away from the public
	ActionRestore Action = "RESTORE" // bring back what an earlier version said
	ActionThank   Action = "THANK"   // say thanks for an adoption: the committee whose case was taken over
	ActionMerge   Action = "MERGE"   // put a person's record in the place of another of the same person
	ActionAnswer  Action = "ANSWER"  // answer a need with a case: the committee whose case it is
	ActionContact Action = "CONTACT" // write whom to call at a committee
	ActionAdmit   Action = "ADMIT"   // give, limit and take away accounts of a committee
	ActionClose   Action = "CLOSE"   // close a call earlier, now or later
	ActionSelect  Action = "SELECT"  // publish a call's selection: the call, and the cases chosen
	ActionRetract Action = "RETRACT" // take a published selection back: the same two
)

// Actions are all actions, in the order of a record's life.
var Actions = []Action{
	ActionRead, ActionCreate, ActionRecord, ActionUpdate, ActionSubmit, ActionReturn, ActionPublish, ActionArchive, ActionRestore,
	ActionMerge, ActionThank, ActionAnswer, ActionContact, ActionAdmit, ActionClose, ActionSelect, ActionRetract,
}

// Label is the action's name in Chinese.
func (a Action) Label() string {
	return map[Action]string{
		ActionRead: "查看", ActionCreate: "新建", ActionRecord: "登记", ActionUpdate: "修改", ActionSubmit: "提交审核",
		ActionReturn: "退回", ActionPublish: "发布", ActionArchive: "归档", ActionRestore: "恢复",
		ActionMerge: "合并", ActionThank: "致谢", ActionAnswer: "回应", ActionContact: "修改联系人", ActionAdmit: "管理账号",
		ActionClose: "调整截止日期", ActionSelect: "公布入选", ActionRetract: "撤回入选结果",
	}[a]
}

// Statuses are all states of a record, in the order of its life.
var Statuses = []Status{StatusDraft, StatusInReview, StatusPublished, StatusArchived}

// Shorter names for the table's columns.
var (
	ofAnybody  = []Relation{RelationOwn, RelationBelow, RelationOther}
	ofOwn      = []Relation{RelationOwn}
	ofOwnBelow = []Relation{RelationOwn, RelationBelow}

	inAnyState  = Statuses
	unreleased  = []Status{StatusDraft, StatusInReview}
	notArchived = []Status{StatusDraft, StatusInReview, StatusPublished}
)

// permission lets a role, and every role above it, do an action with the
// records of the committees so related to its own that are in one of the
// states. For CREATE and RECORD the state is the one that the record comes in; for
// THANK and ANSWER the committee is the one whose case it is; CONTACT and ADMIT are
// of a committee itself, which is published.
type permission struct {
	role      Role
	action    Action
	relations []Relation
	statuses  []Status
}

// permissions are who may what. What stands in no line nobody may. docs/decisions/writing.md
// has the reasons of those that are not plain.
var permissions = []permission{
	{RoleReader, ActionRead, ofAnybody, []Status{StatusPublished}},

	{RoleEditor, ActionRead, ofOwn, inAnyState},
	{RoleEditor, ActionCreate, ofOwn, []Status{StatusDraft}},
	{RoleEditor, ActionRecord, ofOwn, []Status{StatusInReview}},
	{RoleEditor, ActionUpdate, ofOwn, unreleased},
	{RoleEditor, ActionSubmit, ofOwn, []Status{StatusDraft}},
	{RoleEditor, ActionReturn, ofOwn, []Status{StatusInReview}}, // to take it back
	{RoleEditor, ActionArchive, ofOwn, []Status{StatusDraft}},
	{RoleEditor, ActionRestore, ofOwn, unreleased},
	{RoleEditor, ActionThank, ofOwn, []Status{StatusPublished}},
	{RoleEditor, ActionAnswer, ofOwn, []Status{StatusPublished}},

	{RoleReviewer, ActionRead, ofOwnBelow, inAnyState},
	{RoleReviewer, ActionRecord, ofOwn, []Status{StatusPublished}},
	{RoleReviewer, ActionUpdate, ofOwnBelow, notArchived},
	{RoleReviewer, ActionReturn, ofOwnBelow, []Status{StatusInReview}},
	{RoleReviewer, ActionPublish, ofOwnBelow, []Status{StatusInReview}},
	{RoleReviewer, ActionArchive, ofOwnBelow, []Status{StatusDraft, StatusPublished}},
	{RoleReviewer, ActionRestore, ofOwnBelow, inAnyState},
	{RoleReviewer, ActionContact, ofOwn, []Status{StatusPublished}},
	{RoleReviewer, ActionAdmit, ofOwn, []Status{StatusPublished}}, // of its editors: MayAdmit
	{RoleReviewer, ActionClose, ofOwn, []Status{StatusPublished}},
	{RoleReviewer, ActionSelect, ofOwnBelow, notArchived},
	{RoleReviewer, ActionRetract, ofOwnBelow, []Status{StatusPublished}},
	{RoleReviewer, ActionMerge, ofOwnBelow, notArchived},

	{RoleAdmin, ActionRead, ofAnybody, inAnyState},
	{RoleAdmin, ActionCreate, ofAnybody, []Status{StatusDraft}},
	{RoleAdmin, ActionRecord, ofAnybody, []Status{StatusInReview, StatusPublished}},
	{RoleAdmin, ActionUpdate, ofAnybody, notArchived},
	{RoleAdmin, ActionSubmit, ofAnybody, []Status{StatusDraft}},
	{RoleAdmin, ActionReturn, ofAnybody, []Status{StatusInReview}},
	{RoleAdmin, ActionPublish, ofAnybody, []Status{StatusInReview}},
	{RoleAdmin, ActionArchive, ofAnybody, []Status{StatusDraft, StatusPublished}},
	{RoleAdmin, ActionRestore, ofAnybody, inAnyState},
	{RoleAdmin, ActionMerge, ofAnybody, notArchived},
	{RoleAdmin, ActionThank, ofAnybody, []Status{StatusPublished}},
	{RoleAdmin, ActionAnswer, ofAnybody, []Status{StatusPublished}},
	{RoleAdmin, ActionContact, ofAnybody, []Status{StatusPublished}},
	{RoleAdmin, ActionAdmit, ofAnybody, []Status{StatusPublished}},
	{RoleAdmin, ActionClose, ofAnybody, []Status{StatusPublished}},
	{RoleAdmin, ActionSelect, ofAnybody, notArchived},
	{RoleAdmin, ActionRetract, ofAnybody, []Status{StatusPublished}},
}

// May returns nil where the viewer may do the action with a record of the owner's
// in that state: UNAUTHENTICATED where nobody is signed in and that would help,
// else FORBIDDEN with what would be needed. Whether the action makes sense in
// that state is Next's to say.
func May(v *Viewer, action Action, owner ID, status Status) error {
	return MayForAny(v, action, []ID{owner}, status)
}

// MayForAny is May for a record of several committees, such as a proposal that
// some put together: what one of them may is enough. A record of none is the
// admins'.
func MayForAny(v *Viewer, action Action, owners []ID, status Status) error {
	if len(owners) == 0 {
		owners = []ID{0}
	}
	for _, owner := range owners {
		if allowed(v.role(), action, v.RelationTo(owner), status) {
			return nil
		}
	}
	nobodys := !slices.ContainsFunc(owners, func(owner ID) bool { return owner != 0 })
	need := needed(action, status, nobodys)
	if v == nil {
		return &Error{Kind: KindUnauthenticated, Zh: "请先登录：" + need.Zh, En: "sign in first: " + need.En}
	}
	return &Error{
		Kind: KindForbidden,
		Zh:   fmt.Sprintf("您的身份是%s，不能%s：%s", v.Role.Label(), action.sentence(), need.Zh),
		En:   fmt.Sprintf("as %s you may not %s this record: %s", strings.ToLower(string(v.Role)), strings.ToLower(string(action)), need.En),
	}
}

// sentence is the action with what it is done to, in Chinese.
func (a Action) sentence() string {
	switch a {
	case ActionContact:
		return "修改这家政协的联系人"
	case ActionAdmit:
		return "管理这里的账号"
	case ActionClose:
		return "调整这次征集的截止日期"
	case ActionSelect:
		return "公布这次征集的入选结果"
	case ActionRetract:
		return "撤回这次征集的入选结果"
	case ActionThank:
		return "为这条记录致谢"
	default:
		return a.Label() + "这条记录"
	}
}

// role is the viewer's role, a reader's where nobody is signed in.
func (v *Viewer) role() Role {
	if v == nil {
		return RoleReader
	}
	return v.Role
}

// allowed looks a case up in the table.
func allowed(role Role, action Action, relation Relation, status Status) bool {
	for _, p := range permissions {
		if p.action == action && slices.Index(Roles, p.role) <= slices.Index(Roles, role) &&
			slices.Contains(p.relations, relation) && slices.Contains(p.statuses, status) {
			return true
		}
	}
	return false
}

// needed says who may do the action, by the first line of the table that lets anybody.
// What is no committee's is the admins', whose lines alone reach others' records.
func needed(action Action, status Status, nobodys bool) Words {
	for _, p := range permissions {
		if p.action != action || !slices.Contains(p.statuses, status) || nobodys && !slices.Contains(p.relations, RelationOther) {
			continue
		}
		switch {
		case p.role == RoleAdmin:
			return Words{"需要管理员", "an admin may"}
		case len(p.relations) == 1:
			return Words{"需要其所属政协的" + p.role.Label(), "its committee's " + strings.ToLower(string(p.role)) + " may"}
		default:
			return Words{"需要其所属政协或上级政协的" + p.role.Label(), "the " + strings.ToLower(string(p.role)) + " of its committee or of one above it may"}
		}
	}
	return Words{"“" + status.Label() + "”的记录不能" + action.Label(), "nobody may while it is " + string(status)}
}

// Grant is one thing that a viewer may do.
type Grant struct {
	Action   Action
	Relation Relation
	Statuses []Status
}

// Grants are all that the viewer may do, a line an action and relation; a nil
// viewer's are an anonymous reader's.
func Grants(v *Viewer) []Grant {
	var grants []Grant
	for _, action := range Actions {
		for _, relation := range ofAnybody {
			g := Grant{Action: action, Relation: relation}
			for _, status := range Statuses {
				if allowed(v.role(), action, relation, status) {
					g.Statuses = append(g.Statuses, status)
				}
			}
			if len(g.Statuses) > 0 && (relation == RelationOther || v != nil && v.Committee != 0) {
				grants = append(grants, g)
			}
		}
	}
	return grants
}

// Visibility is what a viewer sees of what is not published: the records of these
// committees, or of all. The zero value sees none.
type Visibility struct {
	All        bool
	Committees []ID
}

// VisibilityOf returns what the viewer sees, by the table's lines on READ.
func VisibilityOf(v *Viewer) Visibility {
	reads := func(r Relation) bool { return allowed(v.role(), ActionRead, r, StatusDraft) }
	if v == nil || reads(RelationOther) {
		return Visibility{All: v != nil}
	}
	var s Visibility
	if v.Committee != 0 && reads(RelationOwn) {
		s.Committees = append(s.Committees, v.Committee)
	}
	if reads(RelationBelow) {
		s.Committees = append(s.Committees, v.Below...)
	}
	return s
}

package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// transition is what an action makes of a record's state.
type transition struct {
	action Action
	from   []Status
	to     Status // "" leaves it as it is
}

// workflow is the way of a record to the public and back: DRAFT, IN_REVIEW,
// PUBLISHED, ARCHIVED. What comes out of the archive is a draft again, so that
// nothing is shown that nobody published.
var workflow = []transition{
	{ActionUpdate, []Status{StatusDraft, StatusInReview, StatusPublished}, ""},
	{ActionSubmit, []Status{StatusDraft}, StatusInReview},
	{ActionReturn, []Status{StatusInReview}, StatusDraft},
	{ActionPublish, []Status{StatusInReview}, StatusPublished},
	{ActionArchive, []Status{StatusDraft, StatusPublished}, StatusArchived},
	{ActionRestore, []Status{StatusDraft, StatusInReview, StatusPublished}, ""},
	{ActionRestore, []Status{StatusArchived}, StatusDraft},
	{ActionMerge, []Status{StatusDraft, StatusInReview, StatusPublished}, StatusArchived}, // the one that goes
	{ActionThank, []Status{StatusPublished}, ""},
	{ActionAnswer, []Status{StatusPublished}, ""},
	{ActionContact, []Status{StatusPublished}, ""},
	{ActionAdmit, []Status{StatusPublished}, ""},
	{ActionClose, []Status{StatusPublished}, ""},
	{ActionSelect, []Status{StatusDraft, StatusInReview, StatusPublished}, StatusPublished},
	{ActionRetract, []Status{StatusPublished}, ""},
}

// Next returns the state in which the action leaves a record that is in the state
// from. Where the action is not for that state it fails with INVALID and says
// for which it is.
func Next(action Action, from Status) (Status, error) {
	var states []Status
	for _, t := range workflow {
		if t.action != action {
			continue
		}
		if slices.Contains(t.from, from) {
			if t.to == "" {
				return from, nil
			}
			return t.to, nil
		}
		states = append(states, t.from...)
	}
	labels, names := make([]string, len(states)), make([]string, len(states))
	for i, s := range states {
		labels[i], names[i] = "“"+s.Label()+"”", string(s)
	}
	return "", &Error{
		Kind: KindInvalid, Path: "status",
		Zh: fmt.Sprintf("这条记录现在是“%s”，只有%s的记录才能%s", from.Label(), strings.Join(labels, "、"), action.Label()),
		En: fmt.Sprintf("the record is %s now; only one that is %s can be %s", from, strings.Join(names, " or "), pastTense[action]),
	}
}

var pastTense = map[Action]string{
	ActionUpdate: "changed", ActionSubmit: "submitted", ActionReturn: "returned", ActionPublish: "published", ActionArchive: "archived",
	ActionRestore: "restored", ActionMerge: "merged", ActionThank: "thanked for", ActionAnswer: "answered",
	ActionContact: "given a contact", ActionAdmit: "given accounts",
	ActionClose: "closed", ActionSelect: "selected", ActionRetract: "retracted",
}

// ActionsFor are what the viewer may do now with a record of these committees in
// this state, as buttons beside it would say. What the viewer may not even read
// has none.
func ActionsFor(v *Viewer, owners []ID, status Status) []Action {
	actions := []Action{}
	for _, a := range Actions {
		if slices.Contains([]Action{ActionThank, ActionAnswer, ActionContact, ActionAdmit, ActionClose, ActionSelect, ActionRetract, ActionMerge}, a) {
			continue // theirs whose the case is, not theirs whose the record is; of a committee; of calls only; or of persons
		}
		if _, err := Next(a, status); err == nil && MayForAny(v, a, owners, status) == nil {
			actions = append(actions, a)
		}
	}
	return actions
}

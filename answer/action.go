package answer

import (
	"encoding/json"
	"github.com/jisiguangyi/jisi/catalog"
)

// actionsFor is what the viewer may do with a record that belongs to the committee
// of a column. catalog's tables say what that is for each state and each standing
// of the committee; the statement only looks it up.
func actionsFor(column string) field {
	return func(s *statement, row string, _ *catalog.Selection) {
		v := catalog.ViewerFrom(s.ctx)
		if v == nil || v.Committee == 0 {
			s.actionsByStatus(row, v, 0)
			return
		}
		s.write(`CASE WHEN `, row, `.`, column, ` = `, s.args.Add(v.Committee), ` THEN `)
		s.actionsByStatus(row, v, v.Committee)
		if len(v.Below) > 0 {
			s.write(` WHEN `, row, `.`, column, ` = ANY (`, s.args.Add(v.Below), `) THEN `)
			s.actionsByStatus(row, v, v.Below[0])
		}
		s.write(` ELSE `)
		s.actionsByStatus(row, v, 0)
		s.write(` END`)
	}
}

// actionsForProposers is what the viewer may do with a proposal, which belongs to
// all committees that put it. Whoever acts for a committee is answered by the
// resolvers.
func actionsForProposers(s *statement, row string, _ *catalog.Selection) {
	v := catalog.ViewerFrom(s.ctx)
	if v != nil && v.Committee != 0 {
		s.leave("what a committee's members may do hangs on all proposers")
		return
	}
	s.actionsByStatus(row, v, 0)
}

// actionsForAdopters is what the viewer may do with an adoption: who adopted may
// change it, and whose case it is may give thanks. Whoever is signed in is answered
// by the resolvers.
func actionsForAdopters(s *statement, row string, _ *catalog.Selection) {
	v := catalog.ViewerFrom(s.ctx)
	if v != nil {
		s.leave("what may be done with an adoption hangs on two committees")
		return
	}
	s.actionsByStatus(row, v, 0)
}

// actionsForNeeds is what the viewer may do with a need: its committee may change
// it, and whoever acts for a committee may answer it with a case of its own, which
// the resolvers say.
func actionsForNeeds(s *statement, row string, _ *catalog.Selection) {
	v := catalog.ViewerFrom(s.ctx)
	if v != nil {
		s.leave("whoever has a case may answer a need")
		return
	}
	s.actionsByStatus(row, v, 0)
}

// actionsForPersons is what the viewer may do with a person, who may be merged into
// another: whoever is signed in is answered by the resolvers.
func actionsForPersons(s *statement, row string, _ *catalog.Selection) {
	v := catalog.ViewerFrom(s.ctx)
	if v != nil {
		s.leave("who may merge a person, the resolvers say")
		return
	}
	s.actionsByStatus(row, v, 0)
}

// actionsByStatus writes the actions on a record of the row's state whose owner
// stands to the viewer as the one given does.
func (s *statement) actionsByStatus(row string, v *catalog.Viewer, owner catalog.ID) {
	s.write(`CASE `, row, `.status`)
	for _, status := range catalog.Statuses {
		list, err := json.Marshal(catalog.ActionsFor(v, []catalog.ID{owner}, status))
		if err != nil {
			s.leave("actions that are not JSON")
			return
		}
		s.write(` WHEN `, literal(string(status)), ` THEN `, literal(string(list)))
	}
	s.write(` END`)
}

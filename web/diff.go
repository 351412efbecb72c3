package web

import "github.com/jisiguangyi/jisi/web/changes"

// changeOf tells of one field's change, as an import's report has it, without the
// names of other records.
func changeOf(kind, change any) changes.Change {
	c := object(change)
	return changes.Of(kindOf(kind), text(c["path"]), text(c["before"]), text(c["after"]), nil)
}

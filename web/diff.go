package web

import "github.com/jisiguangyi/jisi/web/changes"

// changeOf tells of one field's change, as an import's report has it, with the names
// of other records that it knows.
func changeOf(kind, change any, names changes.Names) changes.Change {
	c := object(change)
	return changes.Of(kindOf(kind), text(c["path"]), text(c["before"]), text(c["after"]), names)
}

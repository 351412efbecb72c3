package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// revisionShape has no changes, the difference of two snapshots, which
// catalog.Diff works out.
func revisionShape() shape {
	return shape{
		"version": plain("version"), "at": instant("at"), "by": column("actor"), "status": word("status"), "reason": columnOrNull("reason"),
	}
}

func revisionsOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var page catalog.PageArgs
		if s.decode(sel, &page) {
			s.connection("Revision", row, store.RevisionList(s.ctx, catalog.Parents{Kind: parent}), page, sel)
		}
	}
}

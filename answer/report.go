package answer

import (
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func reportShape() shape {
	return record(catalog.KindReport, shape{
		"status":    word("status"),
		"record":    reportedRecord(),
		"enteredBy": one("Committee", "committees", `#.id = @.entered_by_id`),
		"revisions": revisionsOf(catalog.KindReport), "actions": actionsFor("entered_by_id"),
	})
}

// reportedRecord is the record that a report stands beside, null where the viewer
// may not read it.
func reportedRecord() field {
	where := templateOf(`#.id = @.record_id`)
	return func(s *statement, row string, sel *catalog.Selection) {
		s.write(`coalesce(CASE `, row, `.record_kind`)
		for _, kind := range catalog.ReportedKinds {
			s.write(` WHEN `, literal(string(kind)), ` THEN `)
			s.one(typeOf(kind), store.TableName(kind), row, where, &catalog.Selection{Below: sel.On[kind]})
		}
		s.write(` END, 'null')`)
	}
}

// reportsOf is the list of the public reports that stand beside the row's record.
func reportsOf() field {
	return some("Report", `reports #`, `#.record_id = @.id AND #.status = 'PUBLISHED'`, of(store.ReportOrder))
}

// of turns an expression about @ into one about the row that is being read.
func of(expression string) string { return strings.ReplaceAll(expression, `@`, `#`) }

func reportList(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		catalog.ReportFilter
		catalog.PageArgs
	}
	if !s.decode(sel, &args) {
		return
	}
	l, err := store.ReportList(s.ctx, args.ReportFilter)
	if err != nil {
		s.leave("a filter that is none")
		return
	}
	s.connection("Report", row, l, args.PageArgs, sel)
}

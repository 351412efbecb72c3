package answer

import (
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

func practiceShape() shape {
	named := func(shape, table string) field {
		return linkedBy(shape, table, "practice_mentions", `#.practice_id = @.id AND #.record_kind = `+literal(strings.ToUpper(shape)), `#.position`, `record_id`)
	}
	return record(catalog.KindPractice, shape{
		"cases": named("Case", "cases"), "brands": named("Brand", "brands"),
		"reports":   reportsOf(),
		"proposals": named("Proposal", "proposals"), "indicators": named("Indicator", "indicators"),
	})
}

package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
)

func personShape() shape {
	return record(catalog.KindPerson, shape{
		"proposals": proposalsOf(catalog.KindPerson),
		"supervisions": some("Supervision", `supervisions # JOIN proposals seen ON seen.id = #.proposal_id`,
			`#.supervisor_id = @.id AND seen.status = 'PUBLISHED'`, `#.year DESC NULLS LAST, #.proposal_id, #.position`),
	})
}

package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
)

func regionShape() shape {
	return record(catalog.KindRegion, shape{
		"parent":   one("Region", "regions", `#.code = @.parent_code`),
		"children": records("Region", "regions", `#.parent_code = @.code`, `#.code`),
		"caseCount": written(`(
			WITH RECURSIVE within (code) AS (SELECT @.code UNION SELECT n.code FROM regions n JOIN within w ON n.parent_code = w.code)
			SELECT count(*) FROM cases n WHERE n.status = 'PUBLISHED' AND n.region_code IN (SELECT code FROM within))::text`),
	})
}

func regionByCode(s *statement, _ string, sel *catalog.Selection) {
	var args struct{ Code string }
	if !s.decode(sel, &args) {
		return
	}
	code := s.args.Add(args.Code)
	one("Region", "regions", `(#.code = `+code+` OR #.former_code = `+code+`)`)(s, "", sel)
}

// regionsOf is the list of the published regions of a level, or directly below a
// parent, by its code of today or a former one.
func regionsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		Level  *catalog.Level
		Parent *string
	}
	if !s.decode(sel, &args) {
		return
	}
	where := `#.status = 'PUBLISHED'`
	if args.Level != nil {
		where += ` AND #.level = ` + s.args.Add(*args.Level)
	}
	if args.Parent != nil && *args.Parent != "" {
		parent := s.args.Add(*args.Parent)
		where += ` AND #.parent_code IN (SELECT code FROM regions WHERE ` + parent + ` IN (code, former_code))`
	}
	some("Region", `regions #`, where, `#.code`)(s, row, sel)
}

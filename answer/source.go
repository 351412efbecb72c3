package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
)

func sourceShape() shape {
	return record(catalog.KindSource, shape{
		"reports":  reportsOf(),
		"sections": some("Section", `jsonb_array_elements(@.sections) WITH ORDINALITY AS # (section, n)`, `true`, `#.n`),
	})
}

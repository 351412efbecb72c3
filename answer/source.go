package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
)

func sourceShape() shape { return record(catalog.KindSource, nil) }

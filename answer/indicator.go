package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// indicatorShape has no holds, which says what an indicator claims to count: the
// schema shows it in the ledger only.
func indicatorShape() shape {
	return record(catalog.KindIndicator, shape{"selected": orNull(store.IndicatorSelected + `::text`)})
}

func indicatorsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		Subject *string
		catalog.PageArgs
	}
	if s.decode(sel, &args) {
		s.connection("Indicator", row, store.IndicatorList(args.Subject), args.PageArgs, sel)
	}
}

package web

import (
	"cmp"
	"net/http"
	"slices"
)

// homeExtra is what the home page needs besides its data.
type homeExtra struct {
	Map    tileMap
	Topics []map[string]any // with most cases first
	Ledger []any            // the lines of which records are kept
}

// homeTopics is how many topics the home page names.
const homeTopics = 16

func shapeHome(v *view, _ *http.Request) error {
	v.Extra = homeExtra{
		Map:    newTileMap("吉林省", list(v.Data["regions"])),
		Topics: mostCases(list(v.Data["topics"]), homeTopics),
		Ledger: held(list(v.Data["ledger"])),
	}
	return nil
}

// mostCases returns the n topics with the most cases, and none without.
func mostCases(topics []any, n int) []map[string]any {
	var found []map[string]any
	for _, topic := range topics {
		if t := object(topic); whole(t["caseCount"]) > 0 {
			found = append(found, t)
		}
	}
	slices.SortStableFunc(found, func(a, b map[string]any) int {
		return cmp.Compare(whole(b["caseCount"]), whole(a["caseCount"]))
	})
	return found[:min(n, len(found))]
}

// held returns the lines of the ledger whose records the knowledge base keeps.
func held(ledger []any) []any {
	return slices.DeleteFunc(slices.Clone(ledger), func(line any) bool { return object(line)["held"] == nil })
}

// whole returns v as a whole number, 0 where it is none.
func whole(v any) int {
	n, _ := v.(int)
	return n
}

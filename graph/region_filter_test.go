package graph_test

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

// A slip of the pen in a code does not find nothing, as if there were nothing.
func TestARegionThatThereIsNotIsRefusedInEveryFilter(t *testing.T) {
	s := storetest.Seeded(t)
	resolvers, fast := apiOf(s, nil, 0), apiOf(s, nil, 0, &graph.FastPath{Answerer: answer.New(s)})
	for _, list := range []string{
		`cases(filter: {regions: [%]}) { totalCount }`,
		`cases(filter: {regions: [%]}) { nodes { slug } }`,
		`brands(filter: {regions: [%]}) { totalCount nodes { slug } }`,
		`committees(filter: {regions: [%]}) { totalCount nodes { slug } }`,
		`committee(slug: "changchun") { cases(filter: {regions: [%]}) { totalCount } }`,
		`caseMatrix(rows: YEAR, filter: {regions: [%]}) { total }`,
		`adoptionGraph(filter: {regions: [%]}) { unattributed }`,
	} {
		for codes, known := range map[string]bool{`"220000"`: true, `"220104", "220100"`: true, `"999999"`: false, `"220100", "22010"`: false, `""`: false} {
			query := "{ " + strings.ReplaceAll(list, "%", codes) + " }"
			for way, a := range map[string]*api{"resolvers": resolvers, "one statement": fast} {
				got := a.ask(t, query, nil)
				switch {
				case known && len(got.Errors) > 0:
					t.Errorf("%s by %s: %+v", query, way, got.Errors)
				case !known && (len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != string(catalog.KindInvalid) || !strings.Contains(got.Errors[0].Message, "行政区划")):
					t.Errorf("%s by %s: %+v", query, way, got.Errors)
				}
			}
		}
	}
}

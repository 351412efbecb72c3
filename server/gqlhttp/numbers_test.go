package gqlhttp

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func TestAWholeNumberIsAnIntHoweverItIsWritten(t *testing.T) {
	h := New(fakeOptions())
	const ask = `{"query":"query($n: Int) { cases(first: $n) { totalCount } }","variables":{"n":N}}`
	for number, good := range map[string]bool{"1": true, "1.0": true, "1e1": true, "10E0": true, "20.00": true, "1.5": false, "1e-1": false, "1e300": false} {
		w := post(t, h, strings.Replace(ask, "N", number, 1))
		if a := decode(t, w.Body); (len(a.Errors) == 0) != good {
			t.Errorf("%s: %v", number, a.Errors)
		}
	}
}

// What is no number of its type is told as it was written, wherever it stands.
func TestAWrongNumberIsToldAsItWasWritten(t *testing.T) {
	for name, test := range map[string]struct {
		variables map[string]any
		path      ast.Path
		said      string
		want      string
	}{
		"a variable":          {map[string]any{"n": json.Number("1.5")}, ast.Path{ast.PathName("variable"), ast.PathName("n")}, "cannot use value 0 as Int", "cannot use 1.5 as Int"},
		"a field":             {map[string]any{"f": map[string]any{"y": json.Number("2021.5")}}, ast.Path{ast.PathName("variable"), ast.PathName("f"), ast.PathName("y")}, "cannot use string as Int", "cannot use 2021.5 as Int"},
		"one of a list":       {map[string]any{"l": []any{json.Number("1"), json.Number("1e400")}}, ast.Path{ast.PathName("variable"), ast.PathName("l"), ast.PathIndex(1)}, "cannot use string as Int", "cannot use 1e400 as Int"},
		"a text":              {map[string]any{"n": "a"}, ast.Path{ast.PathName("variable"), ast.PathName("n")}, "cannot use string as Int", "cannot use string as Int"},
		"nothing there":       {map[string]any{}, ast.Path{ast.PathName("variable"), ast.PathName("l"), ast.PathIndex(3)}, "cannot use string as Int", "cannot use string as Int"},
		"no variable's error": {map[string]any{"n": json.Number("1.5")}, ast.Path{ast.PathName("cases")}, "cannot use string as Int", "cannot use string as Int"},
	} {
		problem := &gqlerror.Error{Message: test.said, Path: test.path}
		if sayValues(gqlerror.List{problem}, test.variables); problem.Message != test.want {
			t.Errorf("%s: %q, want %q", name, problem.Message, test.want)
		}
	}
	const ask = `{"query":"query($n: Int) { cases(first: $n) { totalCount } }","variables":{"n":1.5}}`
	if w := post(t, New(fakeOptions()), ask); !strings.Contains(w.Body.String(), "the variable $n cannot use 1.5 as Int") {
		t.Errorf("%s", w.Body)
	}
}

// What the reference implementation refuses is refused, wherever it stands; what it takes
// is taken.
func TestAVariableIsOfItsTypeAndNotOfAnothersText(t *testing.T) {
	h := New(fakeOptions())
	for _, tt := range []struct{ declared, field, value, says string }{
		{"$v: Int", "cases(first: $v) { totalCount }", `"3"`, "$v cannot use string as Int"},
		{"$v: Int", "cases(first: $v) { totalCount }", `""`, "as Int"},
		{"$v: Int", "cases(first: $v) { totalCount }", `true`, "as Int"},
		{"$v: Int", "cases(first: $v) { totalCount }", `null`, ""},
		{"$v: Int = 2", "cases(first: $v) { totalCount }", `3.0`, ""},
		{"$v: Filter", "found(filter: $v)", `{"years":["2021"]}`, "cannot use string as Int"},
		{"$v: Filter", "found(filter: $v)", `{"years":"2021"}`, "cannot use string as Int"},
		{"$v: Filter", "found(filter: $v)", `{"years":2021}`, ""}, // one stands for a list of one
		{"$v: Filter", "found(filter: $v)", `{"years":[2021.0, 2e3], "committees":[4,"5"]}`, ""},
		{"$v: Filter", "found(filter: $v)", `{"topics":["jingji", 4]}`, "cannot use 4 as String"},
		{"$v: Filter", "found(filter: $v)", `{"levels":["county"]}`, "not a valid Level"},
		{"$v: Filter", "found(filter: $v)", `{"levels":["COUNTY"]}`, ""},
		{"$v: [Level!]", "found(filter: {levels: $v})", `["COUNTY","Prefecture"]`, "not a valid Level"},
	} {
		body, _ := json.Marshal(map[string]any{"query": "query(" + tt.declared + ") { " + tt.field + " }", "variables": map[string]json.RawMessage{"v": json.RawMessage(tt.value)}})
		a := decode(t, post(t, h, string(body)).Body)
		if tt.says == "" && len(a.Errors) > 0 || tt.says != "" && (len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, tt.says)) {
			t.Errorf("%s of %s: %v, want %q", tt.declared, tt.value, a.Errors, tt.says)
		}
	}
	if _, problems := New(fakeOptions()).Query(t.Context(), "query($v: Int) { cases(first: $v) { totalCount } }", "", map[string]any{"v": "3"}); len(problems) > 0 {
		t.Errorf("our own page: %v", problems)
	}
}

// What a page asks with may be everybody's: it is left as it is, and asked with by many at
// once.
func TestWhoAsksWithinTheProcessKeepsItsVariables(t *testing.T) {
	e := New(fakeOptions())
	levels, filter := []any{"COUNTY", "PREFECTURE"}, map[string]any{"years": []any{float64(2021)}, "topics": []string{"jingji"}, "committees": []any{float64(4)}}
	filter["levels"] = levels
	variables := map[string]any{"f": filter, "n": 3}
	before := fmt.Sprintf("%#v", variables)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if _, problems := e.Query(t.Context(), `query($f: Filter, $n: Int) { found(filter: $f, n: $n) }`, "", variables); len(problems) > 0 {
					t.Error(problems)
					return
				}
			}
		})
	}
	all.Wait()
	if after := fmt.Sprintf("%#v", variables); after != before {
		t.Errorf("%s, before %s", after, before)
	}
}

func TestABodyMayBeginWithAByteOrderMark(t *testing.T) {
	if w := post(t, New(fakeOptions()), "\ufeff"+`{"query":"{ hello }"}`); !strings.Contains(w.Body.String(), `"world"`) {
		t.Errorf("%s", w.Body)
	}
}

package gqlhttp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"

	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

func TestQueriesPastALimitAreRefusedAndThoseAtItAreNot(t *testing.T) {
	nested := func(n int) string {
		return "{ cases { nodes { " + strings.Repeat("parent { ", n) + "title" + strings.Repeat(" }", n) + " } } }"
	}
	aliases := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "a%d: hello ", i)
		}
		return "{ " + b.String() + "}"
	}
	tests := []struct {
		limit    string
		set      func(*Limits)
		at, past string
	}{
		{"depth", func(l *Limits) { l.Depth = 6 }, nested(3), nested(4)},
		{"depth", func(l *Limits) { l.Depth = 4 }, "{ ...f } fragment f on Query { cases { ...g } } fragment g on CaseConnection { nodes { title } }", "{ ...f } fragment f on Query { cases { ...g } } fragment g on CaseConnection { nodes { parent { parent { title } } } }"},
		{"aliases", func(l *Limits) { l.Aliases = 5 }, aliases(5), aliases(6)},
		{"aliases", func(l *Limits) { l.Aliases = 5 }, "{ x: cases { ...f } y: cases { ...f } } fragment f on CaseConnection { n: totalCount }", "{ x: cases { ...f } y: cases { ...f } z: cases { ...f } } fragment f on CaseConnection { n: totalCount }"},
		{"repeats", func(l *Limits) { l.Repeats = 5 }, "{" + strings.Repeat("hello ", 5) + "}", "{" + strings.Repeat("hello ", 6) + "}"},
		{"tokens", func(l *Limits) { l.Tokens = 5 }, "{ hello hello hello }", "{ hello hello hello hello }"},
		{"queryBytes", func(l *Limits) { l.QueryBytes = 12 }, "{ hello    }", "{ hello     }"},
		{"cost", func(l *Limits) { l.Cost = 21 }, "{ cases(first: 19) { nodes { title } } }", "{ cases(first: 20) { nodes { title } } }"},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%s %d", tt.limit, i), func(t *testing.T) {
			o := fakeOptions()
			tt.set(&o.Limits)
			h := New(o)
			if w := query(t, h, tt.at); strings.Contains(w.Body.String(), "LIMIT") {
				t.Errorf("at the limit: %s", w.Body)
			}
			w := query(t, h, tt.past)
			a := decode(t, w.Body)
			if a.Code(t) != "LIMIT" || a.Errors[0].Extensions["limit"] != tt.limit {
				t.Errorf("past the limit: %v", a.Errors)
			}
			// A text that was refused once is not let through the next time.
			if got := decode(t, query(t, h, tt.past).Body).Code(t); got != "LIMIT" {
				t.Errorf("past the limit, again: code %q", got)
			}
		})
	}
}

func TestALimitBelowZeroIsNone(t *testing.T) {
	o := fakeOptions()
	o.Limits = Limits{BodyBytes: -1, QueryBytes: -1, Tokens: -1, Depth: -1, Aliases: -1, Repeats: -1, Cost: -1, Time: -1}
	w := query(t, New(o), "{"+strings.Repeat("hello ", 2000)+"}")
	if got := decode(t, w.Body).Code(t); got != "" {
		t.Errorf("code %q, want none", got)
	}
}

func TestABodyPastItsLimitIsRefused(t *testing.T) {
	o := fakeOptions()
	o.Limits.BodyBytes = 100
	w := post(t, New(o), `{"query":"{ hello }","variables":{"x":"`+strings.Repeat("x", 100)+`"}}`)
	if got := decode(t, w.Body).Code(t); w.Code != http.StatusRequestEntityTooLarge || got != "LIMIT" {
		t.Errorf("status %d, code %q", w.Code, got)
	}
}

func TestCostGoesByTheSizesOfLists(t *testing.T) {
	schema := gqltest.NewSchema().Schema()
	tests := []struct {
		query string
		want  int
	}{
		{"{ hello }", 1},
		{"{ cases { totalCount } }", 2 + 7},                                     // the page is not asked for
		{"{ cases { nodes { title } } }", 1 + 1 + 20},                           // a page has 20
		{"{ cases(first: 100) { nodes { title } } }", 1 + 1 + 100},              //
		{"{ cases(last: 3) { edges { cursor node { title } } } }", 1 + 1 + 3*3}, //
		{"query($n: Int = 7) { cases(first: $n) { nodes { title } } }", 1 + 1 + 7},
		{"{ cases { ...f } } fragment f on CaseConnection { nodes { title } }", 1 + 1 + 20},
		{"{ cases { ... on CaseConnection { nodes { title } } } }", 1 + 1 + 20},
		{"{ tags { title } }", 1 + 1000 + 5},
		{"{ a: tags { title } b: tags { title } }", 2 * (1 + 1000 + 5)},
		{"{ cases(first: 3) { ...f } } fragment f on CaseConnection { totalCount nodes { peers(first: 2) { totalCount } } }", 1 + 1 + 7 + 1 + 3*(1+100+1)},
		{`{ nodes(ids: ["a", "b"]) { title } }`, 1 + 2},
		{"{ cases(first: 100) { nodes { peers(first: 100) { nodes { peers(first: 100) { nodes { title } } } } } } }", 1 + 1 + 100*(101+1+100*(101+1+100))},
		{"{ __schema { types { name fields { name } } } }", 1},
	}
	for _, tt := range tests {
		doc, errs := gqlparser.LoadQueryWithRules(schema, tt.query, nil)
		if errs != nil {
			t.Fatalf("%s: %v", tt.query, errs)
		}
		if got := costOf(doc, doc.Operations[0], map[string]any{"n": 7}, map[string]int{"Case.peers": 100, "Query.tags": 1000, "Query.cases.totalCount": 7}); got != tt.want {
			t.Errorf("%s: cost %d, want %d", tt.query, got, tt.want)
		}
	}
}

// However an Int variable is written that the validator takes, it counts for what it is.
func TestCostGoesByASizeHoweverItIsWritten(t *testing.T) {
	schema := gqltest.NewSchema().Schema()
	doc, errs := gqlparser.LoadQueryWithRules(schema, "query($n: Int) { cases(first: $n) { nodes { title } } }", nil)
	if errs != nil {
		t.Fatal(errs)
	}
	for _, n := range []any{100, int64(100), 100.0, json.Number("100"), "100", "+100", "0100"} {
		if got := costOf(doc, doc.Operations[0], map[string]any{"n": n}, nil); got != 1+1+100 {
			t.Errorf("%T %v: cost %d", n, n, got)
		}
	}
}

// Each fragment spreads the next one twice, so that whoever follows them one by
// one is still at it at the end of the world.
func TestFragmentsThatDoubleAreMeasuredAtOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString("{ cases { nodes { ...f0 } } }")
	for i := range 60 {
		fmt.Fprintf(&b, " fragment f%d on Case { parent { ...f%d } peers { nodes { ...f%d } } }", i, i+1, i+1)
	}
	b.WriteString(" fragment f60 on Case { title }")
	doc, errs := gqlparser.LoadQueryWithRules(gqltest.NewSchema().Schema(), b.String(), nil)
	if errs != nil {
		t.Fatal(errs)
	}
	start := time.Now()
	if got := costOf(doc, doc.Operations[0], nil, nil); got != maxCost {
		t.Errorf("cost %d, want %d", got, maxCost)
	}
	if err := checkShape(doc, DefaultLimits); err == nil {
		t.Error("its depth was let through")
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func TestFragmentsInACircleAreLeftToValidation(t *testing.T) {
	w := query(t, New(fakeOptions()), "{ cases { nodes { ...f } } } fragment f on Case { parent { ...g } } fragment g on Case { parent { ...f } }")
	if !strings.Contains(w.Body.String(), "GRAPHQL_VALIDATION_FAILED") {
		t.Errorf("got %s", w.Body)
	}
}

// The slowest rule of validation takes time by the square of what is repeated;
// what the limits let through must not hold a processor.
func TestTheWorstQueryWithinTheLimitsIsValidatedInTime(t *testing.T) {
	schema := gqltest.NewSchema().Schema()
	var b strings.Builder
	b.WriteString("{ cases { ")
	for range DefaultLimits.Repeats {
		b.WriteString("nodes { ")
		for range DefaultLimits.Repeats {
			b.WriteString("parent { ")
			for range DefaultLimits.Repeats {
				b.WriteString("title ")
			}
			b.WriteString("} ")
		}
		b.WriteString("} ")
	}
	b.WriteString("} }")
	text := b.String()
	if n := tokens(text, DefaultLimits.Tokens); n > DefaultLimits.Tokens {
		t.Fatalf("%d tokens are past the limit", n)
	}
	doc, ok := parse(text)
	if !ok || checkShape(doc, DefaultLimits) != nil {
		t.Fatal("the query is past the limits")
	}
	start := time.Now()
	if _, errs := gqlparser.LoadQueryWithRules(schema, text, nil); errs != nil {
		t.Fatal(errs)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	t.Logf("took %v", time.Since(start))
}

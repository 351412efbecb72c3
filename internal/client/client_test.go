package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariablesAreTypedByTheDocument(t *testing.T) {
	const document = `query Q($n: Int, $x: Float, $yes: Boolean, $s: String!, $id: ID, $level: Level, $f: CaseFilter, $many: [String!], $years: [Int!]) { cases { nodes { slug } } }`
	for _, tt := range []struct {
		name, want string
		words      []string
	}{
		{"scalars", `{"id":"12","n":5,"s":"5","x":1.50,"yes":true}`, []string{"n=5", "x=1.50", "yes=true", "s=5", "id=12"}},
		{"a text may hold what others have a meaning for", `{"s":"a=[1]"}`, []string{"s=a=[1]"}},
		{"null is no value, but in a text", `{"n":null,"s":"null"}`, []string{"n=null", "s=null"}},
		{"enum and input", `{"f":{"years":[2023]},"level":"COUNTY","s":""}`, []string{"s=", "level=COUNTY", `f={"years":[2023]}`}},
		{"a list by repeating", `{"many":["a","b"],"s":"","years":[2021]}`, []string{"s=", "many=a", "many=b", "years=2021"}},
		{"a list as JSON", `{"s":"","years":[2021,2022]}`, []string{"s=", "years=[2021, 2022]"}},
		{"a file", `{"s":"text of p.txt"}`, []string{"s=@p.txt"}},
		{"no number", `s: -var s=… is missing; n: "five" is not a whole number`, []string{"n=five"}},
		{"too large a number", `n: "3000000000" is not a whole number of 32 bits`, []string{"s=", "n=3000000000"}},
		{"twice", `level: is given 2 times, and is no list but Level`, []string{"s=", "level=A", "level=B"}},
		{"of no such name", `the operation has no variable nope`, []string{"s=", "nope=1"}},
		{"not JSON", `f: "{years" is not JSON`, []string{"s=", "f={years"}},
		{"no equals sign", `"s" is not name=value`, []string{"s", "s=1"}},
		{"no file", `s: none.txt is not there`, []string{"s=@none.txt"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, document, "")
			values, err := d.Variables(tt.words, func(name string) (string, error) {
				if name != "p.txt" {
					return "", errors.New(name + " is not there")
				}
				return "text of p.txt", nil
			})
			if err != nil {
				last := tt.want[strings.LastIndex(tt.want, ";")+1:]
				if !strings.Contains(err.Error(), strings.TrimSpace(last)) {
					t.Errorf("got %q, want it to have %q", err, last)
				}
				return
			}
			got, err := json.Marshal(values)
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s (%v), want %s", got, err, tt.want)
			}
		})
	}
}

func mustParse(t *testing.T, text, operation string) *Document {
	t.Helper()
	d, err := Parse(text, operation)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatIsWrongWithADocumentIsSaid(t *testing.T) {
	for _, tt := range []struct{ text, operation, want string }{
		{"{ cases { ", "", "query:1:"},
		{"", "", "no operation"},
		{"query A { a } query B { b }", "", "A, B"},
		{"query A { a } query B { b }", "C", `no operation "C"`},
		{"subscription { changes { id } }", "", "subscription"},
		{"{ cases { ...Gone } }", "", "no fragment Gone"},
		{"{ cases { ...Loop } } fragment Loop on CaseConnection { ...Loop }", "", "spreads itself"},
	} {
		if _, err := Parse(tt.text, tt.operation); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want it to have %q", tt.text, err, tt.want)
		}
	}
	if err := mustParse(t, "{ cases { nodes { slug } } brands { nodes { slug } } }", "").Rows(); err == nil || !strings.Contains(err.Error(), "cases, brands") {
		t.Errorf("two lists: %v", err)
	}
}

// answered makes a server that returns this data, and an answer of it.
func answered(t *testing.T, document, data string) *Answer {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"data":%s}`, data)
	}))
	t.Cleanup(s.Close)
	a, err := (&Client{URL: s.URL}).Ask(t.Context(), mustParse(t, document, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnAnswerIsLaidOutByItsDocument(t *testing.T) {
	for _, tt := range []struct{ name, document, data, want string }{
		{
			"a connection",
			`{ cases { totalCount nodes { ...C topics { name } } } } fragment C on Case { slug committee { name } year }`,
			`{"cases":{"totalCount":2,"nodes":[{"slug":"a","committee":null,"year":2021,"topics":[{"name":"教育"},{"name":"民生"}]},{"slug":"b","committee":{"name":"长春"},"year":null,"topics":[]}]}}`,
			"slug,committee.name,year,topics.name\r\na,,2021,教育；民生\r\nb,长春,,\r\n",
		},
		{
			"edges of a union, below an object",
			`{ committee(slug: "x") { all: hits { edges { score node { __typename ... on Case { title } ... on Brand { name } } } } } }`,
			`{"committee":{"all":{"edges":[{"score":0.25,"node":{"__typename":"Case","title":"t,\"1\""}},{"score":12345678901234567890,"node":{"__typename":"Brand","name":"=1+1"}}]}}}`,
			"score,node.__typename,node.title,node.name\r\n0.25,Case,\"t,\"\"1\"\"\",\r\n12345678901234567890,Brand,,'=1+1\r\n",
		},
		{"a connection of nobody's", `{ committee(slug: "x") { cases { nodes { slug } } } }`, `{"committee":null}`, "slug\r\n"},
		{"a list", `{ ledger { subject held } }`, `{"ledger":[{"subject":"cases","held":21}]}`, "subject,held\r\ncases,21\r\n"},
		{"a list of texts", `{ words }`, `{"words":["a","b"]}`, "value\r\na\r\nb\r\n"},
		{"one record", `{ case(slug: "a") { slug steps { code documented } } }`, `{"case":{"slug":"a","steps":[{"code":"A","documented":true},{"code":"B","documented":false}]}}`, "slug,steps.code,steps.documented\r\na,A；B,true；false\r\n"},
		{"no record", `{ case(slug: "a") { slug } }`, `{"case":null}`, "slug\r\n"},
		{"several fields", `{ a: ping b: pong { n } }`, `{"a":1,"b":{"n":2}}`, "a,b.n\r\n1,2\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, err := answered(t, tt.document, tt.data).Table()
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			if err := table.WriteCSV(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff("\uFEFF"+tt.want, got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheTableStandsInColumnsWhateverItsCharacters(t *testing.T) {
	table := &Table{Columns: []string{"name", "n"}, Rows: [][]string{{"长春", "1"}, {"a\x1b[31m\nb", "2"}, {strings.Repeat("字", 40), "3"}}}
	var got strings.Builder
	if err := table.WriteText(&got); err != nil {
		t.Fatal(err)
	}
	wide := strings.Repeat("字", 23) + "…"
	want := "name" + strings.Repeat(" ", 45) + "n\n长春" + strings.Repeat(" ", 45) + "1\na [31m b" + strings.Repeat(" ", 41) + "2\n" + wide + "  3\n"
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONKeepsTheDocumentsOrder(t *testing.T) {
	a := answered(t, `{ cases { nodes { title slug } } }`, `{"cases":{"nodes":[{"slug":"a","title":"<b>"}]}}`)
	var got strings.Builder
	if err := a.WriteJSON(&got); err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"cases\": {\n    \"nodes\": [\n      {\n        \"title\": \"<b>\",\n        \"slug\": \"a\"\n      }\n    ]\n  }\n}\n"
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAServerThatIsBusyIsAskedAgain(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if got := r.Header.Get("Authorization"); got != "Bearer secret" {
			t.Errorf("Authorization %q", got)
		}
		if asked == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"errors":[{"message":"x","extensions":{"code":"UNAVAILABLE"}}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"data":{"ping":1}}`)
	}))
	defer s.Close()
	if _, err := (&Client{URL: s.URL, Token: "secret"}).Ask(t.Context(), mustParse(t, "{ ping }", ""), nil); err != nil || asked != 2 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

func TestErrorsOfAServerAreToldWithTheirCodes(t *testing.T) {
	for _, tt := range []struct {
		body, want string
		data       bool // is given beside the error
	}{
		{`{"errors":[{"message":"m","path":["cases",0],"extensions":{"code":"INVALID","message":{"en":"no","zh":"不"}}}],"data":{"ping":null}}`, "INVALID cases 0: no", true},
		{`{"errors":[{"message":"plain"}]}`, ": plain", false},
		{`<html>`, "is no GraphQL server (HTTP 200)", false},
		{`{}`, "is no GraphQL server (HTTP 200)", false},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, tt.body) }))
		answer, err := (&Client{URL: s.URL}).Ask(t.Context(), mustParse(t, "{ ping }", ""), nil)
		s.Close()
		if (answer != nil) != tt.data {
			t.Errorf("%s: the answer is %v", tt.body, answer)
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want it to have %q", tt.body, err, tt.want)
		}
	}
	_, err := (&Client{URL: "http://127.0.0.1:1"}).Ask(t.Context(), mustParse(t, "{ ping }", ""), nil)
	if err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("of nobody: %v", err)
	}
}

package gqlhttp

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

func TestOnlyRegisteredQueriesAreRun(t *testing.T) {
	const text = "{ hello }"
	folder := fstest.MapFS{
		"a.graphql":   {Data: []byte(text + "\n")},
		"relay.json":  {Data: []byte(`{"r1":"query R { echo(n: 1) }"}`)},
		"apollo.json": {Data: []byte(`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a1","name":"A","type":"query","body":"query A { echo(n: 2) }"}]}`)},
		"README.md":   {Data: []byte("not read")},
	}
	o := fakeOptions()
	var err error
	if o.Persisted, err = ReadPersisted(folder, gqltest.SDL); err != nil {
		t.Fatal(err)
	}
	h := New(o)
	id := func(id string) string {
		return `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + id + `"}}}`
	}
	for _, tt := range []struct{ name, body, data, code string }{
		{"a registered text", `{"query":"{ hello }"}`, `{"hello":"world"}`, ""},
		{"its hash", id(hashOf(text)), `{"hello":"world"}`, ""},
		{"an id of Relay's", id("r1"), `{"echo":1}`, ""},
		{"an id of Apollo's", id("a1"), `{"echo":2}`, ""},
		{"any other text", `{"query":"{ tags { title } }"}`, "", "PERSISTED_QUERY_REQUIRED"},
		{"any other text with a registered hash", `{"query":"{ tags { title } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hashOf(text) + `"}}}`, "", "PERSISTED_QUERY_REQUIRED"},
		{"an unknown hash", id(hashOf("{ tags }")), "", "PERSISTED_QUERY_REQUIRED"},
	} {
		a := decode(t, post(t, h, tt.body).Body)
		if diff := cmp.Diff([]string{tt.data, tt.code}, []string{string(a.Data), a.Code(t)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if _, problems := New(o).Query(context.Background(), "{ tags { title } }", "", nil); len(problems) != 0 {
		t.Errorf("the server's own pages: %v", problems)
	}
}

func TestWhatIsWrongWithRegisteredQueriesIsToldAtOnce(t *testing.T) {
	for name, folder := range map[string]fstest.MapFS{
		"none":                 {},
		"a field that is none": {"a.graphql": {Data: []byte("{ nothing }")}},
		"no JSON":              {"a.json": {Data: []byte("{")}},
	} {
		if p, err := ReadPersisted(folder, gqltest.SDL); err == nil {
			t.Errorf("%s: %v", name, p)
		}
	}
	_, err := ReadPersisted(fstest.MapFS{"a.graphql": {Data: []byte("{ one }")}, "b.graphql": {Data: []byte("{ two }")}}, gqltest.SDL)
	if err == nil || !strings.Contains(err.Error(), "a.graphql") || !strings.Contains(err.Error(), "b.graphql") {
		t.Errorf("%v does not name both", err)
	}
	if kind := catalog.ErrorKindOf(err); kind != catalog.KindInternal {
		t.Errorf("it is %s, as if a user had done it", kind)
	}
}

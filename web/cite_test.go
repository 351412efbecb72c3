package web

import "testing"

// The article in which a record is told is the one that says most of it, not one that
// lists its name among others.
func TestTheArticleIsTheOneThatSaysMost(t *testing.T) {
	citation := func(cited string, fields ...any) any { return map[string]any{"gbt7714": cited, "fields": fields} }
	for name, test := range map[string]struct {
		citations []any
		want      string
	}{
		"a list that names it, and the text":   {[]any{citation("list", "title", "brand", "committee"), citation("text", "summary", "approach", "startedOn", "results")}, "text"},
		"the text first":                       {[]any{citation("text", "summary", "approach"), citation("list", "title")}, "text"},
		"as much in both: that which names it": {[]any{citation("other", "summary", "results"), citation("named", "name", "offices")}, "named"},
		"as much in both, neither names it":    {[]any{citation("first", "summary"), citation("second", "results")}, "first"},
		"one quote":                            {[]any{citation("only")}, "only"},
		"no quote":                             {nil, ""},
	} {
		if got := article(map[string]any{"citations": test.citations}); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

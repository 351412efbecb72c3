package store

import "testing"

// An address asks for a schema in each of the ways in which PostgreSQL takes it.
func TestTheSchemaThatAnAddressAsksFor(t *testing.T) {
	for _, tt := range []struct {
		options, own string
		want         string
		given        bool
	}{
		{"", "", "", false},
		{"", "kb", "kb", true},
		{"-c search_path=kb", "", "kb", true},
		{"-csearch_path=kb,public", "", "kb,public", true},
		{"--search-path=kb", "", "kb", true},
		{"--search_path=kb -c jit=off", "", "kb", true},
		{"-c jit=off  -c search_path=a -c search_path=b", "", "b", true},
		{`-c search_path="my\ place",public`, "", `"my place",public`, true},
		{`-c search_path=a\\b`, "", `a\b`, true},
		{"-c statement_timeout=5s", "", "", false},
		{"-c", "", "", false},
		{"search_path=kb", "", "", false},
	} {
		params := map[string]string{}
		if tt.options != "" {
			params["options"] = tt.options
		}
		if tt.own != "" {
			params["search_path"] = tt.own
		}
		if got, given := searchPath(params); got != tt.want || given != tt.given {
			t.Errorf("%q, %q: %q (%v), want %q (%v)", tt.options, tt.own, got, given, tt.want, tt.given)
		}
	}
}

// It is set after connecting, where no pooler takes it away, and nothing of it is sent at
// the start by its own name, which PgBouncer refuses.
func TestTheSchemaIsSetAfterConnecting(t *testing.T) {
	config, err := parseURL("postgres://somebody@127.0.0.1:1/db?search_path=it%27s", "jisi")
	if err != nil {
		t.Fatal(err)
	}
	if got, sent := config.ConnConfig.RuntimeParams["search_path"]; sent {
		t.Errorf("%q is sent at the start", got)
	}
}

package backup

import (
	"strings"
	"testing"
)

func TestAnAddressBecomesOneThatPostgreSQLsProgramsTake(t *testing.T) {
	for address, want := range map[string][2]string{
		"postgres://u:geheim@h:5/db?sslmode=require": {"postgres://u@h:5/db?sslmode=require", "PGPASSWORD=geheim"},
		"postgres://u:a%40b@h/db":                    {"postgres://u@h/db", "PGPASSWORD=a@b"},
		"postgres://h/db?password=geheim&user=u":     {"postgres://h/db?user=u", "PGPASSWORD=geheim"},
		"postgres://u@h/db":                          {"postgres://u@h/db", ""},
		"host=h password=geheim dbname=d":            {"host=h dbname=d", "PGPASSWORD=geheim"},
		`user=u password = 'a \'b\\' host=h`:         {"user=u host=h", `PGPASSWORD=a 'b\`},
		"host=/tmp dbname=jisi":                      {"host=/tmp dbname=jisi", ""},

		// What means something to the driver alone, and settings of the session.
		"postgres://u@h/db?pool_max_conns=4":                                 {"postgres://u@h/db", ""},
		"postgres://u@h/db?search_path=a,b":                                  {"postgres://u@h/db", "PGOPTIONS=-c search_path=a,b"},
		"postgres://u@h/db?search_path=%22my%20own%22":                       {"postgres://u@h/db", `PGOPTIONS=-c search_path="my\ own"`},
		"postgres://u@h/db?options=-c%20search_path%3Da&statement_timeout=0": {"postgres://u@h/db", "PGOPTIONS=-c search_path=a -c statement_timeout=0"},
		"host=h dbname=d search_path=a pool_min_conns=1":                     {"host=h dbname=d", "PGOPTIONS=-c search_path=a"},

		// Several hosts.
		"postgres://u:p@h1:1,h2:2,[::1]:3/db?target_session_attrs=primary": {"postgres://u@h1:1,h2:2,[::1]:3/db?target_session_attrs=primary", "PGPASSWORD=p"},
		"host=h1,h2 port=1,2 dbname=d":                                     {"host=h1,h2 port=1,2 dbname=d", ""},
		"postgres:///db?host=/run/postgresql":                              {"postgres:///db?host=%2Frun%2Fpostgresql", ""},
	} {
		got, environment := connection(address)
		if said := strings.Join(environment, "; "); got != want[0] || said != want[1] {
			t.Errorf("%s: %q, %q; want %q", address, got, said, want)
		}
	}
}

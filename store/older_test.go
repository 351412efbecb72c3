package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
)

func TestEachKindHasTheMigrationThatBroughtIt(t *testing.T) {
	const first = 10 // of the first release, whose servers do not say what they know
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range catalog.RecordKinds {
		brought := int64(0)
		for _, f := range files { // by number
			text, err := migrations.ReadFile("migrations/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "'"+string(kind)+"'") || strings.Contains(string(text), "CREATE TABLE "+tables[kind].name+" (") {
				if brought, err = goose.NumericComponent(f.Name()); err != nil {
					t.Fatal(err)
				}
				break
			}
		}
		if brought == 0 || brought > first && since[kind] != brought || brought <= first && since[kind] != 0 {
			t.Errorf("%s came with migration %d, and servers are taken to know it from %d on", kind, brought, since[kind])
		}
	}
}

// TestWhatOlderServersDoNotKnowIsWrittenOnceTheyAreGone has somebody connected who calls
// themselves what a server of some version does.
func TestWhatOlderServersDoNotKnowIsWrittenOnceTheyAreGone(t *testing.T) {
	address := pgtest.New(t, Migrate)
	as := func(name string, change func(*pgx.ConnConfig)) *pgx.Conn {
		t.Helper()
		config, err := pgx.ParseConfig(address)
		if err != nil {
			t.Fatal(err)
		}
		config.RuntimeParams["application_name"] = name
		if change != nil {
			change(config)
		}
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	role := fmt.Sprintf("older_%d", time.Now().UnixNano())
	operator := as("psql", nil)
	if _, err := operator.Exec(t.Context(), "CREATE ROLE "+role+" LOGIN"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if _, err := operator.Exec(ctx, "DROP ROLE "+role); err != nil {
			t.Error(err)
		}
		_ = operator.Close(ctx)
	})
	n := 0
	inputs := func() map[string]catalog.Input {
		n++
		head := func(what string) catalog.InputMeta {
			return catalog.InputMeta{Slug: fmt.Sprintf("%s-%d", what, n), Origin: catalog.OriginSynthetic}
		}
		return map[string]catalog.Input{
			"case":     &catalog.CaseInput{InputMeta: head("case"), Title: "案例"},
			"outcome":  &catalog.CaseInput{InputMeta: head("outcome"), Title: "有成果的案例", Outcomes: []catalog.OutcomeInput{{Form: "成果"}}},
			"need":     &catalog.NeedInput{InputMeta: head("need"), Problem: "需求"},
			"activity": &catalog.ActivityInput{InputMeta: head("activity"), ActivityKind: catalog.ActivityOther, Title: "活动"},
			"round":    &catalog.EvaluationRoundInput{InputMeta: head("round"), Year: 2000 + n},
		}
	}
	put := func(s *Store, in catalog.Input) error {
		w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
		if err != nil {
			return err
		}
		defer func() { _ = w.Rollback(context.WithoutCancel(t.Context())) }()
		written, err := w.Put(t.Context(), []catalog.Input{in})
		if err != nil {
			return err
		}
		if written[0].Err != nil {
			return written[0].Err
		}
		return w.Commit(t.Context())
	}
	for _, tt := range []struct {
		what, name string
		change     func(*pgx.ConnConfig)
		refused    string
	}{
		{"a server of 2026-11-27", "jisi", nil, "outcome need activity round"},
		{"one that knows needs", "jisi/44", nil, "activity round"},
		{"one that knows all of these kinds, and not all", "jisi/82", nil, ""},
		{"one like this", appName(), nil, ""},
		{"a newer one", fmt.Sprintf("jisi/%d", knownMigration()+1), nil, ""},
		{"a command that looks", "jisi doctor", nil, ""},
		{"somebody else's", "jisi/first", nil, ""},
		{"another database's", "jisi", func(c *pgx.ConnConfig) { c.Database = "postgres" }, ""},
		{"another role's", "jisi", func(c *pgx.ConnConfig) { c.User = role }, ""},
	} {
		conn := as(tt.name, tt.change)
		s, err := Open(t.Context(), address, Options{MaxConns: 2})
		if err != nil {
			t.Fatal(err)
		}
		for what, in := range inputs() {
			err := put(s, in)
			if want := strings.Contains(tt.refused, what); want != (catalog.ErrorKindOf(err) == catalog.KindUnavailable) || !want && err != nil {
				t.Errorf("%s is there (%s), and a %s: %v", tt.what, tt.name, what, err)
			}
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.AwaitUpgrade(t.Context()); err != nil || s.OlderServers() {
			t.Errorf("%s is gone: %v, older servers: %v", tt.what, err, s.OlderServers())
		}
		for what, in := range inputs() {
			if err := put(s, in); err != nil {
				t.Errorf("%s is gone (%s), and a %s: %v", tt.what, tt.name, what, err)
			}
		}
		s.Close()
	}

	// It is found out by one who is closed meanwhile as well.
	conn := as("jisi", nil)
	s, err := Open(t.Context(), address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !s.OlderServers() {
		t.Error("an older one is there")
	}
	s.Close()
	_ = conn.Close(t.Context())
}

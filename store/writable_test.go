package store_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// Whatever keeps the database from taking writes shows when it is asked, while reading
// goes on, and is over when it is taken away.
func TestADatabaseThatTakesNoWritesSaysSo(t *testing.T) {
	for _, tt := range []struct {
		what, says, doctor string
		take, back         []string
		url                [2]string
		after              bool // it shows with a write, not before
		casesOnly          bool // others can still be written
	}{
		{what: "the database is read-only by default", says: "takes no writes", doctor: "read-only", take: []string{"ALTER DATABASE $db SET default_transaction_read_only = on"}, back: []string{"SET default_transaction_read_only = off", "ALTER DATABASE $db RESET default_transaction_read_only"}},
		{what: "the role is", says: "takes no writes", doctor: "read-only", take: []string{"ALTER ROLE $role SET default_transaction_read_only = on"}, back: []string{"ALTER ROLE $role RESET default_transaction_read_only"}},
		{what: "the role is, in this database", says: "takes no writes", doctor: "read-only", take: []string{"ALTER ROLE $role IN DATABASE $db SET default_transaction_read_only = on"}, back: []string{"ALTER ROLE $role IN DATABASE $db RESET default_transaction_read_only"}},
		{what: "options of the address", says: "takes no writes", doctor: "read-only", url: [2]string{"options", "-c default_transaction_read_only=on"}},
		{what: "no right to insert", says: "grant INSERT ON records, revisions", doctor: "barred", take: []string{"REVOKE INSERT ON revisions, records FROM $role"}, back: []string{"GRANT INSERT ON revisions, records TO $role"}},
		{what: "no right to one table only", says: "grant INSERT ON outbox", doctor: "barred", take: []string{"REVOKE INSERT ON outbox FROM $role"}, back: []string{"GRANT INSERT ON outbox TO $role"}},
		{what: "no right to change cases", casesOnly: true, says: "grant UPDATE ON cases", doctor: "barred", take: []string{"REVOKE UPDATE ON cases FROM $role"}, back: []string{"GRANT UPDATE ON cases TO $role"}},
		{what: "the owner of records has taken the right from himself", says: "grant UPDATE ON records", doctor: "barred", take: []string{"ALTER TABLE records OWNER TO $role", "REVOKE UPDATE ON records FROM $role"}, back: []string{"GRANT UPDATE ON records TO $role"}},
		{what: "no right to see what was written", says: "grant INSERT ON cases; SELECT ON records", doctor: "barred", take: []string{"REVOKE SELECT ON records FROM $role", "REVOKE INSERT ON cases FROM $role"}, back: []string{"GRANT SELECT ON records TO $role", "GRANT INSERT ON cases TO $role"}},
		{what: "a full disk", says: "disk is full", after: true, take: []string{
			`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$`,
			"CREATE TRIGGER no_room BEFORE INSERT ON records EXECUTE FUNCTION no_room()",
		}, back: []string{"DROP TRIGGER no_room ON records", "DROP FUNCTION no_room"}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			address := pgtest.New(t, store.Migrate)
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			as := role(t, address, "writes", "")
			run(t, address, "GRANT ALL ON ALL TABLES IN SCHEMA public TO writes", "GRANT ALL ON SCHEMA public TO writes")
			if tt.url[0] != "" {
				as = with(t, as, tt.url[0], tt.url[1])
			}
			named := func(statements []string) (out []string) {
				for _, s := range statements {
					out = append(out, strings.NewReplacer("$db", `"`+strings.TrimPrefix(u.Path, "/")+`"`, "$role", "writes").Replace(s))
				}
				return out
			}
			if tt.url[0] == "" {
				before, err := store.Open(t.Context(), as, store.Options{MaxConns: 2})
				if err != nil {
					t.Fatal(err)
				}
				if err := before.PingPrimary(t.Context()); err != nil || !before.Writable() {
					t.Fatalf("before anything is wrong: %v", err)
				}
				before.Close()
			}
			run(t, address, named(tt.take)...)
			s, err := store.Open(t.Context(), as, store.Options{MaxConns: 2})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			if tt.after && s.PingPrimary(t.Context()) != nil {
				t.Error("it shows before a write")
			}
			if !tt.after {
				x, err := store.Examine(t.Context(), as)
				if err != nil || tt.doctor == "read-only" != x.ReadOnly || tt.doctor == "barred" != (x.Barred != "") {
					t.Errorf("the doctor sees %+v, %v", x, err)
				}
				if err := s.PingPrimary(t.Context()); catalog.ErrorKindOf(err) != catalog.KindUnavailable || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("asked: %v, want %q", err, tt.says)
				}
			}
			if err := write(t.Context(), s, "never", "不行"); catalog.ErrorKindOf(err) != catalog.KindUnavailable {
				t.Errorf("a write: %v", err)
			}
			admin := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin})
			_, err = s.Edit(admin, catalog.Edit{Action: catalog.ActionCreate, Kind: catalog.KindTopic, Input: &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "no-topic"}, Name: "不行"}})
			if catalog.ErrorKindOf(err) != catalog.KindUnavailable && !tt.casesOnly {
				t.Errorf("a mutation: %v", err)
			}
			if s.Writable() && !tt.casesOnly {
				t.Error("it counts as taking writes")
			}
			if err := s.PingPrimary(t.Context()); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("asked after a write: %v, want %q", err, tt.says)
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Errorf("reading: %v", err)
			}
			if tt.url[0] != "" {
				return
			}
			run(t, address, named(tt.back)...)
			s.Close() // a setting is a new session's
			if s, err = store.Open(t.Context(), as, store.Options{MaxConns: 2}); err != nil {
				t.Fatal(err)
			}
			if err := write(t.Context(), s, "again", "可以"); err != nil || !s.Writable() {
				t.Errorf("taken away again: %v", err)
			}
			if err := s.PingPrimary(t.Context()); err != nil {
				t.Errorf("taken away again: %v", err)
			}
		})
	}
	pair := pgtest.NewPair(t, store.Migrate)
	standby, err := store.Open(t.Context(), pair.Standby.URL(), store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer standby.Close()
	if err := standby.PingPrimary(t.Context()); err == nil || !strings.Contains(err.Error(), "takes no writes") {
		t.Errorf("a server in recovery: %v", err)
	}
}

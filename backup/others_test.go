package backup

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
	"github.com/jisiguangyi/jisi/store/verify"
)

// execute runs statements in a database and returns the last one's only value.
func execute(t *testing.T, address string, statements ...string) (value string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for i, s := range statements {
		if i < len(statements)-1 {
			_, err = conn.Exec(t.Context(), s, pgx.QueryExecModeSimpleProtocol)
		} else {
			err = conn.QueryRow(t.Context(), s, pgx.QueryExecModeSimpleProtocol).Scan(&value)
		}
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return value
}

const theirs = `SELECT (SELECT count(*) FROM theirs.orders)::text || ',' || (SELECT count(*) FROM pg_extension WHERE extname = 'plpgsql')`

// A database belongs to whoever has something in it.
func TestARestoreTouchesNothingThatIsNotOurs(t *testing.T) {
	from := newDatabase(t)
	from.seed(t)
	name, _ := from.write(t)
	elsewhere := []string{"CREATE SCHEMA theirs", "CREATE TABLE theirs.orders AS SELECT generate_series(1, 7) AS n"}
	for _, tt := range []struct {
		what   string
		within []string // in the schema of ours
		names  string
	}{
		{"a table", []string{"CREATE TABLE customers (n int)"}, "customers"},
		{"a view", []string{"CREATE VIEW report AS SELECT 1 AS n"}, "report"},
		{"a function", []string{"CREATE FUNCTION their_sum() RETURNS int LANGUAGE sql AS 'SELECT 1'"}, "their_sum"},
		{"a type", []string{"CREATE TYPE mood AS ENUM ('a')"}, "mood"},
		{"a sequence", []string{"CREATE SEQUENCE tickets"}, "tickets"},
		{"a collation", []string{`CREATE COLLATION theirs_c FROM "C"`}, "theirs_c"},
		{"a materialised view", []string{"CREATE MATERIALIZED VIEW totals AS SELECT 1 AS n"}, "totals"},
		{"a table of another jisi's name in its own schema", nil, ""},
	} {
		for _, migrated := range []bool{false, true} {
			var migrate func(context.Context, string) error
			if migrated {
				migrate = store.Migrate
			}
			address := pgtest.New(t, migrate)
			execute(t, address, append(append(append([]string(nil), elsewhere...), tt.within...), "SELECT 'x'")...)
			g, err := store.Ground(t.Context(), address)
			if tt.names != "" {
				var told *catalog.Error
				if !errors.As(err, &told) || told.Kind != catalog.KindConflict || !strings.Contains(told.En, tt.names) || !strings.Contains(told.Zh, tt.names) {
					t.Errorf("%s (migrated %v): %+v, %v", tt.what, migrated, g, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s (migrated %v): %v", tt.what, migrated, err)
				continue
			}
			if err := open(t, name).Restore(t.Context(), address, g); err != nil {
				t.Errorf("%s (migrated %v): %v", tt.what, migrated, err)
			}
			if got := execute(t, address, theirs); got != "7,1" {
				t.Errorf("%s (migrated %v): theirs is %s", tt.what, migrated, got)
			}
		}
	}
}

// A backup is of what is ours: another program's rows beside it are neither read, for which
// we may have no right, nor made anew where the backup is restored.
func TestABackupLeavesOthersRowsAlone(t *testing.T) {
	from := newDatabase(t)
	from.seed(t)
	execute(t, from.url, "CREATE ROLE keeps_ours LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO keeps_ours", "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO keeps_ours",
		"CREATE TABLE sales (n serial, secret text)", "CREATE TABLE \"A b.c*\" (n int GENERATED ALWAYS AS IDENTITY)", "CREATE SEQUENCE tickets",
		"CREATE TABLE parted (n int) PARTITION BY RANGE (n)", "CREATE TABLE parted_1 PARTITION OF parted DEFAULT",
		"CREATE VIEW titles AS SELECT title FROM cases", "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM cases", "SELECT 'x'")
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), from.url)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "DROP OWNED BY keeps_ours; DROP ROLE keeps_ours", pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(from.url)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("user", "keeps_ours")
	u.RawQuery = q.Encode()
	as, err := store.Open(t.Context(), u.String(), store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer as.Close()
	name, m := database{as, u.String()}.write(t)
	if m.Rows["cases"] == 0 {
		t.Error("there are no cases in the backup")
	}
	to := pgtest.New(t, nil)
	for range 2 { // and once more over what is there then
		g, err := store.Ground(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		if err := open(t, name).Restore(t.Context(), to, g); err != nil {
			t.Fatal(err)
		}
	}
	if got := execute(t, to, "SELECT coalesce(string_agg(relname, ' '), '') FROM pg_class WHERE relname IN ('sales', 'sales_n_seq', 'A b.c*', 'tickets', 'parted', 'parted_1', 'titles', 'totals')"); got != "" {
		t.Errorf("theirs were restored: %s", got)
	}
}

// Tables called as ours are another program's where jisi never was: neither a restore nor
// a migration takes them for its own, and nothing is made beside them. What goose leaves
// when it is stopped before the first migration is in nobody's way.
func TestNamesAloneMakeNothingOurs(t *testing.T) {
	for _, tt := range []struct{ what, statement, names string }{
		{"tables of an application", "CREATE TABLE sessions AS SELECT 'theirs' AS who; CREATE TABLE files (name text)", "table sessions"},
		{"the table of our records' name", "CREATE TABLE records (id int)", "table records"},
		{"a function of ours' name", "CREATE FUNCTION last_day(date) RETURNS date LANGUAGE sql AS 'SELECT $1'", "function last_day"},
		{"a domain", "CREATE DOMAIN partial_date AS text", "domain partial_date"},
		{"another program's migrations by goose", "CREATE TABLE goose_db_version (id int, version_id bigint, is_applied boolean, tstamp timestamp); INSERT INTO goose_db_version VALUES (1, 3, true, now())", "table goose_db_version"},
		{"a table of that name that is not goose's", "CREATE TABLE goose_db_version (id int, version_id bigint)", "table goose_db_version"},
	} {
		address := pgtest.New(t, nil)
		execute(t, address, tt.statement, "SELECT 'x'")
		_, ground := store.Ground(t.Context(), address)
		for what, err := range map[string]error{"restore": ground, "migrate": store.Migrate(t.Context(), address)} {
			var told *catalog.Error
			if !errors.As(err, &told) || told.Kind != catalog.KindConflict || !strings.Contains(told.En, tt.names) || !strings.Contains(told.Zh, tt.names) {
				t.Errorf("%s, %s: %v", tt.what, what, err)
			}
		}
		if got := execute(t, address, "SELECT count(*)::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"); got > "2" {
			t.Errorf("%s: there are %s tables now", tt.what, got)
		}
	}
	begun := pgtest.New(t, nil)
	execute(t, begun, "CREATE TABLE goose_db_version (id int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now())",
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true)", "SELECT 'x'")
	if g, err := store.Ground(t.Context(), begun); err != nil || !g.Unused {
		t.Errorf("stopped before the first migration: %+v, %v", g, err)
	}
	if err := store.Migrate(t.Context(), begun); err != nil {
		t.Errorf("stopped before the first migration: %v", err)
	}
}

// What others have hung on our tables would go with them without a word.
func TestARestoreIsRefusedWhereOthersHangOnOurTables(t *testing.T) {
	into := newDatabase(t)
	for _, tt := range [][2]string{
		{"CREATE FUNCTION theirs.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER their_note AFTER INSERT ON public.cases FOR EACH ROW EXECUTE FUNCTION theirs.note()", "trigger cases.their_note"},
		{"CREATE TRIGGER their_teller AFTER DELETE ON public.venues FOR EACH ROW EXECUTE FUNCTION public.tell_followers()", "trigger venues.their_teller"},
		{"ALTER DOMAIN public.partial_date ADD CONSTRAINT their_date CHECK (VALUE <> 'zz')", "constraint partial_date.their_date"},
		{"CREATE TABLE theirs.base (id bigint); ALTER TABLE theirs.base ALTER id SET NOT NULL; ALTER TABLE public.venues INHERIT theirs.base", "parent venues.theirs.base"},
		{"CREATE PUBLICATION warehouse FOR TABLE public.cases", "publication warehouse"},
		{"CREATE STATISTICS theirs.st ON title, slug FROM public.cases", "statistics st"},
		{"CREATE RULE their_rule AS ON DELETE TO public.topics DO ALSO NOTHING", "rule their_rule"},
		{"CREATE POLICY their_policy ON public.brands USING (true)", "policy their_policy"},
		{"ALTER TABLE public.cases ADD COLUMN warehouse_id int", "column cases.warehouse_id"},
		{"CREATE INDEX their_index ON public.cases (title)", "index cases.their_index"},
		{"ALTER TABLE public.topics ADD CONSTRAINT their_check CHECK (id > 0)", "constraint topics.their_check"},
		{"CREATE TABLE theirs.keys (id bigint PRIMARY KEY); ALTER TABLE public.venues ADD CONSTRAINT their_key FOREIGN KEY (id) REFERENCES theirs.keys (id) NOT VALID", "constraint venues.their_key"},
		{"CREATE SEQUENCE public.their_numbers OWNED BY public.cases.id", "sequence cases.their_numbers"},
		{"CREATE FUNCTION public.last_day(timestamp) RETURNS date LANGUAGE sql AS 'SELECT $1::date'", "function last_day(timestamp)"},
		{"CREATE FUNCTION public.reading(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function reading(int4,int4)"},
		{"CREATE PROCEDURE public.digest_revision(int) LANGUAGE sql AS 'SELECT 1'", "procedure digest_revision"},
	} {
		execute(t, into.url, "CREATE SCHEMA theirs", tt[0], "SELECT 'x'")
		_, err := store.Ground(t.Context(), into.url)
		var told *catalog.Error
		if !errors.As(err, &told) || told.Kind != catalog.KindConflict || !strings.Contains(told.En, tt[1]) {
			t.Errorf("%s: %v", tt[1], err)
		}
		if strings.HasPrefix(tt[1], "parent") {
			execute(t, into.url, "ALTER TABLE venues NO INHERIT theirs.base", "SELECT 'x'")
		}
		execute(t, into.url, "DROP SCHEMA theirs CASCADE", "DROP PUBLICATION IF EXISTS warehouse", "DROP RULE IF EXISTS their_rule ON topics", "DROP POLICY IF EXISTS their_policy ON brands",
			"ALTER TABLE cases DROP COLUMN IF EXISTS warehouse_id", "DROP INDEX IF EXISTS their_index", "ALTER TABLE topics DROP CONSTRAINT IF EXISTS their_check", "DROP SEQUENCE IF EXISTS their_numbers",
			"DROP FUNCTION IF EXISTS last_day(timestamp)", "DROP FUNCTION IF EXISTS reading(int, int)", "DROP PROCEDURE IF EXISTS digest_revision(int)",
			"DROP TRIGGER IF EXISTS their_teller ON venues", "ALTER DOMAIN partial_date DROP CONSTRAINT IF EXISTS their_date", "SELECT 'x'")
	}
	if _, err := store.Ground(t.Context(), into.url); err != nil {
		t.Error(err)
	}
}

// What others were granted on our tables, and what they wrote about them, stays.
func TestARestoreKeepsWhatOthersWereGranted(t *testing.T) {
	from, into := newDatabase(t), newDatabase(t)
	from.seed(t)
	name, _ := from.write(t)
	const them = `"their $keep$ reports"`
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), into.url)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(context.Background())
		for _, s := range []string{"DROP OWNED BY " + them, "DROP ROLE " + them} {
			if _, err := conn.Exec(context.Background(), s, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Error(err)
			}
		}
	})
	execute(t, into.url, "CREATE ROLE "+them, "GRANT SELECT ON cases, topics TO "+them, "GRANT UPDATE (title), INSERT (title) ON cases TO "+them+" WITH GRANT OPTION",
		"GRANT SELECT ON brands TO PUBLIC", "REVOKE EXECUTE ON FUNCTION last_day FROM PUBLIC", "GRANT EXECUTE ON FUNCTION last_day TO "+them,
		"GRANT USAGE ON DOMAIN partial_date TO "+them, "GRANT USAGE ON SEQUENCE outbox_seq_seq TO "+them,
		`COMMENT ON TABLE cases IS 'their $keep$ "notes" ''here'''`, `COMMENT ON COLUMN cases.title IS E'a \\ and\na line'`, "ALTER TABLE revisions SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 90)",
		"ALTER TABLE cases ENABLE ROW LEVEL SECURITY", "ALTER TABLE cases FORCE ROW LEVEL SECURITY", "ALTER TABLE brands ENABLE ROW LEVEL SECURITY",
		"ALTER TABLE cases REPLICA IDENTITY FULL", "ALTER TABLE topics REPLICA IDENTITY NOTHING", "ALTER TABLE brands REPLICA IDENTITY USING INDEX brands_pkey",
		"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO "+them, "SELECT 'x'")
	const seen = `SELECT concat_ws(' ', (SELECT relacl::text FROM pg_class WHERE oid = 'cases'::regclass), (SELECT attacl::text FROM pg_attribute WHERE attrelid = 'cases'::regclass AND attname = 'title'),
		(SELECT relacl::text FROM pg_class WHERE oid = 'brands'::regclass), (SELECT proacl::text FROM pg_proc WHERE oid = 'last_day'::regproc), (SELECT typacl::text FROM pg_type WHERE oid = 'partial_date'::regtype),
		(SELECT relacl::text FROM pg_class WHERE oid = 'outbox_seq_seq'::regclass), obj_description('cases'::regclass), col_description('cases'::regclass, (SELECT attnum FROM pg_attribute WHERE attrelid = 'cases'::regclass AND attname = 'title')),
		(SELECT reloptions::text FROM pg_class WHERE oid = 'revisions'::regclass), (SELECT count(*) FROM pg_default_acl),
		(SELECT string_agg(format('%s:%s:%s:%s', relname, relrowsecurity, relforcerowsecurity, relreplident), ' ') FROM pg_class WHERE relname IN ('cases', 'topics', 'brands', 'venues')),
		(SELECT string_agg(format('identity:%s', indexrelid::regclass), ' ') FROM pg_index WHERE indisreplident))`
	before := execute(t, into.url, seen)
	g := ground(t, into.url)
	if g.Kept < 18 {
		t.Errorf("%d are kept:\n%s", g.Kept, g.Keep)
	}
	if err := open(t, name).Restore(t.Context(), into.url, g); err != nil {
		t.Fatal(err)
	}
	if err := into.Keep(t.Context(), g); err != nil { // again, after migrations
		t.Fatal(err)
	}
	sorted := func(s string) string { // grants come in another order, and the defaults besides
		words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,{}", r) })
		slices.Sort(words)
		return strings.Join(slices.Compact(words), "\n")
	}
	if diff := cmp.Diff(sorted(before), sorted(execute(t, into.url, seen))); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if got := execute(t, into.url, `SELECT has_table_privilege('their $keep$ reports', 'cases', 'SELECT')::text || has_table_privilege('their $keep$ reports', 'persons', 'SELECT')::text`); got != "truetrue" {
		t.Errorf("it may read: %s", got) // of persons by the default privileges
	}
}

// Restored by another user, the tables would be that one's.
func TestARestoreLeavesTablesToTheirOwner(t *testing.T) {
	into := newDatabase(t)
	execute(t, into.url, "CREATE ROLE their_owner", "GRANT CREATE ON SCHEMA public TO their_owner", "ALTER TABLE cases OWNER TO their_owner", "SELECT 'x'")
	_, err := store.Ground(t.Context(), into.url)
	var told *catalog.Error
	if !errors.As(err, &told) || told.Kind != catalog.KindConflict || !strings.Contains(told.En, "their_owner") {
		t.Error(err)
	}
	execute(t, into.url, "GRANT SELECT ON goose_db_version TO their_owner", "ALTER TABLE cases ENABLE ROW LEVEL SECURITY", "ALTER TABLE cases FORCE ROW LEVEL SECURITY", "SELECT 'x'")
	u, err := url.Parse(into.url)
	if err != nil {
		t.Fatal(err)
	}
	u.RawQuery += "&options=-crole%3Dtheir_owner"
	if _, err = store.Ground(t.Context(), u.String()); !errors.As(err, &told) || told.Kind != catalog.KindConflict || !strings.Contains(told.En, "row security cases") {
		t.Errorf("rows are hidden from the owner himself: %v", err)
	}
	execute(t, into.url, "REASSIGN OWNED BY their_owner TO CURRENT_USER", "DROP OWNED BY their_owner", "DROP ROLE their_owner", "SELECT 'x'")
	if _, err := store.Ground(t.Context(), into.url); err != nil {
		t.Error(err)
	}
}

// What stands elsewhere and uses our tables would fall with them.
func TestARestoreIsRefusedWhereOthersUseOurTables(t *testing.T) {
	from, into := newDatabase(t), newDatabase(t)
	from.seed(t)
	name, _ := from.write(t)
	for _, s := range []string{
		"CREATE VIEW theirs.titles AS SELECT title FROM public.cases",
		"CREATE TABLE theirs.notes (record_id bigint REFERENCES public.records (id))",
		"CREATE TABLE theirs.dates (d public.partial_date)",
		"CREATE TABLE theirs.sorted (name text COLLATE public.jisi_zh)",
	} {
		execute(t, into.url, "CREATE SCHEMA IF NOT EXISTS theirs", s, "SELECT 'x'")
		err := open(t, name).Restore(t.Context(), into.url, ground(t, into.url))
		var told *catalog.Error
		if !errors.As(err, &told) || told.Kind != catalog.KindConflict {
			t.Errorf("%s: %v", s, err)
		}
		if got := execute(t, into.url, "SELECT count(*)::text FROM cases"); got != "0" {
			t.Errorf("%s: %s cases", s, got)
		}
		execute(t, into.url, "DROP SCHEMA theirs CASCADE", "SELECT 'x'")
	}
}

// addressIn returns the address of a new database with tables in that schema.
func addressIn(t *testing.T, schema string) string {
	t.Helper()
	address := pgtest.New(t, nil)
	if schema == "public" {
		return address
	}
	execute(t, address, "CREATE SCHEMA "+pgx.Identifier{schema}.Sanitize(), "SELECT 'x'")
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", pgx.Identifier{schema}.Sanitize())
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	return u.String()
}

func TestABackupComesBackFromAnySchemaIntoAnyOther(t *testing.T) {
	var want map[string]int
	for _, way := range [][2]string{{"public", "own"}, {"own", "public"}, {"own", "own"}, {"own", `My "own" $1`}, {`My "own" $1`, "other"}} {
		from := database{url: addressIn(t, way[0])}
		if err := store.Migrate(t.Context(), from.url); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), from.url, store.Options{MaxConns: 4})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		from.Store = s
		from.seed(t)
		name, m := from.write(t)
		if m.Rows["cases"] < 20 || m.Namespace != way[0] {
			t.Fatalf("%v: %+v", way, m)
		}
		into := database{url: addressIn(t, way[1])}
		if err := open(t, name).Restore(t.Context(), into.url, ground(t, into.url)); err != nil {
			t.Errorf("%v: %v", way, err)
			continue
		}
		if err := store.Migrate(t.Context(), into.url); err != nil {
			t.Fatal(err)
		}
		if into.Store, err = store.Open(t.Context(), into.url, store.Options{MaxConns: 4}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(into.Close)
		if want = from.rows(t); cmp.Diff(want, into.rows(t)) != "" {
			t.Errorf("%v: rows %s", way, cmp.Diff(want, into.rows(t)))
		}
		v, err := verify.Database(t.Context(), into.Store)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range v.Checks {
			if c.Failed > 0 {
				t.Errorf("%v: %s: %d of %d failed", way, c.Name, c.Failed, c.Checked)
			}
		}
		// It is one that can be written in, and backed up again.
		into.seed(t)
		if _, again := into.write(t); again.Rows["cases"] != m.Rows["cases"] {
			t.Errorf("%v: again %d cases, want %d", way, again.Rows["cases"], m.Rows["cases"])
		}
	}
}

// boasting is a source that says more than pg_dump has written.
type boasting struct {
	Source
	change func(*catalog.Frozen)
}

func (b boasting) Freeze(ctx context.Context, f func(catalog.Frozen) error) error {
	return b.Source.Freeze(ctx, func(frozen catalog.Frozen) error { b.change(&frozen); return f(frozen) })
}

func TestABackupWithOtherRowsThanTheTablesFails(t *testing.T) {
	d := newDatabase(t)
	d.seed(t)
	for what, change := range map[string]func(*catalog.Frozen){
		"a row less":           func(f *catalog.Frozen) { f.Rows["cases"]++ },
		"a row more":           func(f *catalog.Frozen) { f.Rows["cases"]-- },
		"a table is not there": func(f *catalog.Frozen) { f.Rows["nothing"] = 1 },
		"another schema":       func(f *catalog.Frozen) { f.Namespace = "pg_catalog" },
		"no tables":            func(f *catalog.Frozen) { f.Rows = nil },
	} {
		if _, err := Write(t.Context(), io.Discard, boasting{d, change}, Options{URL: d.url, LeaveOut: store.BackupLeavesOut}); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestNamesAreMovedOutsideOfRowsOnly(t *testing.T) {
	const script = "CREATE TABLE public.cases (id bigint DEFAULT nextval('public.ids'::regclass), republic.x int);\n" +
		"COPY public.cases (id, title) FROM stdin;\n1\tpublic.cases stays\n\\.\nALTER TABLE ONLY public.cases OWNER TO \"public\";\n"
	const want = "CREATE TABLE \"my own\".cases (id bigint DEFAULT nextval('\"my own\".ids'::regclass), republic.x int);\n" +
		"COPY \"my own\".cases (id, title) FROM stdin;\n1\tpublic.cases stays\n\\.\nALTER TABLE ONLY \"my own\".cases OWNER TO \"public\";\n"
	for _, size := range []int{1, 7, 4096} {
		var got bytes.Buffer
		if _, err := io.CopyBuffer(struct{ io.Writer }{moved(&got, "public", "my own")}, struct{ io.Reader }{strings.NewReader(script)}, make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("in pieces of %d (-want +got):\n%s", size, diff)
		}
	}
}

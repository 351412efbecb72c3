package store

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// partsText lists what migrations make of their tables, domains and functions, a line each,
// of all versions: columns, indexes, checks, foreign keys, triggers, sequences, and functions
// by the types of their arguments. What is not in it somebody else has added, and a restore
// would take it away. A test writes it with -update.
//
//go:embed parts.txt
var partsText string

// knownParts returns the lines of partsText as a set.
func knownParts() map[string]bool {
	known := map[string]bool{}
	for line := range strings.Lines(partsText) {
		known[strings.TrimSuffix(line, "\n")] = true
	}
	return known
}

// partsSelect returns the parts of the tables $2, of the functions named $3 and of the
// domains $4 in the schema $1, as partsText has them. Constraints that are indexes are
// indexes; that a column is not null is its own affair in some versions of PostgreSQL only.
// No migration gives a table a parent, nor row security that hides rows from ourselves: with
// it, the tables would count as empty, and the migrations of an older backup would pass
// over its rows.
const partsSelect = `
	WITH tables AS (SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p') AND c.relname = ANY ($2))
	SELECT 'column ' || t.relname || '.' || a.attname AS part FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
	UNION ALL
	SELECT 'index ' || t.relname || '.' || i.relname FROM tables t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
	UNION ALL
	SELECT 'constraint ' || t.relname || '.' || k.conname FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype IN ('c', 'f')
	UNION ALL
	SELECT 'constraint ' || y.typname || '.' || k.conname FROM pg_type y JOIN pg_constraint k ON k.contypid = y.oid
	WHERE y.typnamespace = to_regnamespace($1) AND y.typtype = 'd' AND y.typname = ANY ($4) AND k.contype = 'c'
	UNION ALL
	SELECT 'trigger ' || t.relname || '.' || g.tgname FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal
	UNION ALL
	SELECT 'parent ' || t.relname || '.' || i.inhparent::regclass FROM tables t JOIN pg_inherits i ON i.inhrelid = t.oid
	UNION ALL
	SELECT 'row security ' || t.relname FROM tables t WHERE row_security_active(t.oid)
	UNION ALL
	SELECT 'sequence ' || t.relname || '.' || s.relname FROM tables t
		JOIN pg_depend d ON d.refobjid = t.oid AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
		JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
	UNION ALL
	SELECT 'function ' || ` + signature + ` FROM pg_proc p WHERE p.pronamespace = to_regnamespace($1) AND p.proname = ANY ($3)
	ORDER BY part`

// signature is a function's name with the types of its arguments.
const signature = `p.proname || '(' || coalesce((SELECT string_agg(y.typname, ',' ORDER BY a.n) FROM unnest(p.proargtypes) WITH ORDINALITY a (id, n) JOIN pg_type y ON y.oid = a.id), '') || ')'`

// partsIn returns the parts of what is called as ours in a schema, quoted, in order.
func partsIn(ctx context.Context, tx pgx.Tx, schema string) ([]string, error) {
	found, err := tx.Query(ctx, partsSelect, schema, objects["TABLE"], objects["FUNCTION"], objects["DOMAIN"])
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowTo[string])
}

// addedParts returns what somebody has added to our tables and domains, and functions that only have a
// name of ours.
func addedParts(ctx context.Context, tx pgx.Tx, schema string) (added []string, err error) {
	parts, err := partsIn(ctx, tx, schema)
	if err != nil {
		return nil, err
	}
	known := knownParts()
	for _, part := range slices.Compact(parts) {
		if !known[part] {
			added = append(added, part)
		}
	}
	return added, nil
}

// keepSelect returns the statements that give again what others were granted on our
// tables, columns, sequences, functions and domains in the schema $1, what was written
// about them, how tables are stored, whose rows are hidden from others, and what of a row
// is replicated: it would go with them.
const keepSelect = `
	WITH here AS (SELECT oid, quote_ident(nspname) AS name FROM pg_namespace WHERE oid = to_regnamespace($1)),
	tables AS (SELECT c.oid, here.name || '.' || quote_ident(c.relname) AS name, c.relowner, c.relacl, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relreplident
		FROM pg_class c, here WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p') AND c.relname = ANY ($2)),
	routines AS (SELECT p.oid, here.name || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name, p.proowner, p.proacl
		FROM pg_proc p, here WHERE p.pronamespace = here.oid AND p.proname = ANY ($3)),
	granted AS (
		SELECT 1 AS turn, 'TABLE ' || t.name AS on_what, a.privilege_type, '' AS columns, a.grantee, a.is_grantable FROM tables t, aclexplode(t.relacl) a WHERE a.grantee <> t.relowner
		UNION ALL
		SELECT 1, 'TABLE ' || t.name, a.privilege_type, ' (' || quote_ident(c.attname) || ')', a.grantee, a.is_grantable
		FROM tables t JOIN pg_attribute c ON c.attrelid = t.oid AND NOT c.attisdropped, aclexplode(c.attacl) a WHERE a.grantee <> t.relowner
		UNION ALL
		SELECT 1, 'SEQUENCE ' || here.name || '.' || quote_ident(s.relname), a.privilege_type, '', a.grantee, a.is_grantable
		FROM here, tables t JOIN pg_depend d ON d.refobjid = t.oid AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
			JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S', aclexplode(s.relacl) a WHERE a.grantee <> s.relowner
		UNION ALL
		SELECT 2, 'FUNCTION ' || r.name, a.privilege_type, '', a.grantee, a.is_grantable FROM routines r, aclexplode(r.proacl) a WHERE a.grantee <> r.proowner
		UNION ALL
		SELECT 2, 'DOMAIN ' || here.name || '.' || quote_ident(y.typname), a.privilege_type, '', a.grantee, a.is_grantable
		FROM here JOIN pg_type y ON y.typnamespace = here.oid AND y.typtype = 'd' AND y.typname = ANY ($4), aclexplode(y.typacl) a WHERE a.grantee <> y.typowner)
	SELECT statement FROM (
		SELECT 1 AS turn, format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', r.name) AS statement FROM routines r WHERE r.proacl IS NOT NULL
		UNION ALL
		SELECT 1, format('REVOKE ALL ON DOMAIN %s.%I FROM PUBLIC', here.name, y.typname) FROM here JOIN pg_type y ON y.typnamespace = here.oid AND y.typtype = 'd' AND y.typname = ANY ($4) WHERE y.typacl IS NOT NULL
		UNION ALL
		SELECT 2, format('GRANT %s%s ON %s TO %s%s', g.privilege_type, g.columns, g.on_what, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) FROM granted g
		UNION ALL
		SELECT 3, format('COMMENT ON TABLE %s IS %L', t.name, d.description) FROM tables t JOIN pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
		UNION ALL
		SELECT 3, format('COMMENT ON COLUMN %s.%I IS %L', t.name, a.attname, d.description)
		FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid JOIN pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum WHERE a.attnum > 0
		UNION ALL
		SELECT 3, format('COMMENT ON FUNCTION %s IS %L', r.name, d.description) FROM routines r JOIN pg_description d ON d.objoid = r.oid AND d.classoid = 'pg_proc'::regclass
		UNION ALL
		SELECT 3, format('ALTER TABLE %s SET (%s)', t.name, array_to_string(t.reloptions, ', ')) FROM tables t WHERE t.reloptions IS NOT NULL
		UNION ALL
		SELECT 3, format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.name) FROM tables t WHERE t.relrowsecurity
		UNION ALL
		SELECT 3, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t.name) FROM tables t WHERE t.relforcerowsecurity
		UNION ALL
		SELECT 3, format('ALTER TABLE %s REPLICA IDENTITY %s', t.name, CASE t.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END) FROM tables t WHERE t.relreplident IN ('f', 'n')
		UNION ALL
		SELECT 3, format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', t.name, i.relname)
		FROM tables t JOIN pg_index x ON x.indrelid = t.oid AND x.indisreplident JOIN pg_class i ON i.oid = x.indexrelid WHERE t.relreplident = 'i') s
	ORDER BY turn, statement`

// keepSQL returns the SQL that restores to others what a restore takes from them with our
// tables, as far as the restored ones have what it was on, and how many statements it has;
// "" for none. Run again it changes nothing.
func keepSQL(ctx context.Context, tx pgx.Tx, schema string) (sql string, n int, err error) {
	found, err := tx.Query(ctx, keepSelect, schema, objects["TABLE"], objects["FUNCTION"], objects["DOMAIN"])
	if err != nil {
		return "", 0, err
	}
	statements, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil || len(statements) == 0 {
		return "", 0, err
	}
	var list strings.Builder
	for i, s := range statements {
		if i > 0 {
			list.WriteString(", ")
		}
		list.WriteString("'" + strings.ReplaceAll(s, "'", "''") + "'")
	}
	tag := "$keep$"
	for i := 0; strings.Contains(list.String(), tag); i++ { // a comment may have whatever text
		tag = fmt.Sprintf("$keep%d$", i)
	}
	return "DO " + tag + " DECLARE s text; BEGIN FOREACH s IN ARRAY ARRAY[" + list.String() + "] LOOP\n" +
		"BEGIN EXECUTE s; EXCEPTION WHEN undefined_table OR undefined_column OR undefined_function OR undefined_object OR invalid_schema_name THEN NULL; END;\n" +
		"END LOOP; END " + tag, len(statements), nil
}

// ownedByUs fails with CONFLICT where some of our tables belong to another user than the one
// who has connected: restored, they would be this one's, and the other one's server
// could read none of them.
func ownedByUs(ctx context.Context, tx pgx.Tx, schema string) error {
	var user string
	var owner *string
	err := tx.QueryRow(ctx, `SELECT current_user, (SELECT min(pg_get_userbyid(c.relowner)) FROM pg_class c
		WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p') AND c.relname = ANY ($2) AND pg_get_userbyid(c.relowner) <> current_user)`,
		schema, objects["TABLE"]).Scan(&user, &owner)
	if err != nil || owner == nil {
		return err
	}
	return &catalog.Error{
		Kind: catalog.KindConflict,
		Zh:   fmt.Sprintf("jisi 的表属于用户 %s，而现在以 %s 连接，没有恢复（否则表会改归 %s）：请在 DATABASE_URL 中改用 %s，或加上 options=-crole%%3D%s", *owner, user, user, *owner, *owner),
		En:   fmt.Sprintf("jisi's tables belong to user %s, and this is %s: nothing was restored, as they would be %s's afterwards; connect as %s by DATABASE_URL, or add options=-crole%%3D%s to it", *owner, user, user, *owner, *owner),
	}
}

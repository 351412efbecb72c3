package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// objects are what migrations make in their schema, by kind, besides what goes
// with a table: its indexes, sequences, triggers and row type. A restore drops
// these and nothing else. What a migration drops again stays here, for databases
// that still have it. A test compares them with a migrated database.
var objects = map[string][]string{
	"TABLE": {
		"account_log", "committee_contacts", "deliveries", "delivery_choices", "delivery_notices", "delivery_settings", "notice_queue", "sign_in_links", "webhooks",
		"access_tokens", "asked", "lay_words", "activities", "activity_cases", "activity_persons", "activity_topics", "adoptions", "attachments", "files", "uploads", "brands", "case_indicators", "case_proposals", "call_audience", "call_criteria", "call_topics", "call_results", "call_reviewers", "call_scores", "calls", "case_topics", "cases", "citations", "collection_cases", "collections",
		"committees", "embedding_fillers", "embeddings", "evaluation_items", "evaluation_rounds", "evaluations", "goose_db_version", "idempotency_keys", "indicators", "outbox",
		"outbox_horizon", "writings", "follows", "notice_reads", "notices", "needs", "need_topics", "need_askers", "need_answers", "outcomes", "participants", "persons", "possibly_same", "practice_mentions", "practices",
		"proposal_events", "proposal_topics", "proposals", "proposers", "records", "regions",
		"releases", "reports", "revisions", "seed_editions", "sessions", "sources", "steps", "submission_events", "submissions", "supervision_entries", "supervision_entry_persons", "supervisions", "topics", "undertakers", "venues",
	},
	"FUNCTION": {
		"queue_notices", "reading",
		"audience_is_below", "call_asks", "call_has_its_indicator",
		"criteria_stay", "keep_events", "score_counts", "submission_is_taken",
		"adoption_has_its_time", "brands_below", "change_with_version", "citation_is_needed", "committees_below", "count_adoptions",
		"digest_revision", "documented_is_cited", "few_reports", "first_day", "keep_releases", "keep_revisions", "move_account",
		"last_day",
		"no_adoption_of_own_case", "no_circle_of_adoptions", "quote_stands_in_source", "regions_below",
		"revision_digest", "source_keeps_its_quotes", "tell_followers", "topics_below",
	},
	"DOMAIN":    {"partial_date"},
	"COLLATION": {"jisi_zh"},
}

// An inventory is what stands in a schema.
type inventory struct {
	schema string   // quoted
	marked bool     // jisi's first migration was here
	own    []object // in the order in which they can be dropped
	others []string // what is not jisi's, with its kind
	// clashes says that some of the others have names of ours.
	clashes bool
}

type object struct{ kind, name, identity, signature string }

// takeInventory looks what stands in the schema that serving uses, and what hangs on its
// tables. What belongs to an extension is neither ours nor in the way. Names alone say
// nothing: sessions, files and topics are many applications' tables. Ours they are only
// where the first migration has left its mark, or where goose was stopped before it.
func takeInventory(ctx context.Context, tx pgx.Tx) (*inventory, error) {
	inv := &inventory{}
	err := tx.QueryRow(ctx, `SELECT coalesce(quote_ident(`+ourSchema+`), '')`).Scan(&inv.schema)
	if err != nil || inv.schema == "" {
		return inv, err
	}
	found, err := tx.Query(ctx, inventorySelect, inv.schema)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (o object, err error) {
		err = row.Scan(&o.kind, &o.name, &o.identity, &o.signature)
		return o, err
	})
	if err != nil {
		return nil, err
	}
	inv.marked = slices.ContainsFunc(all, func(o object) bool { return o.kind == "COLLATION" && o.name == "jisi_zh" })
	ours := inv.marked
	if !ours && len(all) == 1 && all[0].kind == "TABLE" && all[0].name == "goose_db_version" {
		if ours, err = onlyBegun(ctx, tx, inv.schema); err != nil {
			return nil, err
		}
	}
	known := knownParts()
	for _, o := range all {
		if ours && o.isNamedAsOurs() && (o.signature == "" || known["function "+o.signature]) {
			inv.own = append(inv.own, o)
			continue
		}
		inv.clashes = inv.clashes || o.isNamedAsOurs()
		if o.signature != "" && ours && o.isNamedAsOurs() {
			continue // one of the parts
		}
		inv.others = append(inv.others, strings.ToLower(strings.TrimPrefix(o.kind, "ROW "))+" "+o.name)
	}
	if ours {
		added, err := addedParts(ctx, tx, inv.schema)
		if err != nil {
			return nil, err
		}
		inv.others = append(inv.others, added...)
	}
	return inv, nil
}

func (o object) isNamedAsOurs() bool {
	return slices.Contains(objects[strings.TrimPrefix(o.kind, "ROW ")], o.name)
}

// onlyBegun reports whether goose's table is as goose makes it before the first migration.
func onlyBegun(ctx context.Context, tx pgx.Tx, schema string) (bool, error) {
	var known bool
	err := tx.QueryRow(ctx, `SELECT count(*) = 2 FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname IN ('version_id', 'is_applied') AND NOT attisdropped`,
		schema+".goose_db_version").Scan(&known)
	if err != nil || !known {
		return false, err
	}
	var begun bool
	err = tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM `+schema+`.goose_db_version WHERE version_id > 0)`).Scan(&begun)
	return begun, err
}

// inventorySelect returns what stands in the schema $1, in the order in which it can
// be dropped: functions of a table's rows before the tables, and what tables use
// after them. What others have hung on its tables would go with them without a word:
// rules, policies, statistics, publications, none of which a migration makes. Triggers are
// parts of tables.
const inventorySelect = `
	WITH here AS (SELECT oid FROM pg_namespace WHERE oid = to_regnamespace($1)),
	things AS (
		SELECT CASE WHEN p.prokind = 'p' THEN 'PROCEDURE' WHEN p.prokind = 'a' THEN 'AGGREGATE'
				WHEN EXISTS (SELECT FROM unnest(p.proargtypes) a JOIN pg_type t ON t.oid = a JOIN pg_class c ON c.oid = t.typrelid) THEN 'ROW FUNCTION'
				ELSE 'FUNCTION' END AS kind, p.proname::text AS name, p.oid::regprocedure::text AS identity, 'pg_proc'::regclass AS class, p.oid,
				CASE p.prokind WHEN 'f' THEN ` + signature + ` ELSE '' END AS signature
		FROM pg_proc p WHERE p.pronamespace = (SELECT oid FROM here)
		UNION ALL
		SELECT CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'TABLE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
				WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TYPE' END, c.relname, c.oid::regclass::text, 'pg_class'::regclass, c.oid, ''
		FROM pg_class c WHERE c.relnamespace = (SELECT oid FROM here) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
		UNION ALL
		SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.typname, t.oid::regtype::text, 'pg_type'::regclass, t.oid, ''
		FROM pg_type t WHERE t.typnamespace = (SELECT oid FROM here) AND (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'b' AND t.typelem = 0)
		UNION ALL
		SELECT 'COLLATION', c.collname, quote_ident(c.collname), 'pg_collation'::regclass, c.oid, '' FROM pg_collation c WHERE c.collnamespace = (SELECT oid FROM here)
		UNION ALL
		SELECT 'OPERATOR', o.oprname, o.oid::regoperator::text, 'pg_operator'::regclass, o.oid, '' FROM pg_operator o WHERE o.oprnamespace = (SELECT oid FROM here)
		UNION ALL
		SELECT 'TEXT SEARCH CONFIGURATION', c.cfgname, quote_ident(c.cfgname), 'pg_ts_config'::regclass, c.oid, '' FROM pg_ts_config c WHERE c.cfgnamespace = (SELECT oid FROM here)
		UNION ALL
		SELECT 'RULE', r.rulename, '', 'pg_rewrite'::regclass, r.oid, '' FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = (SELECT oid FROM here) AND r.rulename <> '_RETURN'
		UNION ALL
		SELECT 'POLICY', p.polname, '', 'pg_policy'::regclass, p.oid, '' FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = (SELECT oid FROM here)
		UNION ALL
		SELECT 'STATISTICS', s.stxname, '', 'pg_statistic_ext'::regclass, s.oid, '' FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid WHERE c.relnamespace = (SELECT oid FROM here)
		UNION ALL
		SELECT DISTINCT 'PUBLICATION', p.pubname, '', 'pg_publication'::regclass, p.oid, '' FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid JOIN pg_class c ON c.oid = r.prrelid
		WHERE c.relnamespace = (SELECT oid FROM here))
	SELECT kind, name, identity, signature FROM things
	WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = things.class AND d.objid = things.oid AND d.deptype = 'e')
	ORDER BY array_position(ARRAY['ROW FUNCTION', 'TABLE', 'DOMAIN', 'FUNCTION', 'COLLATION'], kind), kind, name`

// drop returns the statement that drops all that is ours, and fails where something
// else still uses it: tables go together, as they refer to each other.
func (inv *inventory) drop() string {
	var b strings.Builder
	var tables []string
	for _, o := range inv.own {
		if o.kind == "TABLE" {
			tables = append(tables, inv.schema+"."+pgx.Identifier{o.name}.Sanitize())
		}
	}
	for _, o := range inv.own {
		switch kind := strings.TrimPrefix(o.kind, "ROW "); {
		case kind != "TABLE":
			identity := o.identity
			if !strings.Contains(strings.SplitN(identity, "(", 2)[0], ".") { // where search_path finds it
				identity = inv.schema + "." + identity
			}
			fmt.Fprintf(&b, "DROP %s %s; ", kind, identity)
		case tables != nil:
			fmt.Fprintf(&b, "DROP TABLE %s; ", strings.Join(tables, ", "))
			tables = nil
		}
	}
	return b.String()
}

// taken fails with CONFLICT where others have something in the schema that is called as
// what migrations make, and jisi was never there.
func (inv *inventory) taken() error {
	if inv.marked || !inv.clashes {
		return nil
	}
	list := inv.listed()
	return &catalog.Error{
		Kind: catalog.KindConflict,
		Zh:   fmt.Sprintf("数据库的模式 %s 是别的程序在用（%s），没有建表：请另建一个库，或用另一个模式（search_path）", inv.schema, list),
		En:   fmt.Sprintf("schema %s of the database is another program's (%s), and no tables were made: make another database, or use another schema (search_path)", inv.schema, list),
	}
}

// listed names the first of what is not jisi's.
func (inv *inventory) listed() string {
	const most = 5
	list := strings.Join(inv.others[:min(len(inv.others), most)], ", ")
	if more := len(inv.others) - most; more > 0 {
		list += fmt.Sprintf(" + %d", more)
	}
	return list
}

// unknown fails with CONFLICT where there is something in the schema that is not
// jisi's.
func (inv *inventory) unknown() error {
	if inv.schema == "" {
		return &catalog.Error{Kind: catalog.KindInvalid, Zh: "search_path 所列的模式都不存在，请先建立", En: "no schema of search_path exists; make one first"}
	}
	if len(inv.others) == 0 {
		return nil
	}
	list := inv.listed()
	return &catalog.Error{
		Kind: catalog.KindConflict,
		Zh:   fmt.Sprintf("数据库的模式 %s 中有不属于 jisi 的内容（%s），没有恢复：请先移走它们，或恢复到另一个库、另一个模式", inv.schema, list),
		En:   fmt.Sprintf("in schema %s of the database stands what is not jisi's (%s), and nothing was restored: remove it first, or restore into another database, or another schema", inv.schema, list),
	}
}

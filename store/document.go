package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Snapshot calls yield with the search document of every published record past the
// id that the search finds, in the order of ids, all as of one moment. Before the
// first it calls begin, unless that is nil, with the cursor from which changes after
// that moment follow. It stops at yield's first error and returns that.
func (s *Store) Snapshot(ctx context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	err := s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		cursor, err := snapshotCursor(ctx, tx)
		if err != nil {
			return err
		}
		if begin != nil {
			begin(cursor)
		}
		return allDocuments(ctx, tx, after, yield)
	})
	return wrap("snapshot", err)
}

// snapshotBatch is how many records a snapshot reads at once.
const snapshotBatch = 500

// allDocuments yields the documents of all records past an id, in the order of ids. They are read a
// batch of ids after the other: in one statement PostgreSQL would put all their texts into
// that order, a file as large as all of them. While one batch is yielded the next is read.
func allDocuments(ctx context.Context, tx pgx.Tx, after catalog.ID, yield func(*catalog.Document) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait() // the transaction is the reader's until then
	defer cancel()
	batches, failed := make(chan []*catalog.Document), make(chan error, 1)
	reading.Go(func() {
		defer close(batches)
		failed <- eachBatch(ctx, tx, after, func(batch []*catalog.Document) error {
			select {
			case batches <- batch:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	for batch := range batches {
		for _, d := range batch {
			if err := yield(d); err != nil {
				return err
			}
		}
	}
	return <-failed
}

// eachBatch yields the documents of all records past an id, some at once.
func eachBatch(ctx context.Context, tx pgx.Tx, after catalog.ID, yield func([]*catalog.Document) error) error {
	names, err := readNames(ctx, tx)
	if err != nil {
		return err
	}
	for {
		found, err := tx.Query(ctx, `SELECT id FROM records WHERE id > $1 ORDER BY id LIMIT $2`, after, snapshotBatch)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
		if err != nil || len(ids) == 0 {
			return err
		}
		batch, err := documents(ctx, tx, names, ids)
		if err != nil {
			return err
		}
		if err := yield(batch); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// Documents returns the search documents of those of these records that are
// published and that the search finds; the others are missing.
func (s *Store) Documents(ctx context.Context, ids []catalog.ID) (found []*catalog.Document, err error) {
	err = s.readAgain(ctx, func(tx pgx.Tx) error {
		names, err := readNames(ctx, tx)
		if err != nil {
			return err
		}
		found, err = documents(ctx, tx, names, ids)
		return err
	})
	return found, wrap("documents", err)
}

// documentSelect reads one kind of record in the shape of a document. All kinds
// have the same columns, so that one union has them in the order of ids.
var documentSelect = `
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.title, r.alternative_titles,
		ARRAY['summary', 'background', 'approach', 'results', 'lessons', 'participants.statement'], ARRAY[r.summary, r.background, r.approach, r.results, r.lessons,
			(SELECT string_agg(statement, E'\n' ORDER BY position) FROM participants p WHERE p.case_id = r.id)],
		r.level, r.region_code, r.committee_id, r.brand_id, r.year, r.starts_on,
		ARRAY(SELECT topic_id FROM case_topics t WHERE t.case_id = r.id ORDER BY position),
		ARRAY(SELECT ARRAY[code, text] FROM steps s WHERE s.case_id = r.id),
		ARRAY(SELECT ARRAY[form, coalesce(used_by, ''), coalesce(use, ''), coalesce(effect, '')] FROM outcomes o WHERE o.record_id = r.id ORDER BY position),
		r.adoption_count,
		ARRAY(SELECT other_id FROM possibly_same WHERE case_id = r.id UNION SELECT case_id FROM possibly_same WHERE other_id = r.id),
		NULL::jsonb
	FROM cases r WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.name, r.alternative_names, ARRAY['description'], ARRAY[r.description],
		coalesce(c.level, g.level, 'UNSTATED'), r.region_code, r.committee_id, r.id, NULL, NULL, '{}', '{}', '{}', 0, '{}', NULL
	FROM brands r LEFT JOIN committees c ON c.id = r.committee_id LEFT JOIN regions g ON g.code = r.region_code WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.title, r.alternative_titles, ARRAY['summary', 'addressedTo'], ARRAY[r.summary, r.addressed_to],
		'UNSTATED', NULL, NULL, NULL, r.year, make_date(r.year, 1, 1), ARRAY(SELECT topic_id FROM proposal_topics t WHERE t.proposal_id = r.id ORDER BY position),
		'{}', ARRAY(SELECT ARRAY[form, coalesce(used_by, ''), coalesce(use, ''), coalesce(effect, '')] FROM outcomes o WHERE o.record_id = r.id ORDER BY position), 0, '{}', NULL
	FROM proposals r WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.title, '{}', ARRAY['text'], ARRAY[r.text], 'UNSTATED', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', 0, '{}', NULL
	FROM practices r WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.name, r.alternative_names, '{}', '{}', r.level, r.region_code, NULL, NULL, NULL, NULL, '{}', '{}', '{}', 0, '{}', NULL
	FROM committees r WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.name, r.alternative_names, ARRAY['code', 'formerCode'], ARRAY[r.code, r.former_code],
		r.level, r.code, NULL, NULL, NULL, NULL, '{}', '{}', '{}', 0, '{}', NULL
	FROM regions r WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.name, '{}', ARRAY['offices'], ARRAY[nullif(array_to_string(r.offices, E'\n'), '')],
		` + ofCommittee + `, NULL, NULL, NULL, '{}', '{}', '{}', 0, '{}', NULL
	FROM persons r LEFT JOIN committees c ON c.id = r.committee_id WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.name, '{}', ARRAY['address'], ARRAY[r.address],
		coalesce(c.level, 'UNSTATED'), coalesce(r.region_code, c.region_code), r.committee_id, NULL, NULL, NULL, '{}', '{}', '{}', 0, '{}', NULL
	FROM venues r LEFT JOIN committees c ON c.id = r.committee_id WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.title, '{}', '{}', '{}',
		` + ofCommittee + `, NULL, extract(year FROM r.starts_on)::integer, r.starts_on, ARRAY(SELECT topic_id FROM activity_topics t WHERE t.activity_id = r.id ORDER BY position),
		'{}', '{}', 0, '{}', NULL
	FROM activities r LEFT JOIN committees c ON c.id = r.committee_id WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.title, '{}', ARRAY['publisher', 'text'], ARRAY[r.publisher, r.text],
		'UNSTATED', NULL, NULL, NULL, extract(year FROM first_day(r.published_on))::integer, first_day(r.published_on), '{}', '{}', '{}', 0, '{}', r.sections
	FROM sources r WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.title, '{}', ARRAY['text'], ARRAY[r.text],
		` + ofCommittee + `, NULL, extract(year FROM r.opens_on::date)::integer, r.opens_on::date, ARRAY(SELECT topic_id FROM call_topics t WHERE t.call_id = r.id ORDER BY position),
		'{}', '{}', 0, '{}', NULL
	FROM calls r LEFT JOIN committees c ON c.id = r.committee_id WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.title, '{}', ARRAY['preface', 'colophon'], ARRAY[r.preface, r.colophon],
		` + ofCommittee + `, NULL, NULL, NULL, '{}', '{}', '{}', 0, '{}', NULL
	FROM collections r LEFT JOIN committees c ON c.id = r.committee_id WHERE ` + published + `
	UNION ALL
	SELECT r.id, r.kind, r.slug, r.version, r.origin, r.problem, '{}', '{}', '{}',
		` + ofCommittee + `, NULL, NULL, NULL, ARRAY(SELECT topic_id FROM need_topics t WHERE t.need_id = r.id ORDER BY position), '{}', '{}', 0, '{}', NULL
	FROM needs r LEFT JOIN committees c ON c.id = r.committee_id WHERE ` + published

// ofCommittee are the level, the region and the committee of what has only a
// committee: those of the committee.
const ofCommittee = `coalesce(c.level, 'UNSTATED'), c.region_code, r.committee_id`

// documents returns the documents of these records, in the order of ids. PostgreSQL is not
// asked for that order, as it would write long texts into a file for it.
func documents(ctx context.Context, tx pgx.Tx, names *names, ids []catalog.ID) ([]*catalog.Document, error) {
	found, err := tx.Query(ctx, `SELECT * FROM (`+documentSelect+`) d WHERE id = ANY ($1)`, ids)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Document, error) { return scanDocument(row, names) })
	slices.SortFunc(all, func(a, b *catalog.Document) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

func scanDocument(row pgx.CollectableRow, names *names) (*catalog.Document, error) {
	var (
		d                catalog.Document
		fields           []string
		texts            []*string
		region           *string
		committee, brand *catalog.ID
		year             *int
		date             *time.Time
		topics           []catalog.ID
		steps, outcomes  [][]string
		sections         []catalog.Section
	)
	err := row.Scan(&d.ID, &d.Kind, &d.Slug, &d.Version, &d.Origin, &d.Title, &d.AlternativeTitles, &fields, &texts,
		&d.Level, &region, &committee, &brand, &year, &date, &topics, &steps, &outcomes, &d.AdoptionCount, &d.PossiblySameAs, &sections)
	if err != nil {
		return nil, err
	}
	for i, t := range texts {
		switch {
		case t == nil:
		case d.Kind == catalog.KindSource && fields[i] == "text":
			d.Fields = append(d.Fields, inSections(*t, sections)...)
		default:
			d.Fields = append(d.Fields, catalog.DocumentField{Name: fields[i], Text: *t})
		}
	}
	addSteps(&d, steps)
	for _, o := range outcomes {
		for i, name := range []string{"outcomes.form", "outcomes.usedBy", "outcomes.use", "outcomes.effect"} {
			if o[i] != "" {
				d.Fields = append(d.Fields, catalog.DocumentField{Name: name, Text: o[i]})
			}
		}
	}
	if year != nil {
		d.Year = *year
	}
	if date != nil {
		d.Date = date.Year()*10_000 + int(date.Month())*100 + date.Day()
	}
	names.place(&d, region, committee, brand, topics)
	return &d, nil
}

// inSections cuts a source's text at its articles, so that what is found in it is found
// in one of them; blank lines between them are left out.
func inSections(text string, sections []catalog.Section) []catalog.DocumentField {
	whole := []rune(text)
	var parts []catalog.DocumentField
	add := func(start, end int, section *catalog.Section) {
		if part := string(whole[start:end]); strings.TrimSpace(part) != "" {
			parts = append(parts, catalog.DocumentField{Name: "text", Text: part, Start: start, Section: section})
		}
	}
	at := 0
	for i, s := range sections {
		add(at, s.Start, nil)
		add(s.Start, s.End, &sections[i])
		at = s.End
	}
	add(at, len(whole), nil)
	return parts
}

// addSteps adds the documented steps in the procedure's order.
func addSteps(d *catalog.Document, documented [][]string) {
	for _, p := range catalog.Procedure {
		for _, s := range documented {
			if s[0] == string(p.Code) {
				d.Steps = append(d.Steps, p.Code)
				d.Fields = append(d.Fields, catalog.DocumentField{Name: "steps." + s[0], Text: s[1]})
			}
		}
	}
}

// names are what records belong to, by id or code: few enough to be read whole
// for a snapshot, which saves a document the joins up the trees.
type names struct {
	regions    map[string]named
	committees map[catalog.ID]named
	brands     map[catalog.ID]named
	topics     map[catalog.ID]named
}

// named is a record's slug and names, and the record above it.
type named struct {
	slug   string
	names  []string
	parent *catalog.ID
	above  *string // the code of the region above
}

func readNames(ctx context.Context, tx pgx.Tx) (*names, error) {
	n := &names{regions: map[string]named{}, committees: map[catalog.ID]named{}, brands: map[catalog.ID]named{}, topics: map[catalog.ID]named{}}
	byID := map[string]map[catalog.ID]named{"COMMITTEE": n.committees, "BRAND": n.brands, "TOPIC": n.topics}
	found, err := tx.Query(ctx, `
		SELECT id, kind, slug, name || alternative_names, NULL::bigint, parent_code FROM regions
		UNION ALL SELECT id, kind, slug, name || alternative_names, NULL, NULL FROM committees
		UNION ALL SELECT id, kind, slug, name || alternative_names, parent_id, NULL FROM brands WHERE status = 'PUBLISHED'
		UNION ALL SELECT id, kind, slug, ARRAY[name], parent_id, NULL FROM topics`)
	if err != nil {
		return nil, err
	}
	var (
		id   catalog.ID
		kind string
		one  named
	)
	_, err = pgx.ForEachRow(found, []any{&id, &kind, &one.slug, &one.names, &one.parent, &one.above}, func() error {
		if kind == "REGION" {
			n.regions[one.slug] = one
		} else {
			byID[kind][id] = one
		}
		one = named{}
		return nil
	})
	return n, err
}

// place sets in a document the keys and names of what its record belongs to and
// of all above that.
func (n *names) place(d *catalog.Document, region *string, committee, brand *catalog.ID, topics []catalog.ID) {
	if region != nil {
		d.Region = *region
	}
	for code := region; code != nil && len(d.Regions) < len(n.regions); code = n.regions[*code].above {
		d.Regions = append(d.Regions, *code)
		// A division is found by its own names, and what there are hundreds of by those of
		// its own division: else whoever looks for a city finds all its counties first.
		if d.Kind.FoundUnasked() || code == region && d.Kind != catalog.KindRegion {
			d.Names.Region = append(d.Names.Region, n.regions[*code].names...)
		}
	}
	if committee != nil {
		c := n.committees[*committee]
		d.Committee, d.Names.Committee = c.slug, c.names
	}
	climb(n.brands, brand, func(b named) {
		d.Brands = append(d.Brands, b.slug)
		d.Names.Brand = append(d.Names.Brand, b.names...)
	})
	for _, id := range topics {
		d.OwnTopics = append(d.OwnTopics, n.topics[id].slug)
		climb(n.topics, &id, func(t named) {
			if !slices.Contains(d.Topics, t.slug) {
				d.Topics = append(d.Topics, t.slug)
				d.Names.Topics = append(d.Names.Topics, t.names...)
			}
		})
	}
}

// climb visits a record and all above it. A tree that bites its own tail ends
// after as many steps as it has records.
func climb(tree map[catalog.ID]named, id *catalog.ID, visit func(named)) {
	for steps := 0; id != nil && steps < len(tree); steps++ {
		one, ok := tree[*id]
		if !ok {
			return
		}
		visit(one)
		id = one.parent
	}
}

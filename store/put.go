package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/script"
)

// Writer writes records in one transaction: the one way by which records come
// into the database. It is for one goroutine.
type Writer struct {
	tx     pgx.Tx
	actor  catalog.Actor
	change *change         // the one change that is being made for a viewer; nil for an import
	guest  *catalog.Viewer // who brings in drafts; nil for an operator's import
	why    string          // the reason of revisions, where no change has one of its own
	// refusal is told what became of it; nil where whoever began the transaction does that.
	refusal *refusal
}

// Begin starts a transaction in the actor's name.
func (s *Store) Begin(ctx context.Context, actor catalog.Actor) (*Writer, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return nil, wrap("begin", err)
	}
	return &Writer{tx: tx, actor: actor, refusal: &s.pool.refusal}, nil
}

// Commit makes all that was put durable and visible at once.
func (w *Writer) Commit(ctx context.Context) error {
	err := w.tx.Commit(ctx)
	w.refusal.note(err)
	return wrap("commit", err)
}

// Rollback takes all back that was put; after Commit it does nothing.
func (w *Writer) Rollback(ctx context.Context) error {
	err := w.tx.Rollback(ctx)
	if errors.Is(err, pgx.ErrTxClosed) {
		return nil
	}
	return wrap("rollback", err)
}

// Put writes the inputs and says of each what became of it, in their order.
// References may be to records of the database or of the same batch; in the
// inputs, names and codes are replaced by slugs. An input that breaks a rule is
// refused with the reason in Written.Err and leaves the others untouched. An
// error of Put itself means that the transaction is of no more use.
func (w *Writer) Put(ctx context.Context, inputs []catalog.Input) ([]catalog.Written, error) {
	written := make([]catalog.Written, 0, len(inputs))
	for len(inputs) > 0 {
		n := withoutRepeats(inputs)
		part, err := w.putOrSplit(ctx, inputs[:n])
		if err != nil {
			w.refusal.note(err)
			return nil, err
		}
		written = append(written, part...)
		inputs = inputs[n:]
	}
	return written, nil
}

// withoutRepeats is how many inputs from the start name different records: the
// second of two that name the same one must find the first one written.
func withoutRepeats(inputs []catalog.Input) int {
	type name struct {
		kind catalog.RecordKind
		slug string
	}
	seen := make(map[name]bool, len(inputs))
	for i, in := range inputs {
		n := name{in.Kind(), in.Head().Slug}
		if seen[n] {
			return i
		}
		seen[n] = true
	}
	return len(inputs)
}

// putOrSplit writes a batch. Where the database refuses it for a rule that
// only it can check, it finds the culprit by halving, so that the others get
// through: rules are seldom broken, and whole batches are what is fast.
func (w *Writer) putOrSplit(ctx context.Context, inputs []catalog.Input) ([]catalog.Written, error) {
	var b *batch
	err := pgx.BeginFunc(ctx, w.tx, func(tx pgx.Tx) error { // a savepoint
		b = newBatch(tx, w.actor, inputs)
		b.change, b.guest, b.why, b.older = w.change, w.guest, w.why, olderThan(w.tx)
		if w.change != nil {
			b.drafts[0].keep(b.known, w.change.unseen) // a change is of one record
		}
		b.known.restricted = w.change != nil && w.change.own || w.guest != nil
		return b.write(ctx)
	})
	if b == nil { // the connection has gone, and there is no savepoint
		return nil, wrap("put", err)
	}
	b.takeBack(err != nil)
	if err == nil {
		return b.written(), nil
	}
	broken := brokenRule(err)
	if broken == nil {
		return nil, wrap("put", err)
	}
	if len(inputs) == 1 && lostRace(err) {
		return w.putOrSplit(ctx, inputs) // the other writer's record is visible now
	}
	if len(inputs) == 1 {
		return []catalog.Written{{Action: catalog.WriteRefused, Kind: inputs[0].Kind(), Slug: inputs[0].Head().Slug, Err: broken}}, nil
	}
	half := len(inputs) / 2
	first, err := w.putOrSplit(ctx, inputs[:half])
	if err != nil {
		return nil, err
	}
	second, err := w.putOrSplit(ctx, inputs[half:])
	if err != nil {
		return nil, err
	}
	return append(first, second...), nil
}

// lostRace reports whether another writer brought the same record in between
// this one's look and its write.
func lostRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == uniqueViolation && strings.HasSuffix(pg.ConstraintName, "_slug_key")
}

// brokenRule turns a constraint's violation into what to tell the writer, nil
// for every other error.
func brokenRule(err error) *catalog.Error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code[:2] != classIntegrityConstraint && pg.Code[:2] != classDataException {
		return nil
	}
	paths := map[string]string{
		"adoption_not_in_the_future": "adoptedOn", "adoption_not_before_the_case": "adoptedOn", "adoptions_once": "case", "published_is_placed": "unplaced",
	}
	sentences := map[string][2]string{
		"documented_is_cited":     {"有出处的记录至少要有一条引证", "a documented record needs a citation"},
		"quote_stands_in_source":  {"引文与出处在此位置的原文不符", "the quote is not what the source says at this offset"},
		"source_keeps_its_quotes": {"改动后的原文不再包含已被引用的文字", "the changed text no longer holds what is quoted from it"},
		"no_adoption_of_own_case": {"不能推广引进本会自己的案例", "a committee cannot adopt its own case"},
		"no_circle_of_adoptions":  {"案例的由来不能绕回自己", "a case cannot, by way of others, come of itself"},
		"committees_name_key":     {"已有同名的政协", "there is a committee of this name already"},
		"few_reports":             {"一条记录最多有 100 条公开报道", "a record has at most 100 public reports"},
		"call_has_its_indicator":  {"征集不能计入出处所载的指标", "a call cannot count towards a source's figure"},
		"audience_is_below":       {"征集对象须是本会之下的政协", "a committee that is asked must be below the caller"},
		"collections_of_call":     {"这次征集已有公开的汇编", "the call has a published collection already"},
		"adoptions_once":          {"这家政协已登记引进这个案例", "this committee has recorded already that it took over this case"},
		"adoption_not_in_the_future": {
			"引进日期不能晚于今天", "an adoption cannot be in the future",
		},
		"adoption_not_before_the_case": {
			"引进日期不能早于案例开始的日期", "an adoption cannot be before its case began",
		},
		"published_is_placed": {
			"还有没归入任何部分的原文，不能发布", "there is text in no part yet, so it cannot be published",
		},
		"topics_parent_id_name_key": {
			"此处已有同名的议题", "there is a topic of this name here already",
		},
		"evaluations_committee_id_year_department_key": {
			"此部门这一年已有评价", "this department has a rating for this year already",
		},
	}
	s, ok := sentences[pg.ConstraintName]
	if !ok {
		s = [2]string{"违反数据库规则 " + pg.ConstraintName, "breaks the database's rule " + pg.ConstraintName}
	}
	kind := catalog.KindInvalid
	if pg.Code == uniqueViolation {
		kind = catalog.KindDuplicate
	}
	return &catalog.Error{Kind: kind, Path: paths[pg.ConstraintName], Zh: s[0], En: s[1], Err: err}
}

// draft is one input on its way into the database.
type draft struct {
	in       catalog.Input
	result   catalog.Written
	snapshot []byte // the input's JSON, references as slugs
	digest   []byte
	unseen   unseenIDs // what it names that its writer may not read, and was there
	undo     []func()  // takes back what was changed in the input and is not written
}

func (d *draft) refused() bool { return d.result.Action == catalog.WriteRefused }

// changes reports whether the draft is to be written.
func (d *draft) changes() bool {
	return d.result.Action == catalog.WriteNew || d.result.Action == catalog.WriteChanged
}

func (d *draft) refuse(err error) {
	d.result.Action, d.result.Err = catalog.WriteRefused, err
}

// batch is what one Put writes.
type batch struct {
	tx     pgx.Tx
	actor  catalog.Actor
	change *change // as the Writer's
	guest  *catalog.Viewer
	older  *older // servers that may not know what is written
	drafts []*draft
	why    string  // as the Writer's
	known  *lookup // the records that the drafts refer to, and the drafts themselves
	rows   rows
	there  map[recordKey]*recordNow // by the guest's drafts' slugs; nil without a guest
	// persons are to be made with the drafts.
	persons []newPerson
}

// takeBack puts the new persons of inputs that were not written back, so that
// they can be put again: all, or those that were refused.
func (b *batch) takeBack(all bool) {
	for _, d := range b.drafts {
		if all || d.refused() {
			for _, undo := range d.undo {
				undo()
			}
			d.undo = nil
		}
	}
}

func newBatch(tx pgx.Tx, actor catalog.Actor, inputs []catalog.Input) *batch {
	b := &batch{tx: tx, actor: actor, known: newLookup(tx), rows: rows{}}
	for _, in := range inputs {
		b.drafts = append(b.drafts, &draft{in: in, result: catalog.Written{Kind: in.Kind(), Slug: in.Head().Slug}})
	}
	return b
}

// write takes the drafts through all stages. Each stage works on the whole
// batch with a statement or two a kind.
func (b *batch) write(ctx context.Context) error {
	b.known.zone = catalog.ZoneOf(ctx)
	if b.guest != nil {
		if err := b.asDrafts(ctx); err != nil {
			return fmt.Errorf("look for what is there: %w", err)
		}
	}
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		if err := prepare(d.in); err != nil {
			d.refuse(err)
		}
	}
	stages := []struct {
		name string
		run  func(context.Context) error
	}{
		{"name new persons", b.nameNewPersons},
		{"find references", b.resolve},
		{"find quotes", b.locateCitations},
		{"number practices", b.numberPractices},
		{"compare", b.compare},
		{"spare older servers", b.spareOlder},
		{"ask leave", b.askLeave},
		{"look for adoptions", b.refuseSecondAdoptions},
		{"look at what is collected", b.refuseUnpublished},
		{"hold to rounds", b.holdToRounds},
		{"make persons", b.makePersons},
		{"publish persons", b.publishPersons},
		{"number", b.number},
		{"write rows", b.writeRows},
		{"write revisions", b.writeRevisions},
		{"write outbox", b.writeOutbox},
		{"check rules", b.checkRules},
		{"tell", b.writeNotices},
	}
	for _, s := range stages {
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

func (b *batch) written() []catalog.Written {
	w := make([]catalog.Written, len(b.drafts))
	for i, d := range b.drafts {
		w[i] = d.result
	}
	return w
}

// prepare fills defaults, brings the texts to NFC and checks the input on its
// own.
func prepare(in catalog.Input) error {
	catalog.SetDefaults(in)
	in.Head().Unfilled = false
	if err := in.Validate(); err != nil {
		return err
	}
	if !script.Normalise(in) {
		return nil
	}
	return in.Validate()
}

// encode returns the input's canonical JSON: fields in the order of the type,
// empty ones left out.
func encode(in catalog.Input) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(in); err != nil {
		return nil, fmt.Errorf("encode %s %q: %w", in.Kind(), in.Head().Slug, err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// compare finds out which drafts are new, changed or the same, by the digest
// of their JSON, and locks the records that are there.
func (b *batch) compare(ctx context.Context) error {
	for kind, drafts := range b.byKind() {
		if err := b.findFormer(ctx, kind, drafts); err != nil {
			return err
		}
		bySlug := make(map[string]*draft, len(drafts))
		slugs := make([]string, 0, len(drafts))
		for _, d := range drafts {
			raw, err := encode(d.in)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(raw)
			d.snapshot, d.digest = raw, sum[:]
			d.result.Action, d.result.Version = catalog.WriteNew, 1
			bySlug[d.result.Slug] = d
			slugs = append(slugs, d.result.Slug)
		}
		// In the order of ids, so that two writers of the same records wait for each other instead of dying of it.
		found, err := b.tx.Query(ctx, `SELECT id, slug, version, digest FROM `+tables[kind].name+` WHERE slug = ANY ($1) ORDER BY id FOR UPDATE`, slugs)
		if err != nil {
			return err
		}
		var (
			id      catalog.ID
			slug    string
			version int
			digest  []byte
		)
		_, err = pgx.ForEachRow(found, []any{&id, &slug, &version, &digest}, func() error {
			d := bySlug[slug]
			d.result.ID, d.result.Version, d.result.Action = id, version, catalog.WriteSame
			if !bytes.Equal(digest, d.digest) {
				d.result.Version, d.result.Action = version+1, catalog.WriteChanged
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// findFormer sets drafts whose slug was made, and is made otherwise since, the slug
// under which their record is there already.
func (b *batch) findFormer(ctx context.Context, kind catalog.RecordKind, drafts []*draft) error {
	var slugs []string
	for _, d := range drafts {
		if head := d.in.Head(); head.FormerSlug != "" {
			slugs = append(slugs, head.FormerSlug, head.Slug)
		}
	}
	if slugs == nil {
		return nil
	}
	found, err := b.tx.Query(ctx, `SELECT slug FROM `+tables[kind].name+` WHERE slug = ANY ($1)`, slugs)
	if err != nil {
		return err
	}
	there, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, d := range drafts {
		head := d.in.Head()
		if head.FormerSlug != "" && slices.Contains(there, head.FormerSlug) && !slices.Contains(there, head.Slug) {
			head.Slug, d.result.Slug = head.FormerSlug, head.FormerSlug
		}
	}
	return nil
}

// byKind groups the drafts that are not refused.
func (b *batch) byKind() map[catalog.RecordKind][]*draft {
	groups := map[catalog.RecordKind][]*draft{}
	for _, d := range b.drafts {
		if !d.refused() {
			groups[d.in.Kind()] = append(groups[d.in.Kind()], d)
		}
	}
	return groups
}

// number assigns the new records their ids, so that rows can point at each other
// before any is written.
func (b *batch) number(ctx context.Context) error {
	for kind, drafts := range b.byKind() {
		var fresh []*draft
		for _, d := range drafts {
			if d.result.Action == catalog.WriteNew {
				fresh = append(fresh, d)
			}
		}
		if len(fresh) > 0 {
			found, err := b.tx.Query(ctx, `INSERT INTO records (kind) SELECT $1 FROM generate_series(1, $2) RETURNING id`, kind, len(fresh))
			if err != nil {
				return err
			}
			ids, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
			if err != nil {
				return err
			}
			for i, d := range fresh {
				d.result.ID = ids[i]
			}
		}
		for _, d := range drafts {
			b.known.setID(kind, d.result.Slug, d.result.ID)
		}
	}
	return nil
}

// checkRules has the database check now what it would otherwise check at the
// end, while the batch can still be split.
func (b *batch) checkRules(ctx context.Context) error {
	if _, err := b.tx.Exec(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		return err
	}
	_, err := b.tx.Exec(ctx, `SET CONSTRAINTS ALL DEFERRED`)
	return err
}

package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

var needs = nounOf(table{
	name: "needs",
	children: []child{
		{"need_topics", "need_id", []string{"need_id", "topic_id", "position"}},
		{"need_answers", "need_id", []string{"need_id", "case_id", "position"}},
	},
	lists: (*batch).addNeedLists,
}, func(n *catalog.Need, in *catalog.NeedInput, known *lookup) []Column {
	return []Column{
		column("problem", "problem", Text, &n.Problem, in.Problem),
		column("closed", "closed", Plain, &n.Closed, in.Closed),
		internal("committee_id", &n.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
	}
})

func (b *batch) addNeedLists(input catalog.Input, id any) {
	in := input.(*catalog.NeedInput)
	for i, t := range in.Topics {
		b.rows.add("need_topics", row{"need_id": id, "topic_id": b.known.id(catalog.KindTopic, t), "position": i})
	}
	for i, c := range in.Answers {
		b.rows.add("need_answers", row{"need_id": id, "case_id": b.known.id(catalog.KindCase, c), "position": i})
	}
}

// NeedState and NeedAskers are the expressions of a need's state and of how many
// asked, where @ is its row: its own committee asks by registering it.
const (
	NeedState = `CASE WHEN @.closed THEN 'CLOSED' WHEN EXISTS (
		SELECT FROM need_answers a JOIN cases c ON c.id = a.case_id WHERE a.need_id = @.id AND c.status = 'PUBLISHED') THEN 'ANSWERED' ELSE 'OPEN' END`
	NeedAskers = `(num_nonnulls(@.committee_id) + (SELECT count(*) FROM need_askers k WHERE k.need_id = @.id
		AND (k.committee_id IS NULL OR k.committee_id IS DISTINCT FROM @.committee_id)))`
)

// of puts the alias of a row in its place in an expression.
func of(expression, alias string) string { return strings.ReplaceAll(expression, `@`, alias) }

// NeedsByID returns the needs of these ids.
func (s *Store) NeedsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Need, error) {
	return byID(ctx, s, needs, ids)
}

// NeedsBySlug returns the needs of these slugs.
func (s *Store) NeedsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Need, error) {
	return bySlug(ctx, s, needs, slugs)
}

// NeedFigures returns the state of each need and how many asked.
func (s *Store) NeedFigures(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.NeedFigures, error) {
	var key catalog.ID
	args := Args{ids}
	sql := `SELECT r.id, r.id, ` + of(NeedState, `r`) + `, ` + of(NeedAskers, `r`) + ` FROM needs r WHERE r.id = ANY ($1) AND ` + Readable(ctx, "needs", "r", &args)
	return collect(ctx, s, "need figures", sql, args, &key,
		func(f *catalog.NeedFigures) []any { return []any{&f.NeedID, &f.State, &f.Askers} },
		func(m map[catalog.ID]*catalog.NeedFigures, f *catalog.NeedFigures) { m[key] = f })
}

// TopicsByNeed returns the topics of each need, in its order.
func (s *Store) TopicsByNeed(ctx context.Context, needs []catalog.ID) (map[catalog.ID][]*catalog.Topic, error) {
	return linked(ctx, s, topics, `(SELECT need_id AS parent, topic_id, position FROM need_topics) l JOIN topics r ON r.id = l.topic_id`,
		`l.parent, l.position`, needs)
}

// NeedList is the needs of a filter, newest first.
func NeedList(ctx context.Context, f catalog.NeedFilter) (List, error) {
	l := List{from: `needs r`, order: order{"CREATED_AT", `r.created_at`, "timestamptz", true}}
	l.inStates(ctx, "needs", f.Status)
	if err := l.andCommittees(`r.committee_id`, f.Committees); err != nil {
		return List{}, err
	}
	if f.Open != nil {
		l.and(`(`+of(NeedState, `r`)+` = 'OPEN') = %s`, *f.Open)
	}
	andAny(&l, `EXISTS (SELECT FROM need_topics t WHERE t.need_id = r.id AND t.topic_id = ANY (`+topicsBelow+`))`, f.Topics)
	return l, nil
}

// Needs returns a page of the needs of a filter, newest first.
func (s *Store) Needs(ctx context.Context, f catalog.NeedFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Need], error) {
	l, err := NeedList(ctx, f)
	if err != nil {
		return nil, err
	}
	return top(pages(ctx, s, needs, l, catalog.Parents{}, page))
}

// CountNeeds counts what Needs lists.
func (s *Store) CountNeeds(ctx context.Context, f catalog.NeedFilter) (int, error) {
	l, err := NeedList(ctx, f)
	if err != nil {
		return 0, err
	}
	return top(counts(ctx, s, l, catalog.Parents{}))
}

// AskNeed counts the context's caller among those who ask for the need: the
// committee of a viewer, the viewer without one, or the network of an anonymous
// reader, each once. It fails with NOT_FOUND where the caller may not read the need,
// INVALID for one that is not published or is closed, and UNAUTHENTICATED where it
// is not known where the caller is.
func (s *Store) AskNeed(ctx context.Context, need catalog.ID) (catalog.Edited, error) {
	viewer, network := catalog.ViewerFrom(ctx), catalog.NetworkFrom(ctx)
	edited := catalog.Edited{ID: need, Action: catalog.WriteSame}
	var committee *catalog.ID
	asker := ""
	switch {
	case viewer != nil && viewer.Committee != 0:
		committee, asker = &viewer.Committee, "committee "+catalog.EncodeID(catalog.KindCommittee, viewer.Committee)
	case viewer != nil:
		asker = "viewer " + viewer.Name
	case network == "":
		return edited, &catalog.Error{Kind: catalog.KindUnauthenticated, Zh: "请先登录", En: "sign in first"}
	}
	err := s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		args := Args{need}
		var status catalog.Status
		var closed bool
		err := tx.QueryRow(ctx, `SELECT r.version, r.status, r.closed FROM needs r WHERE r.id = $1 AND `+Readable(ctx, "needs", "r", &args), args...).
			Scan(&edited.Version, &status, &closed)
		if errors.Is(err, pgx.ErrNoRows) {
			missing := catalog.NotFound(catalog.KindNeed, catalog.EncodeID(catalog.KindNeed, need))
			missing.Path = "id"
			return missing
		}
		if err != nil {
			return err
		}
		if status != catalog.StatusPublished || closed {
			return &catalog.Error{Kind: catalog.KindInvalid, Path: "id", Zh: "这项需求没有公开，或已了结", En: "the need is not public, or is closed"}
		}
		// Of a network only a digest is kept, with what only this database has.
		tag, err := tx.Exec(ctx, `INSERT INTO need_askers (need_id, asker, committee_id)
			SELECT $1::bigint, CASE WHEN $2::text <> '' THEN $2::text ELSE 'network ' || encode(sha256(convert_to(feed || ' ' || $1::bigint || ' ' || $3::text, 'UTF8')), 'hex') END, $4::bigint
			FROM outbox_horizon ON CONFLICT DO NOTHING`, need, asker, network, committee)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		edited.Action = catalog.WriteChanged
		_, err = tx.Exec(ctx, `INSERT INTO outbox (kind, record_id, version) VALUES ('NEED', $1, $2)`, need, edited.Version) // answers that are cached go
		return err
	})
	return edited, err
}

// answering adds the case of an ANSWER to the need's answers.
func (c *change) answering(ctx context.Context, tx pgx.Tx, in *catalog.NeedInput) error {
	slug, _, err := c.answer(ctx, tx)
	if err != nil {
		return err
	}
	if slices.Contains(in.Answers, slug) {
		return nil
	}
	if len(in.Answers) >= catalog.MaxList {
		return &catalog.Error{Kind: catalog.KindLimit, Path: "case", Zh: "回应案例已满", En: "there are as many answers as a need may have"}
	}
	in.Answers = append(in.Answers, slug)
	return nil
}

// answer finds the published case by which a need is to be answered, and its
// committee, 0 where it has none.
func (c *change) answer(ctx context.Context, tx pgx.Tx) (slug string, owner catalog.ID, err error) {
	known := newLookup(tx)
	known.restricted = true
	if err := known.find(ctx, catalog.KindCase, []string{c.edit.Case}); err != nil {
		return "", 0, err
	}
	id := known.called(catalog.KindCase, c.edit.Case)
	err = tx.QueryRow(ctx, `SELECT slug, coalesce(committee_id, 0) FROM cases WHERE id = $1 AND status = 'PUBLISHED'`, id).Scan(&slug, &owner)
	if errors.Is(err, pgx.ErrNoRows) {
		missing := catalog.NotFound(catalog.KindCase, c.edit.Case)
		missing.Path = "case"
		return "", 0, missing
	}
	return slug, owner, err
}

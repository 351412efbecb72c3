package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Bounds of what is kept of readers' questions, and of the lay words made of them.
const (
	askedAtMost    = 50_000 // rows
	layWordsAtMost = 2_000  // pairs
)

// openedKinds are the kinds of records whose opening is kept.
var openedKinds = []catalog.RecordKind{catalog.KindCase, catalog.KindBrand, catalog.KindProposal, catalog.KindPractice}

// KeepAsked keeps for so many days that a question of these words found little. Names of
// persons that are held are left out of the words; a question of nothing else, and one
// past the bound of 50,000 rows, is not kept.
func (s *Store) KeepAsked(ctx context.Context, words []string, days int) error {
	return wrap("keep a question", s.keepAsked(ctx, words, days, nil))
}

// KeepOpened keeps for so many days that a published record was opened after a question
// of these words, as KeepAsked does. One of another kind than cases, brands, proposals
// and practices, and one that is not there, is not kept.
func (s *Store) KeepOpened(ctx context.Context, words []string, kind catalog.RecordKind, slug string, days int) error {
	for _, k := range openedKinds {
		if k != kind {
			continue
		}
		var id catalog.ID
		err := s.pool.QueryRow(ctx, `SELECT r.id FROM `+tables[kind].name+` r WHERE r.slug = $1 AND `+published, slug).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err == nil {
			err = s.keepAsked(ctx, words, days, &id)
		}
		return wrap("keep what was opened", err)
	}
	return nil
}

func (s *Store) keepAsked(ctx context.Context, words []string, days int, opened *catalog.ID) error {
	_, err := s.pool.Exec(ctx, `
		INSERT INTO asked (day, until, words, vain, opened)
		SELECT $1::date, $1::date + $2::int, w.words, $3::bigint IS NULL, $3
		FROM (SELECT array_agg(DISTINCT x ORDER BY x) AS words FROM unnest($4::text[]) x WHERE NOT EXISTS (SELECT FROM persons p WHERE p.name = x)) w
		WHERE cardinality(w.words) BETWEEN 1 AND $5 AND (SELECT count(*) FROM asked) < $6
		ON CONFLICT (day, until, words, coalesce(opened, 0)) DO UPDATE SET times = asked.times + 1`,
		string(catalog.Today(ctx)), days, opened, words, catalog.LongestAsked, askedAtMost)
	return err
}

// AskedInVain returns the questions that found little or nothing, those asked most
// first, with what was opened after the same words.
func (s *Store) AskedInVain(ctx context.Context, first int) (found []catalog.AskedInVain, err error) {
	today := string(catalog.Today(ctx))
	rows, err := s.pool.Query(ctx, `SELECT words, sum(times)::int, max(day)::text FROM asked WHERE vain AND until > $1::date
		GROUP BY words ORDER BY 2 DESC, 3 DESC, 1 LIMIT $2`, today, first)
	if err == nil {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (q catalog.AskedInVain, err error) {
			err = row.Scan(&q.Words, &q.Times, &q.Last)
			return q, err
		})
	}
	if err != nil {
		return nil, wrap("asked in vain", err)
	}
	opened, err := s.AskedOpened(ctx)
	for i := range found {
		for _, o := range opened {
			if equalWords(found[i].Words, o.Words) {
				found[i].Opened = append(found[i].Opened, o)
			}
		}
	}
	return found, err
}

func equalWords(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// AskedOpened returns which published records were opened after which questions, those
// that were most often first.
func (s *Store) AskedOpened(ctx context.Context) (found []catalog.AskedOpened, err error) {
	union := ""
	for _, k := range openedKinds {
		name := "title"
		if k == catalog.KindBrand {
			name = "name"
		}
		if union != "" {
			union += " UNION ALL "
		}
		union += `SELECT r.id, '` + string(k) + `' AS kind, r.` + name + ` AS title FROM ` + tables[k].name + ` r WHERE ` + published
	}
	rows, err := s.pool.Query(ctx, `SELECT a.words, r.id, r.kind, r.title, sum(a.times)::int FROM asked a JOIN (`+union+`) r ON r.id = a.opened
		WHERE a.until > $1::date GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 2, 1`, string(catalog.Today(ctx)))
	if err == nil {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (o catalog.AskedOpened, err error) {
			err = row.Scan(&o.Words, &o.Record, &o.Kind, &o.Title, &o.Times)
			return o, err
		})
	}
	return found, wrap("what was opened", err)
}

// TrimAsked removes the questions whose time is over.
func (s *Store) TrimAsked(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM asked WHERE until <= $1::date`, string(catalog.Today(ctx)))
	return wrap("trim questions", err)
}

// ForgetAsked removes all questions at once, and returns how many rows they were.
func (s *Store) ForgetAsked(ctx context.Context) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM asked`)
	return int(tag.RowsAffected()), wrap("forget questions", err)
}

// CountAsked returns how many rows of questions there are.
func (s *Store) CountAsked(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM asked`).Scan(&n)
	return n, wrap("count questions", err)
}

// LayWords returns the pairs that were accepted, in the order of the lay words.
func (s *Store) LayWords(ctx context.Context) (pairs []catalog.LayWord, err error) {
	rows, err := s.pool.Query(ctx, `SELECT lay, office FROM lay_words ORDER BY lay COLLATE "C", office COLLATE "C"`)
	if err == nil {
		pairs, err = pgx.CollectRows(rows, pgx.RowToStructByPos[catalog.LayWord])
	}
	return pairs, wrap("lay words", err)
}

// AcceptLayWords adds pairs of folded words, each once. Past 2,000 pairs it fails with
// INVALID and adds none.
func (s *Store) AcceptLayWords(ctx context.Context, pairs []catalog.LayWord) error {
	lay, office := make([]string, len(pairs)), make([]string, len(pairs))
	for i, p := range pairs {
		lay[i], office[i] = p.Lay, p.Office
	}
	return wrap("accept lay words", s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO lay_words (lay, office) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`, lay, office); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM lay_words`).Scan(&n); err != nil {
			return err
		}
		if n > layWordsAtMost {
			return &catalog.Error{Kind: catalog.KindInvalid, Zh: "对照表最多 2000 对，请先去掉一些", En: "the table takes 2,000 pairs; drop some first"}
		}
		return nil
	}))
}

// DropLayWords removes all pairs of a lay word, and returns how many they were.
func (s *Store) DropLayWords(ctx context.Context, lay string) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM lay_words WHERE lay = $1`, lay)
	return int(tag.RowsAffected()), wrap("drop lay words", err)
}

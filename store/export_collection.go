package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// ExportCollection calls f with the collection of that slug as its input, and with a
// function that goes over its cases in their order, as the context's viewer may read
// them, all as of one moment, however often it is called. It keeps one case in memory
// at a time. It fails with NOT_FOUND where there is none that the viewer may read.
func (s *Store) ExportCollection(ctx context.Context, slug string, f func(in *catalog.CollectionInput, cases func(func(*catalog.CaseInput) error) error) error) error {
	err := s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		in, id, err := inputCalled[*catalog.CollectionInput](ctx, tx, catalog.KindCollection, slug)
		if err != nil {
			return err
		}
		return f(in, func(yield func(*catalog.CaseInput) error) error {
			args := Args{id}
			return yieldCases(ctx, tx, `SELECT v.snapshot FROM collection_cases cc JOIN cases r ON r.id = cc.case_id JOIN revisions v ON v.record_id = r.id AND v.version = r.version
				WHERE cc.collection_id = $1 AND `+Readable(ctx, "cases", "r", &args)+` ORDER BY cc.position`, args, yield)
		})
	})
	return wrap("export a collection", err)
}

// CallInput returns the call of that slug as its input. It fails with NOT_FOUND where
// there is none that the context's viewer may read.
func (s *Store) CallInput(ctx context.Context, slug string) (in *catalog.CallInput, err error) {
	err = s.readAgain(ctx, func(tx pgx.Tx) error {
		in, _, err = inputCalled[*catalog.CallInput](ctx, tx, catalog.KindCall, slug)
		return err
	})
	return in, wrap("call input", err)
}

// inputCalled reads a record that the viewer may read as it was written.
func inputCalled[I catalog.Input](ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, slug string) (in I, id catalog.ID, err error) {
	args := Args{slug}
	var raw []byte
	err = tx.QueryRow(ctx, `SELECT r.id, v.snapshot FROM `+tables[kind].name+` r JOIN revisions v ON v.record_id = r.id AND v.version = r.version
		WHERE r.slug = $1 AND `+Readable(ctx, tables[kind].name, "r", &args), args...).Scan(&id, &raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return in, 0, catalog.NotFound(kind, slug)
	}
	if err != nil {
		return in, 0, err
	}
	decoded, err := decodeInput(kind, raw)
	if err != nil {
		return in, 0, err
	}
	in, ok := decoded.(I)
	if !ok {
		return in, 0, fmt.Errorf("%s is no %T", kind, in)
	}
	return in, id, nil
}

// CampaignOf returns what became of a call, for its caller's reviewers and admins. It
// fails with NOT_FOUND where there is no call that the viewer may read, else with
// UNAUTHENTICATED or FORBIDDEN for anybody else.
func (s *Store) CampaignOf(ctx context.Context, slug string) (*catalog.Campaign, error) {
	found, err := s.CallsBySlug(ctx, []string{slug})
	if err != nil {
		return nil, err
	}
	call := found[slug]
	if call == nil {
		return nil, catalog.NotFound(catalog.KindCall, slug)
	}
	if err := mayRun(catalog.ViewerFrom(ctx), call); err != nil {
		return nil, err
	}
	c := &catalog.Campaign{Title: call.Title}
	if c.Call, err = s.CallInput(ctx, slug); err != nil {
		return nil, err
	}
	if c.Reviewers, err = s.CallReviewers(ctx, call.ID); err != nil {
		return nil, err
	}
	topics, err := s.TopicsByCall(ctx, []catalog.ID{call.ID})
	if err != nil {
		return nil, err
	}
	for _, topic := range topics[call.ID] {
		c.Topics = append(c.Topics, topic.Name)
	}
	var ids []catalog.ID
	titles, committees := map[catalog.ID]string{}, map[catalog.ID]string{}
	all := []*catalog.Submission{}
	err = everyPage(func(page catalog.PageArgs) (*catalog.Page[*catalog.Submission], error) {
		return s.Submissions(ctx, call.ID, nil, nil, page)
	}, func(one *catalog.Submission) { all = append(all, one); ids = append(ids, one.ID) })
	if err != nil {
		return nil, err
	}
	var progress []*catalog.CallProgress
	err = everyPage(func(page catalog.PageArgs) (*catalog.Page[*catalog.CallProgress], error) {
		return s.CallProgress(ctx, call.ID, nil, page)
	}, func(one *catalog.CallProgress) { progress = append(progress, one) })
	if err != nil {
		return nil, err
	}
	if err := s.namesOfAll(ctx, committees); err != nil {
		return nil, err
	}
	if call.CommitteeID != nil {
		c.Committee = committees[*call.CommitteeID]
	}
	for _, one := range all {
		line := catalog.CampaignSubmission{State: one.State, SubmittedAt: one.SubmittedAt, CaseVersion: one.CaseVersion, Mean: one.Mean, Spread: one.Spread, Rank: one.Rank}
		if one.CommitteeID != nil {
			line.Committee = committees[*one.CommitteeID]
		}
		line.Title, line.Characters, line.Synthetic = one.Text.Title, one.Text.Characters, one.Text.Synthetic
		for _, word := range []*string{one.Decision, one.Note} {
			if word != nil && line.Word == "" {
				line.Word = *word
			}
		}
		titles[one.ID] = line.Title
		c.Submissions = append(c.Submissions, line)
	}
	scores, err := s.ScoresBySubmission(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		for _, o := range scores[id] {
			line := catalog.CampaignScore{Title: titles[id], Reviewer: o.Reviewer, Criterion: o.Criterion, Value: o.Value}
			if o.Comment != nil {
				line.Comment = *o.Comment
			}
			c.Scores = append(c.Scores, line)
		}
	}
	for _, p := range progress {
		c.Progress = append(c.Progress, catalog.CampaignProgress{Committee: committees[p.CommitteeID], Submitted: p.Submitted, Returned: p.Returned, Accepted: p.Accepted, Selected: p.Selected})
	}
	return c, nil
}

// everyPage goes over all pages of a list.
func everyPage[T any](ask func(catalog.PageArgs) (*catalog.Page[*T], error), each func(*T)) error {
	most := 100
	for after := (*string)(nil); ; {
		page, err := ask(catalog.PageArgs{First: &most, After: after})
		if err != nil {
			return err
		}
		for _, one := range page.Items {
			each(one)
		}
		if !page.HasNext {
			return nil
		}
		after = &page.Cursors[len(page.Cursors)-1]
	}
}

// namesOfAll fills in the names of all published committees.
func (s *Store) namesOfAll(ctx context.Context, names map[catalog.ID]string) error {
	found, err := s.pool.Query(ctx, `SELECT id, name FROM committees r WHERE `+published)
	if err != nil {
		return wrap("names of committees", err)
	}
	var (
		id   catalog.ID
		name string
	)
	_, err = pgx.ForEachRow(found, []any{&id, &name}, func() error {
		names[id] = name
		return nil
	})
	return wrap("names of committees", err)
}

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// chosen is a submission that was selected, with its case as it is.
type chosen struct {
	submission, of, committee catalog.ID
	judged, version           int
	slug, title               string
	status                    catalog.Status
	was                       *catalog.Status // before the selection published it
	snapshot                  []byte          // of the revision that was judged
}

// PublishSelection publishes what the caller of a call has selected, in one
// transaction: of each case exactly the revision that was judged, whatever was written
// since, which stays behind as the revisions that it is; the call with the day; the
// others as not selected; the collection; and the notices. It fails with INVALID where
// nothing is selected or a case was withdrawn, and then nothing of it has happened.
func (s *Store) PublishSelection(ctx context.Context, id catalog.ID, version int) (next int, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, err
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, now, err := callToSelect(ctx, tx, v, id, version, catalog.ActionSelect)
		if err != nil {
			return edited, err
		}
		if c.Selected() {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: "结果已公布", En: "the selection is published already"}
		}
		list, err := selectedOf(ctx, tx, id)
		if err != nil {
			return edited, err
		}
		if len(list) == 0 {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: "还没有选出入选的报送", En: "nothing is selected"}
		}
		if len(list) > catalog.MaxCollected {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: fmt.Sprintf("入选 %d 个，一部汇编最多收 %d 个", len(list), catalog.MaxCollected), En: fmt.Sprintf("%d are selected; a collection holds %d at most", len(list), catalog.MaxCollected)}
		}
		if err := publishJudged(ctx, tx, v, c, list); err != nil {
			return edited, err
		}
		if _, err := tx.Exec(ctx, `UPDATE submissions SET decision = 'NOT_SELECTED', decided = decided + 1 WHERE call_id = $1 AND state = 'ACCEPTED' AND decision IS DISTINCT FROM 'SELECTED'`, id); err != nil {
			return edited, err
		}
		if err := eventOfAll(ctx, tx, v, id, "SELECT", ""); err != nil {
			return edited, err
		}
		in, err := callInput(now)
		if err != nil {
			return edited, err
		}
		in.SelectedOn = catalog.Today(ctx)
		if edited.Version, err = putOne(ctx, tx, v, catalog.Edit{Action: catalog.ActionSelect, Kind: catalog.KindCall, ID: id}, in); err != nil {
			return edited, err
		}
		if err := makeCollection(ctx, tx, v, c, in, list); err != nil {
			return edited, err
		}
		return edited, tellOfSelection(ctx, tx, id, "")
	})
	return done.Version, err
}

// RetractSelection takes a published selection back: each case to the state that it
// had before, the collection into the archive, the call to where submissions are
// decided. That it happened, and why, stays in the revisions of all of them.
func (s *Store) RetractSelection(ctx context.Context, id catalog.ID, version int, reason string) (next int, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, err
	}
	if reason = strings.TrimSpace(reason); reason == "" || len([]rune(reason)) > catalog.MaxReason {
		return 0, &catalog.Error{Kind: catalog.KindInvalid, Path: "reason", Zh: "请说明原因", En: "say why"}
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, now, err := callToSelect(ctx, tx, v, id, version, catalog.ActionRetract)
		if err != nil {
			return edited, err
		}
		if !c.Selected() {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: "结果还没有公布", En: "there is no published selection"}
		}
		list, err := selectedOf(ctx, tx, id)
		if err != nil {
			return edited, err
		}
		if err := archiveCollection(ctx, tx, v, id, reason); err != nil {
			return edited, err
		}
		if err := unpublish(ctx, tx, v, list, reason); err != nil {
			return edited, err
		}
		if err := eventOfAll(ctx, tx, v, id, "RETRACT", reason); err != nil {
			return edited, err
		}
		in, err := callInput(now)
		if err != nil {
			return edited, err
		}
		in.SelectedOn = ""
		if edited.Version, err = putOne(ctx, tx, v, catalog.Edit{Action: catalog.ActionRetract, Kind: catalog.KindCall, ID: id, Reason: reason}, in); err != nil {
			return edited, err
		}
		return edited, tellOfSelection(ctx, tx, id, "，现撤回："+reason)
	})
	return done.Version, err
}

// callToSelect locks the call alone, and returns it with its revision.
func callToSelect(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, id catalog.ID, version int, action catalog.Action) (*catalog.Call, *current, error) {
	c, err := lockCall(ctx, tx, id, true)
	if err != nil {
		return nil, nil, err
	}
	if err := mayRun(v, c); err != nil {
		return nil, nil, atPath(err, "call")
	}
	e := catalog.Edit{Action: action, Kind: catalog.KindCall, ID: id, Version: version}
	now, err := lockRecord(ctx, tx, e)
	if err == nil && version != now.version {
		err = conflict(ctx, tx, e, now)
	}
	return c, now, err
}

func callInput(now *current) (*catalog.CallInput, error) {
	in, err := decodeInput(catalog.KindCall, now.snapshot)
	if err != nil {
		return nil, err
	}
	in.Head().Slug, in.Head().Status = now.slug, now.status
	return in.(*catalog.CallInput), nil
}

// selectedOf locks what is selected, and the cases, by the submissions' order.
func selectedOf(ctx context.Context, tx pgx.Tx, call catalog.ID) ([]*chosen, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM submissions WHERE call_id = $1 ORDER BY id FOR UPDATE`, call); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `SELECT FROM cases WHERE id IN (SELECT case_id FROM submissions WHERE call_id = $1 AND decision = 'SELECTED') ORDER BY id FOR UPDATE`, call); err != nil {
		return nil, err
	}
	found, err := tx.Query(ctx, `SELECT s.id, s.case_id, s.committee_id, s.case_version, k.version, k.slug, k.title, k.status, s.case_was, v.snapshot
		FROM submissions s JOIN cases k ON k.id = s.case_id JOIN revisions v ON v.record_id = s.case_id AND v.version = s.case_version
			JOIN committees m ON m.id = s.committee_id
		WHERE s.call_id = $1 AND s.state = 'ACCEPTED' AND s.decision = 'SELECTED' ORDER BY m.region_code, s.id`, call)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (*chosen, error) {
		k := &chosen{}
		return k, row.Scan(&k.submission, &k.of, &k.committee, &k.judged, &k.version, &k.slug, &k.title, &k.status, &k.was, &k.snapshot)
	})
}

// publishJudged writes of each case the revision that was judged as a new one that is
// public.
func publishJudged(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, c *catalog.Call, list []*chosen) error {
	inputs := make([]catalog.Input, len(list))
	for i, k := range list {
		if err := catalog.May(v, catalog.ActionSelect, k.committee, k.status); err != nil {
			return &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: "《" + k.title + "》现在是“" + k.status.Label() + "”，不能公布", En: "the case " + k.slug + " is " + string(k.status) + " and cannot be published", Err: err}
		}
		in := &catalog.CaseInput{}
		if err := json.Unmarshal(k.snapshot, in); err != nil {
			return err
		}
		in.Slug, in.Status, in.Withdrawn, in.LeadsTo = k.slug, catalog.StatusPublished, "", ""
		inputs[i] = in
		if _, err := tx.Exec(ctx, `UPDATE submissions SET case_was = $2 WHERE id = $1`, k.submission, k.status); err != nil {
			return err
		}
	}
	reason := "入选“" + c.Title + "”，发布送审的文字"
	return putAll(ctx, tx, v, catalog.Edit{Action: catalog.ActionSelect, Kind: catalog.KindCase, ID: c.ID, Reason: reason}, inputs)
}

// unpublish takes cases back to the state that they had before they were selected;
// what has been withdrawn since, and what was public before, stays.
func unpublish(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, list []*chosen, reason string) error {
	var inputs []catalog.Input
	for _, k := range list {
		if k.was == nil || *k.was == catalog.StatusPublished || k.status != catalog.StatusPublished {
			continue
		}
		raw, err := snapshotOf(ctx, tx, k.of, k.version)
		if err != nil {
			return err
		}
		in := &catalog.CaseInput{}
		if err := json.Unmarshal(raw, in); err != nil {
			return err
		}
		in.Slug, in.Status = k.slug, *k.was
		inputs = append(inputs, in)
	}
	if len(inputs) == 0 {
		return nil
	}
	return putAll(ctx, tx, v, catalog.Edit{Action: catalog.ActionRetract, Kind: catalog.KindCase, ID: list[0].of, Reason: reason}, inputs)
}

// putAll writes inputs by the one way; one that is refused refuses all.
func putAll(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, e catalog.Edit, inputs []catalog.Input) error {
	w := &Writer{tx: tx, actor: catalog.Actor{Name: v.Name}, change: &change{edit: e, viewer: v, status: catalog.StatusPublished}}
	written, err := w.Put(ctx, inputs)
	if err != nil {
		return err
	}
	for _, one := range written {
		if one.Err != nil {
			return fmt.Errorf("%s %s: %w", strings.ToLower(string(one.Kind)), one.Slug, one.Err)
		}
	}
	return nil
}

func putOne(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, e catalog.Edit, in catalog.Input) (int, error) {
	w := &Writer{tx: tx, actor: catalog.Actor{Name: v.Name}, change: &change{edit: e, viewer: v, status: catalog.StatusPublished}}
	one, err := w.putFree(ctx, in)
	return one.Version, err
}

// makeCollection makes the book of a selection, by region; it can be put in another
// order later.
func makeCollection(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, c *catalog.Call, call *catalog.CallInput, list []*chosen) error {
	title := c.Title + "入选案例汇编"
	if c.Mark != nil {
		title = *c.Mark + "汇编"
	}
	in := &catalog.CollectionInput{
		InputMeta: catalog.InputMeta{Slug: c.Slug, Origin: c.Origin, Status: catalog.StatusPublished},
		Title:     title, Committee: call.Committee, Call: c.Slug,
	}
	if in.Origin == catalog.OriginDocumented {
		in.Origin = catalog.OriginContributed
	}
	for _, k := range list {
		in.Cases = append(in.Cases, k.slug)
	}
	// A new one each time: a book that was taken back keeps its address and its versions to
	// itself, as they tell what else was chosen.
	_, err := putOne(ctx, tx, v, catalog.Edit{Action: catalog.ActionSelect, Kind: catalog.KindCollection, FreeSlug: true}, in)
	return err
}

// archiveCollection takes the book of a selection away from the public.
func archiveCollection(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, call catalog.ID, reason string) error {
	found, err := tx.Query(ctx, `SELECT id FROM collections WHERE call_id = $1 AND status = 'PUBLISHED' FOR UPDATE`, call)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
	if err != nil {
		return err
	}
	for _, id := range ids {
		e := catalog.Edit{Action: catalog.ActionArchive, Kind: catalog.KindCollection, ID: id, Reason: reason}
		now, err := lockRecord(ctx, tx, e)
		if err != nil {
			return err
		}
		in, err := decodeInput(catalog.KindCollection, now.snapshot)
		if err != nil {
			return err
		}
		in.Head().Slug, in.Head().Status = now.slug, catalog.StatusArchived
		if _, err := putOne(ctx, tx, v, e, in); err != nil {
			return err
		}
	}
	return nil
}

func eventOfAll(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, call catalog.ID, what, detail string) error {
	_, err := tx.Exec(ctx, `INSERT INTO submission_events (submission_id, what, actor, case_version, detail)
		SELECT id, $2, $3, case_version, nullif(concat_ws(' ', decision, nullif($4, '')), '') FROM submissions WHERE call_id = $1 AND state = 'ACCEPTED' ORDER BY id`, call, what, v.Name, detail)
	return err
}

// tellOfSelection tells all who have submitted.
func tellOfSelection(ctx context.Context, tx pgx.Tx, call catalog.ID, detail string) error {
	found, err := tx.Query(ctx, `SELECT DISTINCT committee_id FROM submissions WHERE call_id = $1 AND state <> 'WITHDRAWN'`, call)
	if err != nil {
		return err
	}
	to, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
	if err != nil {
		return err
	}
	return notify(ctx, tx, catalog.NoticeSelectionPublished, call, detail, to)
}

package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// closing has the call close on another day than it was to, or at once, by the
// context's clock. What has been is not changed: it closes not before today, and not
// once its selection is published.
func closing(ctx context.Context, in *catalog.CallInput, e catalog.Edit) error {
	today := catalog.Today(ctx)
	switch {
	case in.SelectedOn != "":
		return &catalog.Error{Kind: catalog.KindInvalid, Path: "closesOn", Zh: "结果已公布，不能再改截止日期", En: "the selection is published; the call stays closed"}
	case e.ClosesOn != "" && e.ClosesOn < today:
		return &catalog.Error{Kind: catalog.KindInvalid, Path: "closesOn", Zh: "截止日期不能早于今天；立即截止请不写日期", En: "cannot be before today; leave it out to close at once"}
	}
	in.ClosedReason = strings.TrimSpace(e.Reason)
	if e.ClosesOn != "" {
		in.ClosesOn, in.ClosedAt = e.ClosesOn, ""
		return nil
	}
	if now := catalog.Now(ctx); now.Before(in.Closes(catalog.ZoneOf(ctx))) {
		in.ClosesOn, in.ClosedAt = today, now.UTC().Format(time.RFC3339Nano)
	}
	return nil
}

// judgedStays refuses to change what submissions are judged by once a score was given,
// or the selection is published.
func judgedStays(ctx context.Context, tx pgx.Tx, id catalog.ID, in *catalog.CallInput, now *current) error {
	old, err := callInput(now)
	if err != nil {
		return err
	}
	catalog.SetDefaults(in)
	for path, same := range map[string]bool{
		"criteria":        slices.EqualFunc(in.Criteria, old.Criteria, func(a, b catalog.CriterionInput) bool { return a.Name == b.Name && a.WeightOf() == b.WeightOf() }),
		"blind":           in.Blind == old.Blind,
		"scoresVisibleTo": in.ScoresVisibleTo == old.ScoresVisibleTo,
	} {
		if same {
			continue
		}
		var begun bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM call_scores o JOIN submissions s ON s.id = o.submission_id WHERE s.call_id = $1)`, id).Scan(&begun)
		if err != nil {
			return err
		}
		if begun || old.SelectedOn != "" {
			return &catalog.Error{Kind: catalog.KindInvalid, Path: path, Zh: "已有评分，评审的规则不能再改", En: "scores were given; what is judged by stays"}
		}
	}
	return nil
}

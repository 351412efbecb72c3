package store

import (
	"context"
	"strings"
	"time"

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

package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// ExportCases calls yield with the cases that Cases would list with the filter,
// as their inputs, by slug, all as of one moment. What a case names that the
// context's viewer may not read is left out of it. It keeps one case in memory
// at a time, stops at yield's first error and returns it.
func (s *Store) ExportCases(ctx context.Context, f catalog.CaseFilter, yield func(*catalog.CaseInput) error) error {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return err
	}
	l, err := CaseList(ctx, catalog.Parents{}, f, nil)
	if err != nil {
		return err
	}
	begun := false
	err = s.readStream(ctx, &begun, func(tx pgx.Tx) error {
		return yieldCases(ctx, tx, `SELECT v.snapshot FROM `+l.from+` JOIN revisions v ON v.record_id = r.id AND v.version = r.version
			WHERE `+l.Conditions()+` ORDER BY r.slug`, l.args, func(in *catalog.CaseInput) error {
			begun = true
			return yield(in)
		})
	})
	return wrap("export cases", err)
}

// CaseInput returns the case of that slug as its input, without what the
// context's viewer may not read of what it names. It fails with NOT_FOUND where
// there is none that the viewer may read.
func (s *Store) CaseInput(ctx context.Context, slug string) (*catalog.CaseInput, error) {
	var one *catalog.CaseInput
	err := s.readAgain(ctx, func(tx pgx.Tx) error {
		args := Args{slug}
		return yieldCases(ctx, tx, `SELECT v.snapshot FROM cases r JOIN revisions v ON v.record_id = r.id AND v.version = r.version
			WHERE r.slug = $1 AND `+Readable(ctx, "cases", "r", &args), args, func(in *catalog.CaseInput) error {
			one = in
			return nil
		})
	})
	if err == nil && one == nil {
		return nil, catalog.NotFound(catalog.KindCase, slug)
	}
	return one, wrap("case input", err)
}

// yieldCases reads the snapshots that a statement returns.
func yieldCases(ctx context.Context, tx pgx.Tx, sql string, args []any, yield func(*catalog.CaseInput) error) error {
	hidden, err := hiddenFrom(ctx, tx)
	if err != nil {
		return err
	}
	found, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	return eachSnapshot(found, func() *catalog.CaseInput { return &catalog.CaseInput{} }, func(in *catalog.CaseInput) error {
		catalog.LeaveOut(in, hidden.has)
		return yield(in)
	})
}

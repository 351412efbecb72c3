package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/catalog"
)

// Released calls yield with every published record of the origins, kind by kind
// in the order of catalog.RecordKinds and by slug within one, all as of one
// moment. An adoption is left out with the case that it is of, a report with the
// record that it stands beside, and of a record what it names that is not published.
// It keeps one record in memory at a time, stops at yield's first error and returns it.
func (s *Store) Released(ctx context.Context, origins []catalog.Origin, yield func(*catalog.Released) error) error {
	err := s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		hidden, err := hiddenFrom(catalog.WithViewer(ctx, nil), tx)
		if err != nil {
			return err
		}
		for _, kind := range catalog.RecordKinds {
			if err := released(ctx, tx, kind, origins, hidden, yield); err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
		}
		return nil
	})
	return wrap("released records", err)
}

func released(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, origins []catalog.Origin, hidden hidden, yield func(*catalog.Released) error) error {
	within := ``
	if kind == catalog.KindAdoption {
		within = ` AND EXISTS (SELECT FROM cases c WHERE c.id = r.case_id AND c.status = 'PUBLISHED' AND c.origin = ANY ($1))`
	}
	if kind == catalog.KindReport {
		within = ` AND r.record_id IN (SELECT o.id FROM (SELECT r.id FROM ` + EveryRecord() + ` WHERE r.status = 'PUBLISHED' AND r.origin = ANY ($1)) o)`
	}
	found, err := tx.Query(ctx, `
		SELECT r.version, r.created_at, r.updated_at, v.digest, v.snapshot
		FROM `+tables[kind].name+` r JOIN revisions v ON v.record_id = r.id AND v.version = r.version
		WHERE `+published+` AND r.origin = ANY ($1)`+within+` ORDER BY r.slug COLLATE "C"`, origins)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		one := &catalog.Released{Input: catalog.NewInput(kind)}
		var raw []byte
		if err := found.Scan(&one.Version, &one.CreatedAt, &one.UpdatedAt, &one.Digest, &raw); err != nil {
			return err
		}
		if err := json.Unmarshal(raw, one.Input); err != nil {
			return fmt.Errorf("snapshot: %w", err)
		}
		catalog.LeaveOut(one.Input, hidden.has)
		if err := yield(one); err != nil {
			return err
		}
	}
	return found.Err()
}

// KeepRelease records a release for good. A name that is taken is a CONFLICT.
func (s *Store) KeepRelease(ctx context.Context, r *catalog.Release) error {
	files, err := json.Marshal(r.Files)
	if err != nil {
		return wrap("keep release", err)
	}
	_, err = s.pool.Exec(ctx, `INSERT INTO releases (name, actor, software, as_of, records, synthetic, since, files) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.Name, r.Actor, r.Software, r.AsOf, r.Records, r.Synthetic, null(r.Since), string(files))
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "releases_pkey" {
		return &catalog.Error{
			Kind: catalog.KindConflict, Path: "name", Err: err,
			Zh: fmt.Sprintf("已有名为“%s”的发布，发布不能更改", r.Name), En: fmt.Sprintf("there is a release %q, and releases never change", r.Name),
		}
	}
	return wrap("keep release", err)
}

const releaseSelect = `SELECT number, name, created_at, actor, software, as_of, records, synthetic, coalesce(since, ''), files FROM releases`

func scanRelease(row pgx.CollectableRow) (numbered, error) {
	var n numbered
	n.Release = &catalog.Release{}
	r := n.Release
	var files []byte
	err := row.Scan(&n.number, &r.Name, &r.CreatedAt, &r.Actor, &r.Software, &r.AsOf, &r.Records, &r.Synthetic, &r.Since, &files)
	if err == nil {
		err = json.Unmarshal(files, &r.Files)
	}
	for _, f := range r.Files {
		f.Release = r.Name
	}
	return n, err
}

// numbered is a release in its place among all.
type numbered struct {
	*catalog.Release
	number int64
}

// Releases returns a page of the releases, newest first. Only First and After are
// looked at.
func (s *Store) Releases(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Release], error) {
	if err := page.Validate(); err != nil {
		return nil, err
	}
	after, err := releaseCursor(page.After)
	if err != nil {
		return nil, err
	}
	found, err := s.pool.Query(ctx, releaseSelect+` WHERE $1 = 0 OR number < $1 ORDER BY number DESC LIMIT $2`, after, page.Size()+1)
	if err != nil {
		return nil, wrap("releases", err)
	}
	list, err := pgx.CollectRows(found, scanRelease)
	if err != nil {
		return nil, wrap("releases", err)
	}
	out := &catalog.Page[*catalog.Release]{HasNext: len(list) > page.Size(), HasPrevious: page.After != nil}
	for _, r := range list[:min(len(list), page.Size())] {
		out.Items = append(out.Items, r.Release)
		out.Cursors = append(out.Cursors, base64.RawURLEncoding.EncodeToString([]byte("release:"+strconv.FormatInt(r.number, 10))))
	}
	return out, nil
}

// releaseCursor reads the number of the release that a page comes after, 0 for
// none.
func releaseCursor(after *string) (int64, error) {
	if after == nil {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*after)
	var n int64
	if err == nil && len(raw) > len("release:") {
		n, err = strconv.ParseInt(string(raw[len("release:"):]), 10, 64)
	}
	if err != nil || n <= 0 {
		return 0, &catalog.Error{Kind: catalog.KindInvalid, Path: "after", Err: err, Zh: "这个分页游标不是本列表给出的", En: "this cursor was not given by this list"}
	}
	return n, nil
}

// CountReleases counts what Releases lists.
func (s *Store) CountReleases(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM releases`).Scan(&n)
	return n, wrap("count releases", err)
}

// Release returns the release of that name; NOT_FOUND where there is none.
func (s *Store) Release(ctx context.Context, name string) (*catalog.Release, error) {
	found, err := s.pool.Query(ctx, releaseSelect+` WHERE name = $1`, name)
	if err != nil {
		return nil, wrap("release", err)
	}
	r, err := pgx.CollectExactlyOneRow(found, scanRelease)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, &catalog.Error{Kind: catalog.KindNotFound, Zh: fmt.Sprintf("没有名为“%s”的发布", name), En: fmt.Sprintf("there is no release %q", name)}
	}
	return r.Release, wrap("release", err)
}

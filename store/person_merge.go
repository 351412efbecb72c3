package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// merger is the person that stays where two records of one person become one.
type merger struct {
	keep catalog.ID
	now  *current
}

// merging locks the person that stays, checks that the two can be one, and returns
// the one that goes as it is then: archived, and leading to the other.
func (c *change) merging(ctx context.Context, tx pgx.Tx, now *current) (catalog.Input, error) {
	if c.edit.Keep == c.edit.ID {
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "keep", Zh: "两条是同一条记录", En: "the two are the same record"}
	}
	seen := catalog.Edit{Kind: catalog.KindPerson, ID: c.edit.Keep, Version: c.edit.KeepVersion}
	kept, err := lockRecord(ctx, tx, seen)
	if err != nil {
		return nil, at2("keep", err)
	}
	switch {
	case kept.version != seen.Version:
		return nil, at2("keepVersion", conflict(ctx, tx, seen, kept))
	case kept.status == catalog.StatusArchived:
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "keep", Zh: "已归档的人物不能作为保留的一条", En: "an archived person cannot be the one that stays"}
	case now.status == catalog.StatusPublished && kept.status != catalog.StatusPublished:
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "keep", Zh: "已发布的人物只能并入已发布的人物", En: "a published person can be merged into a published one only"}
	case now.origin == catalog.OriginDocumented && kept.origin != catalog.OriginDocumented:
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "keep", Zh: "有出处的人物应当保留", En: "the documented one of the two must stay"}
	case (now.origin == catalog.OriginSynthetic) != (kept.origin == catalog.OriginSynthetic):
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "keep", Zh: "合成数据不能与真实的人物合并", En: "a made-up person cannot be merged with a real one"}
	}
	in, err := decodeInput(catalog.KindPerson, now.snapshot)
	if err != nil {
		return nil, err
	}
	in.Head().Withdrawn, in.Head().LeadsTo = "与另一条记录是同一人，已合并", "person "+kept.slug
	c.merge = &merger{c.edit.Keep, kept}
	return in, nil
}

// at2 sets an error's field, whatever it had.
func at2(path string, err error) error {
	if e, ok := err.(*catalog.Error); ok { //nolint:errorlint // made just now
		e.Path = path
	}
	return err
}

// putMerged has every record that names the person who goes name the one who stays,
// each by a revision of its own, and gives the one who stays the other's offices,
// where the viewer may change it.
func (c *change) putMerged(ctx context.Context, w *Writer, gone *catalog.PersonInput) (catalog.Edited, error) {
	now := c.merge.now
	edited := catalog.Edited{ID: c.merge.keep, Version: now.version, Action: catalog.WriteSame}
	in, err := decodeInput(catalog.KindPerson, now.snapshot)
	if err != nil {
		return edited, err
	}
	kept := in.(*catalog.PersonInput)
	inner := &Writer{tx: w.tx, actor: w.actor, why: "人物合并：" + gone.Slug + " 并入 " + kept.Slug}
	inputs, err := naming(ctx, w.tx, c.edit.ID, gone.Slug, kept.Slug)
	if err != nil {
		return edited, err
	}
	changed := takeOver(kept, gone)
	if changed && catalog.MayForAny(c.viewer, catalog.ActionUpdate, now.owners, now.status) == nil {
		inputs = append(inputs, kept)
	}
	written, err := inner.Put(ctx, inputs)
	if err != nil {
		return edited, err
	}
	for _, one := range written {
		if one.Action == catalog.WriteRefused {
			return edited, one.Err
		}
		if one.Kind == catalog.KindPerson {
			edited.Version, edited.Action = one.Version, one.Action
		}
	}
	return edited, nil
}

// takeOver adds to the one who stays the offices of the other, with the citations of
// both, and reports whether that is more.
func takeOver(kept, gone *catalog.PersonInput) bool {
	before := len(kept.Offices) + len(kept.Citations)
	place := map[string]string{}
	for i, office := range gone.Offices {
		at := slices.Index(kept.Offices, office)
		if at < 0 && len(kept.Offices) < catalog.MaxList {
			at = len(kept.Offices)
			kept.Offices = append(kept.Offices, office)
		}
		place["offices."+strconv.Itoa(i)] = "offices." + strconv.Itoa(at)
	}
	for _, c := range gone.Citations {
		if kept.Origin != catalog.OriginDocumented || len(kept.Citations) == catalog.MaxList {
			break
		}
		for i, field := range c.Fields {
			if to, ok := place[field]; ok {
				c.Fields[i] = to
			}
		}
		if !slices.ContainsFunc(kept.Citations, func(o catalog.CitationInput) bool { return o.Source == c.Source && o.Quote == c.Quote }) {
			kept.Citations = append(kept.Citations, c)
		}
	}
	return len(kept.Offices)+len(kept.Citations) > before
}

// naming returns the records that name a person, as they are to be written: with
// another one in its place.
func naming(ctx context.Context, tx pgx.Tx, person catalog.ID, slug, by string) ([]catalog.Input, error) {
	var inputs []catalog.Input
	for _, of := range []struct {
		kind  catalog.RecordKind
		where string
	}{
		{catalog.KindProposal, `SELECT proposal_id FROM proposers WHERE person_id = $1 UNION SELECT proposal_id FROM supervisions WHERE supervisor_id = $1
			UNION SELECT proposal_id FROM supervision_entry_persons WHERE person_id = $1 UNION SELECT proposal_id FROM proposal_events WHERE person_id = $1`},
		{catalog.KindCase, `SELECT case_id FROM participants WHERE person_id = $1`},
		{catalog.KindActivity, `SELECT activity_id FROM activity_persons WHERE person_id = $1`},
	} {
		found, err := tx.Query(ctx, `SELECT v.snapshot FROM `+tables[of.kind].name+` r JOIN revisions v ON v.record_id = r.id AND v.version = r.version
			WHERE r.id IN (`+of.where+`) ORDER BY r.id FOR UPDATE OF r`, person)
		if err != nil {
			return nil, err
		}
		snapshots, err := pgx.CollectRows(found, pgx.RowTo[[]byte])
		if err != nil {
			return nil, err
		}
		for _, raw := range snapshots {
			in, err := decodeInput(of.kind, raw)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", of.kind, err)
			}
			for _, ref := range in.References() {
				if ref.Kind == catalog.KindPerson && *ref.Name == slug {
					*ref.Name = by
				}
			}
			onceEach(in)
			inputs = append(inputs, in)
		}
	}
	return inputs, nil
}

// onceEach leaves one of each person where a list names each once.
func onceEach(in catalog.Input) {
	switch in := in.(type) {
	case *catalog.ProposalInput:
		in.Proposers = distinct(in.Proposers)
		for i := range in.Supervisions {
			for j := range in.Supervisions[i].Entries {
				in.Supervisions[i].Entries[j].By = distinct(in.Supervisions[i].Entries[j].By)
			}
		}
	case *catalog.ActivityInput:
		in.Persons = distinct(in.Persons)
	}
}

func distinct[T comparable](list []T) []T {
	var kept []T
	for _, one := range list {
		if !slices.Contains(kept, one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// freeSlug returns the base, or with the first small number that is free; taken says
// which are taken besides those of the database.
func freeSlug(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, base string, taken func(string) bool) (string, error) {
	base = strings.Trim(base[:min(len(base), catalog.MaxSlug)], "-")
	candidates := []string{base}
	for n := 2; n <= freeSlugs; n++ {
		candidates = append(candidates, catalog.Numbered(base, n))
	}
	found, err := tx.Query(ctx, `SELECT slug FROM `+tables[kind].name+` WHERE slug = ANY ($1)`, candidates)
	if err != nil {
		return "", err
	}
	there, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return "", err
	}
	for _, slug := range candidates {
		if !slices.Contains(there, slug) && !taken(slug) {
			return slug, nil
		}
	}
	return anySlug(base), nil
}

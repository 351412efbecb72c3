package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// chainRule holds that every revision is what was written and follows the one
// before: its digest is that of all that stands in it and of the digest before.
// It is migration 9's formula, and not its function.
//
// A revision that is not what its digest says was changed itself, or the one
// before it was replaced together with its digest: then the last of the chain is
// another one, which a release or a backup tells.
var chainRule = rule{
	name: "chain", zh: "每个版本与写入时逐字相同，且前后相接", en: "every revision is what was written, and follows the one before",
	checked: `SELECT count(*) FROM revisions`,
	broken: `SELECT coalesce(r.kind, i.kind), r.slug, CASE WHEN b.version IS NULL THEN format('version %s is not what was written', v.version)
				ELSE format('version %s is not what was written, or version %s was replaced', v.version, b.version) END
		FROM revisions v LEFT JOIN revisions b ON b.record_id = v.record_id AND b.version = v.version - 1
			LEFT JOIN records i ON i.id = v.record_id LEFT JOIN ` + everyRecord + ` ON r.id = v.record_id
		WHERE (b.version IS NOT NULL OR v.version = 1)
			AND v.digest IS DISTINCT FROM sha256(convert_to(jsonb_build_array(encode(b.digest, 'hex'), v.record_id, v.version,
				to_char(v.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), v.actor, v.origin, v.status, v.reason, v.snapshot)::text, 'UTF8'))
		ORDER BY 1, 2, v.version`,
}

// Released checks that the database still has the versions that releases
// hold, with the digests that they had then, to which all earlier versions of the
// same record belong. This is what a database cannot make up by itself, where the
// release is kept elsewhere. A version of a release that kept no digests is not
// checked, nor is a made-up record that has been taken out.
func Released(ctx context.Context, s *store.Store, versions []catalog.ReleasedVersion) (*catalog.Check, error) {
	versions = slices.DeleteFunc(slices.Clone(versions), func(v catalog.ReleasedVersion) bool { return v.Digest == "" })
	c := &catalog.Check{
		Name: "released", Zh: "各发布所载的版本与发布时相同", En: "every version that a release holds is what it was then",
		Advice: pastJisi, Checked: len(versions),
	}
	if len(versions) == 0 {
		return c, nil
	}
	raw, err := json.Marshal(versions)
	if err != nil {
		return nil, fmt.Errorf("verify released: %w", err)
	}
	err = s.InTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return eachFailure(ctx, tx, `
			SELECT t.kind, t.slug, CASE WHEN r.id IS NULL THEN format('the record is gone; release %s has its version %s', t.release, t.version)
				WHEN v.version IS NULL THEN format('version %s is gone; release %s has it', t.version, t.release)
				ELSE format('version %s, or one before it, is not what it was in release %s', t.version, t.release) END
			FROM json_to_recordset($1) t (release text, kind text, slug text, origin text, version int, digest text)
				LEFT JOIN `+everyRecord+` ON r.kind = t.kind AND r.slug = t.slug LEFT JOIN revisions v ON v.record_id = r.id AND v.version = t.version
			WHERE encode(v.digest, 'hex') IS DISTINCT FROM t.digest AND (r.id IS NOT NULL OR t.origin <> 'SYNTHETIC')
			ORDER BY 1, 2, t.version, t.release`, c, string(raw))
	})
	if err != nil {
		return c, fmt.Errorf("verify released: %w", err)
	}
	return c, nil
}

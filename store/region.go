package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var regions = nounOf(table{
	name:  "regions",
	names: []string{"ARRAY[former_code]", "ARRAY[name]", "alternative_names"},
}, func(r *catalog.Region, in *catalog.RegionInput, _ *lookup) []Column {
	return []Column{
		column("code", "code", Word, &r.Code, in.Slug),
		column("name", "name", Text, &r.Name, in.Name),
		column("alternative_names", "alternativeNames", Text, &r.AlternativeNames, array(in.AlternativeNames)),
		column("level", "level", Word, &r.Level, in.Level),
		internal("parent_code", &r.ParentCode, null(in.Parent)),
		column("former_code", "formerCode", WordOrNull, &r.FormerCode, null(in.FormerCode)),
	}
})

// RegionsByID returns the regions of these ids.
func (s *Store) RegionsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Region, error) {
	return byID(ctx, s, regions, ids)
}

// RegionsByCode returns those regions of these codes, former ones included, that the
// viewer may read.
func (s *Store) RegionsByCode(ctx context.Context, codes []string) (map[string]*catalog.Region, error) {
	var key string
	args := Args{codes}
	sql := `SELECT wanted.code, ` + regions.selectList() + `
		FROM unnest($1::text[]) AS wanted (code) JOIN regions r ON wanted.code IN (r.code, r.former_code)
		WHERE ` + Readable(ctx, regions.name, "r", &args)
	return collect(ctx, s, "regions by code", sql, args, &key, regions.scan, func(m map[string]*catalog.Region, r *catalog.Region) { m[key] = r })
}

// RegionsBelow returns the regions directly below each of these codes, by code.
func (s *Store) RegionsBelow(ctx context.Context, codes []string) (map[string][]*catalog.Region, error) {
	return linked(ctx, s, regions, `(SELECT *, parent_code AS parent FROM regions) l JOIN regions r USING (id)`, `r.code`, codes)
}

// Regions returns all regions by code, of one level or directly below one region
// where these are given.
func (s *Store) Regions(ctx context.Context, level *catalog.Level, parent *string) ([]*catalog.Region, error) {
	lists, err := children(ctx, s, "regions", `
		SELECT `+regions.selectList()+` FROM regions r WHERE `+published+`
			AND ($1::text[])[1] IN ('', r.level)
			AND (($1::text[])[2] = '' OR r.parent_code IN (SELECT code FROM regions WHERE ($1::text[])[2] IN (code, former_code)))
		ORDER BY r.code`, []string{text(level), text(parent)},
		func(r *catalog.Region) (*string, []any) { return new(string), regions.scan(r) })
	return lists[""], err
}

// text returns the value of an optional text, "" where there is none.
func text[T ~string](v *T) string {
	if v == nil {
		return ""
	}
	return string(*v)
}

// CaseCountsByRegion counts the published cases in each region and all below.
// The cases are counted once by their own regions, and the counts summed up the
// tree: many regions cost no more than one.
func (s *Store) CaseCountsByRegion(ctx context.Context, codes []string) (map[string]int, error) {
	return pairs[string, int](ctx, s, "case counts by region", `
		WITH RECURSIVE below (root, code) AS (
			SELECT code, code FROM regions WHERE code = ANY ($1)
			UNION SELECT b.root, r.code FROM regions r JOIN below b ON r.parent_code = b.code),
		counted AS (
			SELECT r.region_code AS code, count(*) AS n FROM cases r
			WHERE `+published+` AND r.region_code IN (SELECT code FROM below) GROUP BY r.region_code)
		SELECT b.root, coalesce(sum(c.n), 0)::bigint FROM below b LEFT JOIN counted c USING (code) GROUP BY b.root`, codes)
}

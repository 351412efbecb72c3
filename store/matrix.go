package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxCells is how many counts a matrix may have: what a client can still read,
// a few megabytes at most.
const maxCells = 200_000

// axis says which values of a dimension the cases r have: joined to joins, each
// has a row a value, with the value's key, or one with NULL where it has none.
// names, where the values are records, is their table, known by column.
type axis struct {
	joins  string
	key    string
	many   bool // a case may have more than one
	names  string
	column string
	byName bool // in the order of names, not of keys
}

// axisOf gives the axis of a dimension. What readers may not see counts as not
// being there, as it does where a case is read.
func axisOf(d catalog.Dimension) (axis, error) {
	switch d {
	case catalog.ByRegion:
		return axis{joins: `LEFT JOIN regions v ON v.code = r.region_code AND v.status = 'PUBLISHED'`, key: `v.code`, names: `regions`, column: `code`}, nil
	case catalog.ByPrefecture:
		return axis{
			joins: `LEFT JOIN regions own ON own.code = r.region_code
				LEFT JOIN regions v ON v.code = CASE own.level WHEN 'COUNTY' THEN own.parent_code ELSE own.code END AND v.level = 'PREFECTURE' AND v.status = 'PUBLISHED'`,
			key: `v.code`, names: `regions`, column: `code`,
		}, nil
	case catalog.ByTopic:
		return axis{
			joins: `LEFT JOIN (case_topics ct JOIN topics v ON v.id = ct.topic_id AND v.status = 'PUBLISHED') ON ct.case_id = r.id`,
			key:   `v.slug`, many: true, names: `topics`, column: `slug`, byName: true,
		}, nil
	case catalog.ByBrand:
		return axis{joins: `LEFT JOIN brands v ON v.id = r.brand_id AND v.status = 'PUBLISHED'`, key: `v.slug`, names: `brands`, column: `slug`, byName: true}, nil
	case catalog.ByStep:
		return axis{joins: `LEFT JOIN steps v ON v.case_id = r.id`, key: `v.code`, many: true}, nil
	case catalog.ByOutcomeStatus:
		return axis{joins: `LEFT JOIN (SELECT DISTINCT record_id, status FROM outcomes WHERE record_kind = 'CASE') v ON v.record_id = r.id`, key: `v.status`, many: true}, nil
	case catalog.ByLevel:
		return axis{key: `r.level`}, nil
	case catalog.ByYear:
		return axis{key: `r.year::text`}, nil
	case catalog.ByStatus:
		return axis{key: `r.status`}, nil
	case catalog.ByOrigin:
		return axis{key: `r.origin`}, nil
	}
	return axis{}, &catalog.Error{
		Kind: catalog.KindInvalid, Zh: fmt.Sprintf("没有“%s”这个统计维度", d), En: fmt.Sprintf("there is no dimension %q", string(d)),
	}
}

// values selects each case's keys as one array; ” stands for none.
func (a axis) values() string {
	if a.many {
		return `SELECT r.id, array_agg(coalesce(` + a.key + `, '')) AS keys FROM chosen r ` + a.joins + ` GROUP BY r.id`
	}
	return `SELECT r.id, ARRAY[coalesce(` + a.key + `, '')] AS keys FROM chosen r ` + a.joins
}

// margin counts the cases of each key in one of the profiles' columns, with the
// key's name and its place in the order of the dimension: none comes last.
func (a axis) margin(l *list, d catalog.Dimension, part int, column string) string {
	name, join, order := `''`, ``, `m.key`
	if a.names != "" {
		name = `coalesce(v.name, '')`
		join = ` LEFT JOIN ` + a.names + ` v ON v.` + a.column + ` = m.key`
	}
	if a.byName {
		order = `v.name COLLATE jisi_zh, m.key`
	}
	if values := d.Values(); values != nil {
		order = `array_position(` + l.arg(values) + `::text[], m.key)`
	}
	return fmt.Sprintf(`SELECT %d, m.key, '', %s, row_number() OVER (ORDER BY m.key = '', %s), m.cases
		FROM (SELECT key, sum(cases)::bigint AS cases FROM profiles, unnest(%s) AS key GROUP BY key) m%s`, part, name, order, column, join)
}

// The parts of a matrix's statement.
const (
	partTotal = iota
	partRows
	partColumns
	partCells
)

// CaseMatrix counts the published cases of a filter by one dimension, or by two
// where columns is given, in one statement. It is a LIMIT error where the two
// have too many values.
func (s *Store) CaseMatrix(ctx context.Context, rows catalog.Dimension, columns *catalog.Dimension, f catalog.CaseFilter) (*catalog.CaseMatrix, error) {
	sql, args, err := matrixStatement(rows, columns, f)
	if err != nil {
		return nil, err
	}
	found, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap("case matrix", err)
	}
	m := &catalog.CaseMatrix{Rows: []catalog.MatrixValue{}, Columns: []catalog.MatrixValue{}}
	cells := map[[2]string]int{}
	var (
		part, place, n    int
		row, column, name string
	)
	_, err = pgx.ForEachRow(found, []any{&part, &row, &column, &name, &place, &n}, func() error {
		switch part {
		case partTotal:
			m.Total = n
		case partRows:
			m.Rows = putAt(m.Rows, place, catalog.MatrixValue{Key: row, Label: rows.Label(row, name), Count: n})
		case partColumns:
			m.Columns = putAt(m.Columns, place, catalog.MatrixValue{Key: row, Label: columns.Label(row, name), Count: n})
		case partCells:
			cells[[2]string{row, column}] = n
		}
		return nil
	})
	if err != nil {
		return nil, wrap("case matrix", err)
	}
	if columns == nil {
		byOne(m)
		return m, nil
	}
	return m, byTwo(m, cells)
}

// matrixStatement puts the statement together. Cases that have the same values
// are counted first, as a profile; the counts of rows, columns and pairs are
// then sums over the profiles, of which there are far fewer than pairs of a
// case and its values. As a value stands once in a case's array, every sum is
// of different cases.
func matrixStatement(rows catalog.Dimension, columns *catalog.Dimension, f catalog.CaseFilter) (string, []any, error) {
	l, err := caseList(catalog.Parents{}, f, nil)
	if err != nil {
		return "", nil, err
	}
	a, err := axisOf(rows)
	if err != nil {
		return "", nil, err
	}
	with := `WITH chosen AS MATERIALIZED (
			SELECT r.id, r.region_code, r.brand_id, r.level, r.year, r.status, r.origin FROM ` + l.from + ` WHERE ` + l.conditions() + `),
		a AS (` + a.values() + `)`
	profiles := `SELECT a.keys AS a, count(*) AS cases FROM a GROUP BY a.keys`
	parts := fmt.Sprintf(`SELECT %d, '', '', '', 0::bigint, count(*) FROM chosen
		UNION ALL %s`, partTotal, a.margin(&l, rows, partRows, `a`))
	if columns != nil {
		b, err := axisOf(*columns)
		if err != nil {
			return "", nil, err
		}
		with += `, b AS (` + b.values() + `)`
		profiles = `SELECT a.keys AS a, b.keys AS b, count(*) AS cases FROM a JOIN b ON b.id = a.id GROUP BY a.keys, b.keys`
		parts += fmt.Sprintf(` UNION ALL %s
			UNION ALL SELECT %d, row_key, column_key, '', 0, sum(cases)::bigint
			FROM profiles, unnest(a) AS row_key, unnest(b) AS column_key GROUP BY row_key, column_key`,
			b.margin(&l, *columns, partColumns, `b`), partCells)
	}
	return with + `, profiles AS MATERIALIZED (` + profiles + `) ` + parts, l.args, nil
}

// putAt puts a value at its place in the list, counted from one; the others may
// come before or after it.
func putAt(list []catalog.MatrixValue, place int, v catalog.MatrixValue) []catalog.MatrixValue {
	for len(list) < place {
		list = append(list, catalog.MatrixValue{})
	}
	list[place-1] = v
	return list
}

// byOne gives a count by one dimension its one column, of all cases.
func byOne(m *catalog.CaseMatrix) {
	m.Columns = append(m.Columns, catalog.MatrixValue{Key: "ALL", Label: "合计", Count: m.Total})
	m.Counts = make([][]int, len(m.Rows))
	for i, r := range m.Rows {
		m.Counts[i] = []int{r.Count}
	}
}

// byTwo puts the cells in their places.
func byTwo(m *catalog.CaseMatrix, cells map[[2]string]int) error {
	if n := len(m.Rows) * len(m.Columns); n > maxCells {
		return &catalog.Error{
			Kind: catalog.KindLimit, Path: "columns",
			Zh: fmt.Sprintf("共 %d 行 %d 列，最多给出 %d 个数，请用 filter 缩小范围", len(m.Rows), len(m.Columns), maxCells),
			En: fmt.Sprintf("there are %d rows and %d columns; at most %d counts are given: narrow the filter", len(m.Rows), len(m.Columns), maxCells),
		}
	}
	m.Counts = make([][]int, len(m.Rows))
	for i, r := range m.Rows {
		m.Counts[i] = make([]int, len(m.Columns))
		for j, c := range m.Columns {
			m.Counts[i][j] = cells[[2]string{r.Key, c.Key}]
		}
	}
	return nil
}

package store

import (
	"context"
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxCells is how many counts a matrix may have: what a client can still read,
// a few megabytes at most.
const maxCells = 200_000

// axis says which values of a dimension the cases r have: joined to joins, each
// has a row a value, with the value's key, or one with NULL where it has none.
// No value comes twice, so that a count of rows is one of cases. names, where
// the values are records, is their table, known by column.
type axis struct {
	dimension catalog.Dimension
	joins     string
	key       string
	names     string
	column    string
	byName    bool // in the order of names, not of keys
}

// axisOf returns the axis of a dimension, whose tables go by names that begin
// with v. What readers may not see counts as not being there, as it does where
// a case is read.
func axisOf(d catalog.Dimension, v string) (axis, error) {
	a := axis{dimension: d}
	switch d {
	case catalog.ByRegion:
		a.joins, a.key = `LEFT JOIN regions v ON v.code = r.region_code AND v.status = 'PUBLISHED'`, `v.code`
		a.names, a.column = `regions`, `code`
	case catalog.ByPrefecture:
		a.joins, a.key = `LEFT JOIN regions v_own ON v_own.code = r.region_code
			LEFT JOIN regions v ON v.code = CASE v_own.level WHEN 'COUNTY' THEN v_own.parent_code ELSE v_own.code END AND v.level = 'PREFECTURE' AND v.status = 'PUBLISHED'`, `v.code`
		a.names, a.column = `regions`, `code`
	case catalog.ByTopic:
		a.joins, a.key = `LEFT JOIN (case_topics v_link JOIN topics v ON v.id = v_link.topic_id AND v.status = 'PUBLISHED') ON v_link.case_id = r.id`, `v.slug`
		a.names, a.column, a.byName = `topics`, `slug`, true
	case catalog.ByBrand:
		a.joins, a.key = `LEFT JOIN brands v ON v.id = r.brand_id AND v.status = 'PUBLISHED'`, `v.slug`
		a.names, a.column, a.byName = `brands`, `slug`, true
	case catalog.ByStep:
		a.joins, a.key = `LEFT JOIN steps v ON v.case_id = r.id`, `v.code`
	case catalog.ByOutcomeStatus:
		a.joins, a.key = `LEFT JOIN (SELECT DISTINCT record_id, status FROM outcomes WHERE record_kind = 'CASE') v ON v.record_id = r.id`, `v.status`
	case catalog.ByLevel:
		a.key = `r.level`
	case catalog.ByYear:
		a.key = `r.year::text`
	case catalog.ByStatus:
		a.key = `r.status`
	case catalog.ByOrigin:
		a.key = `r.origin`
	default:
		return axis{}, &catalog.Error{
			Kind: catalog.KindInvalid, Zh: fmt.Sprintf("没有“%s”这个统计维度", d), En: fmt.Sprintf("there is no dimension %q", string(d)),
		}
	}
	a.joins, a.key = aliased.ReplaceAllString(a.joins, v+"$1"), `coalesce(`+aliased.ReplaceAllString(a.key, v+"$1")+`, '')`
	return a, nil
}

// aliased finds the v of axisOf in what it writes.
var aliased = regexp.MustCompile(`\bv(\b|_)`)

// margin returns the number of cases of each value, as counted says, with the
// value's name and its place in the order of the dimension: none comes last.
func (a axis) margin(l *List, part int, counted string) string {
	name, join, order := `''`, ``, `m.key`
	if a.names != "" {
		name = `coalesce(n.name, '')`
		join = ` LEFT JOIN ` + a.names + ` n ON n.` + a.column + ` = m.key`
	}
	if a.byName {
		order = `reading(n.name) COLLATE "C", m.key`
	}
	if values := a.dimension.Values(); values != nil {
		order = `array_position(` + l.arg(values) + `::text[], m.key)`
	}
	return fmt.Sprintf(`SELECT %d, m.key, '', %s, row_number() OVER (ORDER BY m.key = '', %s), m.cases FROM (%s) m%s`, part, name, order, counted, join)
}

// counted counts the cases of each value from the tables.
func (a axis) counted(l *List) string {
	return `SELECT ` + a.key + ` AS key, count(*) AS cases FROM ` + l.from + ` ` + a.joins + ` WHERE ` + l.Conditions() + ` GROUP BY 1`
}

// countedAcross counts the cases of each value from the cells with those of
// another dimension, their column. Where a case may have several of the other's,
// it stands in several cells, and only the tables can tell.
func (a axis) countedAcross(l *List, other axis, column string) string {
	if other.dimension.Multiple() {
		return a.counted(l)
	}
	return `SELECT ` + column + ` AS key, sum(cases)::bigint AS cases FROM cells GROUP BY 1`
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
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	sql, args, err := matrixStatement(ctx, rows, columns, f)
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
	m.Total = totalOf(m, rows, columns)
	if columns == nil {
		byOne(m)
		return m, nil
	}
	return m, byTwo(m, cells)
}

// matrixStatement puts the statement together: the number of cases of each pair
// of values that has any, of each row, of each column, and, where no dimension
// has one value a case, of all. The cases are read from the tables, since the
// planner knows them, and as seldom as can be: their rows are wide.
func matrixStatement(ctx context.Context, rows catalog.Dimension, columns *catalog.Dimension, f catalog.CaseFilter) (string, []any, error) {
	l, err := CaseList(ctx, catalog.Parents{}, f, nil)
	if err != nil {
		return "", nil, err
	}
	a, err := axisOf(rows, "a")
	if err != nil {
		return "", nil, err
	}
	all := ``
	if rows.Multiple() && (columns == nil || columns.Multiple()) {
		all = fmt.Sprintf(` UNION ALL SELECT %d, '', '', '', 0, count(*) FROM %s WHERE %s`, partTotal, l.from, l.Conditions())
	}
	if columns == nil {
		return a.margin(&l, partRows, a.counted(&l)) + all, l.args, nil
	}
	b, err := axisOf(*columns, "b")
	if err != nil {
		return "", nil, err
	}
	sql := fmt.Sprintf(`WITH cells AS MATERIALIZED (SELECT %s AS a, %s AS b, count(*) AS cases FROM %s %s %s WHERE %s GROUP BY 1, 2)
		%s
		UNION ALL %s
		UNION ALL SELECT %d, a, b, '', 0, cases FROM cells%s`,
		a.key, b.key, l.from, a.joins, b.joins, l.Conditions(),
		a.margin(&l, partRows, a.countedAcross(&l, b, `a`)), b.margin(&l, partColumns, b.countedAcross(&l, a, `b`)), partCells, all)
	return sql, l.args, nil
}

// totalOf returns the number of all cases: what the statement has said, or the sum
// over a dimension of which every case has one value.
func totalOf(m *catalog.CaseMatrix, rows catalog.Dimension, columns *catalog.Dimension) int {
	single := m.Rows
	switch {
	case !rows.Multiple():
	case columns != nil && !columns.Multiple():
		single = m.Columns
	default:
		return m.Total
	}
	sum := 0
	for _, v := range single {
		sum += v.Count
	}
	return sum
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

// byOne adds to a count by one dimension its one column, of all cases.
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

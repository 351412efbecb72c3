package model

import "github.com/jisiguangyi/jisi/catalog"

// Matrix is a count of cases by one or two dimensions.
type Matrix struct {
	Rows     []*Bucket
	Columns  []*Bucket
	Counts   [][]int
	Total    int
	Multiple bool
}

// NewMatrix shows a count of cases as the schema has it; multiple reports whether
// a case may count more than once.
func NewMatrix(m *catalog.CaseMatrix, multiple bool) *Matrix {
	return &Matrix{Rows: valueBuckets(m.Rows), Columns: valueBuckets(m.Columns), Counts: m.Counts, Total: m.Total, Multiple: multiple}
}

func valueBuckets(values []catalog.MatrixValue) []*Bucket {
	list := make([]*Bucket, len(values))
	for i, v := range values {
		list[i] = &Bucket{Key: v.Key, Label: v.Label, Count: v.Count}
	}
	return list
}

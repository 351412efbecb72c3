package store

// MergeAdoptions is a migration's step, for the tests outside.
var MergeAdoptions = mergeAdoptions

// SetManyRows sets from how many rows on a COPY writes them, until the test ends.
func SetManyRows(t interface{ Cleanup(func()) }, n int) {
	was := manyRows
	manyRows = n
	t.Cleanup(func() { manyRows = was })
}

package graph

// Weights are what fields cost beyond the one that every field of an answer does: what
// is worked out for them, a unit for 20 µs of one processor, measured at 20,000 made-up
// cases and rounded (2026-11-27; the first time, before anything is in a cache). A
// field of a list is weighed only where it is asked of that list, as in
// Query.cases.totalCount: below a record such counts are read for all of a page at
// once. gqlhttp adds them up.
var Weights = map[string]int{
	"Query.search":            1_000,  // 10 to 60 ms
	"Query.suggest":           500,    // 10 ms
	"Query.learn":             2_500,  // 20 to 50 ms
	"Case.similar":            1_500,  // 20 to 40 ms, for each case: fifty of a page are let in
	"Query.keywords":          40_000, // 1.3 to 2.8 s; TextRank the same and the first time more
	"Query.cooccurrence":      15_000, // 0.3 s
	"Query.concordance":       25_000, // 0.1 s for a rare term, to 1.6 s for a frequent one
	"Query.analyze":           500,    // 10 ms for a page of text
	"Query.caseMatrix":        1_500,  // 30 ms, of the database
	"Query.adoptionGraph":     1_500,
	"Query.adoptionTree":      500,
	"Release.changes":         2_500, // 50 ms of two indexes of 20,000 records
	"Query.ledger":            500,
	"Query.cases.totalCount":  1_000, // 20 ms, of the database, with a filter
	"Query.search.facets":     500,
	"Query.search.correction": 500,
}

package catalog

import "fmt"

// MaxPage is the most records that a page may hold, DefaultPage how many it
// holds where nobody says.
const (
	MaxPage     = 100
	DefaultPage = 20
)

// PageArgs ask for a part of a list, as Relay's connections do: First from the
// start or after a cursor, or Last from the end or before one.
type PageArgs struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// Validate refuses both directions at once and sizes out of 1..MaxPage.
func (p PageArgs) Validate() error {
	var c checker
	for path, n := range map[string]*int{"first": p.First, "last": p.Last} {
		if n != nil && (*n < 1 || *n > MaxPage) {
			c.invalid(path, fmt.Sprintf("%s 须为 1 至 %d 之间的数", path, MaxPage), fmt.Sprintf("%s must be 1 to %d", path, MaxPage))
		}
	}
	if p.First != nil && p.Last != nil {
		c.invalid("last", "first 与 last 只能写一个", "give first or last, not both")
	}
	if p.Backward() && p.After != nil || !p.Backward() && p.Before != nil {
		c.invalid("after", "after 与 first 同用，before 与 last 同用", "after goes with first, before goes with last")
	}
	return c.problems.Or()
}

// Backward reports whether the page is counted from the end.
func (p PageArgs) Backward() bool { return p.Last != nil }

// Size is how many records are wanted.
func (p PageArgs) Size() int {
	switch {
	case p.First != nil:
		return *p.First
	case p.Last != nil:
		return *p.Last
	}
	return DefaultPage
}

// Parents are the records below which lists are wanted, all of one kind: one
// statement returns the lists of them all. The zero value stands for the list of
// all records, which is found under the id 0.
type Parents struct {
	Kind RecordKind
	IDs  []ID
}

// Page is a part of a list.
type Page[T any] struct {
	Items       []T
	Cursors     []string // aligned with Items
	HasNext     bool
	HasPrevious bool
}

// Direction is the direction of an order.
type Direction string

// The directions.
const (
	Ascending  Direction = "ASC"
	Descending Direction = "DESC"
)

// CaseFilter says which cases; values within a field are OR, fields are AND. A
// region, topic or brand takes in all below it. The zero value lets all pass.
type CaseFilter struct {
	Status        []Status // none: those that are published
	Origins       []Origin
	Regions       []string // codes
	Levels        []Level
	Committees    []string // global ids
	Brands        []string // slugs
	Topics        []string // slugs
	Years         []int
	YearFrom      *int
	YearTo        *int
	Documents     []StepCode // all of them
	Missing       []StepCode // all of them
	OutcomeStatus []OutcomeStatus
	Adopted       *bool
}

// CaseOrder is an order of cases.
type CaseOrder struct {
	Field     CaseOrderField
	Direction Direction
}

// CaseOrderField is what cases can be ordered by.
type CaseOrderField string

// The orders of cases.
const (
	CasesByStart        CaseOrderField = "STARTED_ON"
	CasesByTitle        CaseOrderField = "TITLE"
	CasesByUpdate       CaseOrderField = "UPDATED_AT"
	CasesByCompleteness CaseOrderField = "COMPLETENESS"
	CasesByAdoptions    CaseOrderField = "ADOPTIONS"
)

// BrandFilter says which brands.
type BrandFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids
	Regions    []string // codes
	Parent     *string  // slug
}

// BrandOrder is an order of brands.
type BrandOrder struct {
	Field     BrandOrderField
	Direction Direction
}

// BrandOrderField is what brands can be ordered by.
type BrandOrderField string

// The orders of brands.
const (
	BrandsByName   BrandOrderField = "NAME"
	BrandsByUpdate BrandOrderField = "UPDATED_AT"
)

// ProposalFilter says which proposals.
type ProposalFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids; one of its proposers
	IsKey      *bool
	Years      []int
	Topics     []string // slugs
	Supervised *bool
	Resolution []Resolution
	// Overdue is whether it was assigned so long ago that it should have been answered,
	// and was not; see DueOf.
	Overdue *bool
}

// ProposalOrder is an order of proposals.
type ProposalOrder struct {
	Field     ProposalOrderField
	Direction Direction
}

// ProposalOrderField is what proposals can be ordered by.
type ProposalOrderField string

// The orders of proposals.
const (
	ProposalsByYear   ProposalOrderField = "YEAR"
	ProposalsByTitle  ProposalOrderField = "TITLE"
	ProposalsByUpdate ProposalOrderField = "UPDATED_AT"
)

// CommitteeFilter says which committees.
type CommitteeFilter struct {
	Levels  []Level
	Regions []string // codes
}

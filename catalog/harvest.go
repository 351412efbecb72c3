package catalog

import "time"

// HarvestQuery asks for records as libraries harvest them: cases, brands,
// proposals and practices that are public, or were and are no longer.
type HarvestQuery struct {
	Kinds []RecordKind
	// Synthetic asks for the made-up records alone; without it there are none.
	Synthetic   bool
	From, Until time.Time // of the last change, to the second, both inclusive; zero for any
	// After is the last record of the part before; its zero value for the first.
	After HarvestPlace
	Limit int
}

// HarvestPlace is a record's place in the order of a harvest: by its last
// change, then by id.
type HarvestPlace struct {
	At time.Time
	ID ID
}

// Harvested is a record as a library takes it in. Of one that was withdrawn
// only the first four are given.
type Harvested struct {
	Place       HarvestPlace
	Kind        RecordKind
	Slug        string
	Deleted     bool
	Origin      Origin
	Title       string
	Description string
	Creator     string // the committee that wrote it in, and so answers for it
	Region      string
	Date        string // as exact as the record has it
	Topics      []string
}

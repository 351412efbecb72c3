package catalog

import "time"

// Revision is one change of a record: the version it made, when, by whom, and
// what it changed. A revision is never changed.
type Revision struct {
	RecordID ID
	Version  int
	At       time.Time
	By       string
	Status   Status  // the record's, since then
	Reason   *string // why it was returned or archived; nil where nobody said
	Changes  []FieldChange
	Fields   []FieldChange // the same, each of the record's own fields as a whole
}

// FieldChange is what a change did to one field; Before and After are JSON, nil
// where there was or is no value.
type FieldChange struct {
	Path   string  `json:"path"`
	Before *string `json:"before,omitempty"`
	After  *string `json:"after,omitempty"`
}

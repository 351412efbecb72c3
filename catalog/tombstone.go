package catalog

import "time"

// Tombstone says what stood at a permalink before it was withdrawn: enough for
// who has cited it to know what it was, and none of its texts.
type Tombstone struct {
	Kind        RecordKind
	Slug        string
	Origin      Origin
	Title       string    // of the last version that was public
	Version     int       // that version
	UpdatedAt   time.Time // when that version came
	WithdrawnAt time.Time
	Reason      *string // why, as whoever withdrew it said; nil where nobody did
}

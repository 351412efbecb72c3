package catalog

// Cursor is a place in the change feed. Changes are ordered by transaction
// first and by their number within it second, and a change is only read once
// every transaction before its own has ended: a plain "number greater than the
// last" would pass over changes of transactions that commit late. The zero
// Cursor stands before every change.
type Cursor struct {
	XID uint64 `json:"xid"` // PostgreSQL's 64-bit transaction id
	Seq int64  `json:"seq"` // the change's own number
	// Feed is the feed in which this is a place. A restored database has another
	// one, whose numbers say nothing of the old. "" is any.
	Feed string `json:"feed,omitempty"`
}

// Less reports whether c stands before d in the same feed.
func (c Cursor) Less(d Cursor) bool {
	return c.XID < d.XID || c.XID == d.XID && c.Seq < d.Seq
}

// Change says that a record is not what it was: written, withdrawn or removed.
// It carries no content; who follows the feed reads the record as it is now, so
// that to follow a change twice does no harm.
type Change struct {
	Cursor   Cursor
	Kind     RecordKind
	RecordID ID
	Version  int
}

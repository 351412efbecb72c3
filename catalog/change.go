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
	// Timeline is the cluster and its timeline on which this is a place, "" where
	// that is not known, and Sum that of the changes after Base up to here, by which
	// it shows on another timeline whether all of them are there.
	Timeline string `json:"timeline,omitempty"`
	Sum      uint64 `json:"sum,omitempty"`
	Base     Place  `json:"base,omitzero"`
}

// Place is a place among the changes of a feed.
type Place struct {
	XID uint64 `json:"xid"`
	Seq int64  `json:"seq"`
}

// Less reports whether p stands before q.
func (p Place) Less(q Place) bool { return p.XID < q.XID || p.XID == q.XID && p.Seq < q.Seq }

// Place returns the cursor's place.
func (c Cursor) Place() Place { return Place{c.XID, c.Seq} }

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

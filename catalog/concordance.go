package catalog

// ConcordanceOrder says in which order the lines of a concordance come.
type ConcordanceOrder string

// The orders. Equal lines come by POSITION.
const (
	// ConcordanceByPosition is by record, field and place in the field's text.
	ConcordanceByPosition ConcordanceOrder = "POSITION"
	// ConcordanceByLeft is by the left context, read from the match outwards.
	ConcordanceByLeft ConcordanceOrder = "LEFT"
	// ConcordanceByRight is by the right context.
	ConcordanceByRight ConcordanceOrder = "RIGHT"
)

// ConcordanceQuery asks for every place where a term stands in the texts of the
// selected records.
type ConcordanceQuery struct {
	Term   string // folded as the index folds texts: width, case and script make no difference
	Kinds  []RecordKind
	Filter SearchFilter
	Width  int              // code points of context on each side
	Order  ConcordanceOrder // "" is POSITION
	First  int
	After  string // the cursor of the last line of the page before; "" for the first page
}

// ConcordancePage is the answer to a ConcordanceQuery.
type ConcordancePage struct {
	Hits    []ConcordanceHit
	HasNext bool
	Total   int // exact
}

// ConcordanceHit is one place where the term stands. Start counts the code
// points of the field's text before the match; Left and Right are up to Width
// code points of the same text, line breaks and all.
type ConcordanceHit struct {
	ID     ID
	Kind   RecordKind
	Field  string // as in a search's highlights
	Start  int
	Left   string
	Match  string // as it stands in the text
	Right  string
	Cursor string
}

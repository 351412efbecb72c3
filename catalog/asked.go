package catalog

// LongestAsked is how many words of a question are kept at most: longer ones are letters.
const LongestAsked = 12

// MostAskedDays is how long questions may be kept.
const MostAskedDays = 366

// AskedInVain is a question that found little or nothing.
type AskedInVain struct {
	Words  []string // in the order of the alphabet
	Times  int
	Last   PartialDate // the day on which it was asked last
	Opened []AskedOpened
}

// AskedOpened is a record that was opened after a question.
type AskedOpened struct {
	Words  []string
	Record ID
	Kind   RecordKind
	Title  string
	Times  int
}

// LayWord is a lay word with an office word that a search for it finds as well.
type LayWord struct{ Lay, Office string }

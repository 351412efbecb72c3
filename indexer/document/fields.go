package document

// The fields of the index. Only FieldWords and FieldGrams are scored.
const (
	FieldID     = "_id"
	FieldWords  = "w" // words of all texts and names, as jieba cuts them
	FieldGrams  = "g" // characters and pairs of them, of the same
	FieldKeys   = "k" // what a search filters, counts and sorts by: a letter and a key
	FieldStored = "s" // the document itself
	// The grams of a title or a name, for field:… in a query.
	FieldTitle     = "ft"
	FieldBrand     = "fb"
	FieldCommittee = "fc"
	FieldRegion    = "fr"
	FieldTopic     = "fo"
)

// The letters that say what a key of FieldKeys is.
const (
	KeyKind      = 'K'
	KeyLevel     = 'L'
	KeyOrigin    = 'O'
	KeyRegion    = 'R' // own region and those above
	KeyTopic     = 'T' // own topics and those above
	KeyBrand     = 'B' // own brand and those above
	KeyCommittee = 'C'
	KeyYear      = 'Y'
	KeyDate      = 'D'
	KeyAdoptions = 'A'
	KeySteps     = 'S'
	KeyWordCount = 'w' // length in words
	KeyGramCount = 'g' // length in grams
)

// FacetLetters are the letters of the keys of each of catalog.Facets, by its name.
var FacetLetters = map[string]byte{
	"kinds":   KeyKind,
	"regions": KeyRegion,
	"topics":  KeyTopic,
	"levels":  KeyLevel,
	"brands":  KeyBrand,
	"years":   KeyYear,
	"origins": KeyOrigin,
}

// Key returns the key of a value behind a letter.
func Key(letter byte, value string) string { return string(letter) + value }

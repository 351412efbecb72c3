package catalog

// KeywordMethod is how keywords are weighed.
type KeywordMethod string

// The methods.
const (
	// MethodTFIDF weighs a word by tf·ln(N/df): tf is its share of all words of
	// the selected records, N the number of all records, df how many of these
	// have it (Spärck Jones, A Statistical Interpretation of Term Specificity and
	// Its Application in Retrieval, Journal of Documentation 28, 1972).
	MethodTFIDF KeywordMethod = "TFIDF"
	// MethodTextRank weighs a word by TextRank (Mihalcea and Tarau, TextRank:
	// Bringing Order into Texts, EMNLP 2004), in the weighted form of section 2.2.
	MethodTextRank KeywordMethod = "TEXTRANK"
)

// KeywordQuery asks for the keywords of the selected records, or for pairs of
// them. The zero value of everything but First selects all records.
type KeywordQuery struct {
	Kinds  []RecordKind
	Filter SearchFilter
	Method KeywordMethod // "" is TFIDF
	First  int
	// AtLeast is in how many of the selected records the words of a pair must
	// stand together to be told; 0 counts as 1.
	AtLeast int
}

// Keyword is a word of the selected records.
type Keyword struct {
	Text        string
	Weight      float64
	Count       int // of the selected records, how many have the word
	Occurrences int // how often it stands in them
}

// KeywordPair is two keywords that stand together in records.
type KeywordPair struct {
	A, B  string // A stands before B in the order of code points
	Count int    // of the selected records, how many have both
	// Weight is the pointwise mutual information of the two, in bits:
	// log2(p(A,B)/(p(A)·p(B))), where p is the share of the selected records (Church
	// and Hanks, Word Association Norms, Mutual Information, and Lexicography,
	// Computational Linguistics 16(1), 1990). It is not normalised: a pair of rare
	// words that always stand together weighs most.
	Weight float64
	// Normalized is Weight divided by -log2 p(A,B), from -1 to 1 (Bouma 2009); 1
	// where every selected record has both.
	Normalized float64
}

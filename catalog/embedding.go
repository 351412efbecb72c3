package catalog

// Embedding is where a record's published text stands in a space of meaning.
type Embedding struct {
	Record ID
	Digest []byte    // of what was embedded
	Vector []float32 // of length 1
}

// EmbeddingSpace is what vectors must have in common to be compared.
type EmbeddingSpace struct {
	Model      string
	Dimensions int
}

// Nearby are the records nearest in meaning to a text or a record, and how the others
// stand to it.
type Nearby struct {
	Records []Near // nearest first
	// Mean and Deviation are of the cosines of all records: how far out one stands is
	// told by them, whatever range of cosines a model has.
	Mean, Deviation float64
}

// Near is a record with its closeness: by how many standard deviations its cosine is
// above that of records in general.
type Near struct {
	ID        ID
	Closeness float64
}

// Meaning says whether closeness of meaning took part in a search, and if not, why.
type Meaning string

// The values of Meaning.
const (
	MeaningUsed          Meaning = "USED"
	MeaningNotConfigured Meaning = "NOT_CONFIGURED"
	MeaningUnavailable   Meaning = "UNAVAILABLE"
)

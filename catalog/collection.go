package catalog

// MaxCollected is how many cases a collection may hold: a book of some 14,000 pages.
const MaxCollected = 2000

// Collection is cases put together in an order, of a call, of a search or by hand,
// to be read and printed as a book (汇编).
type Collection struct {
	Meta
	Title       string
	Preface     *string
	Colophon    *string
	CommitteeID *ID
	CallID      *ID
}

// Kind is COLLECTION.
func (*Collection) Kind() RecordKind { return KindCollection }

// GlobalID is the opaque id by which clients know the collection.
func (c *Collection) GlobalID() string { return EncodeID(KindCollection, c.ID) }

// CollectionInput is a Collection as it is written.
type CollectionInput struct {
	InputMeta
	Title     string   `json:"title"`
	Preface   string   `json:"preface,omitempty"`
	Colophon  string   `json:"colophon,omitempty"`
	Committee string   `json:"committee,omitempty"`
	Call      string   `json:"call,omitempty"`
	Cases     []string `json:"cases"`
}

var collectionNoun = describe[CollectionInput](KindCollection, headFields(
	NounField{Name: "title", Label: Words{"书名", "title"}, Meaning: Words{"书名", "the title of the book"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	NounField{Name: "preface", Label: Words{"前言", "preface"}, Meaning: Words{"前言", "what stands before the cases"}, Shape: ShapeText, Most: MaxText},
	NounField{Name: "colophon", Label: Words{"后记", "colophon"}, Meaning: Words{"后记", "what stands behind the cases"}, Shape: ShapeText, Most: MaxText},
	committeeField,
	NounField{
		Name: "call", Label: Words{"征集", "call"}, Meaning: Words{"所出自的征集的 slug", "the call whose selection it is, by its slug"},
		Shape: ShapeReference, Kind: KindCall, Most: MaxTitle,
	},
	NounField{
		Name: "cases", Label: Words{"所收案例", "cases"}, Meaning: Words{"所收案例的 slug，按先后", "a case, by its slug, in the order of the book"},
		Shape: ShapeReference, Many: true, Entries: MaxCollected, Kind: KindCase, Most: MaxTitle, Required: true,
	},
)...)

// Kind is COLLECTION.
func (*CollectionInput) Kind() RecordKind { return KindCollection }

// References are the committee, the call, the cases and the citations' sources.
func (in *CollectionInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.one("call", KindCall, &in.Call)
	r.many("cases", KindCase, in.Cases)
	return r
}

// Validate checks the input on its own.
func (in *CollectionInput) Validate() error {
	var c checker
	c.input(in)
	if len(in.Cases) == 0 {
		c.invalid("cases", "至少要收一个案例", "needs a case")
	}
	unique(&c, "cases", in.Cases)
	return c.inOrder(in)
}

package catalog

// Person is someone whom a source names in an office (人物).
type Person struct {
	Meta
	Name    string
	Offices []string // as the sources name them
}

// Kind is PERSON.
func (*Person) Kind() RecordKind { return KindPerson }

// GlobalID is the opaque id by which clients know the person.
func (p *Person) GlobalID() string { return EncodeID(KindPerson, p.ID) }

// PersonInput is a Person as it is written.
type PersonInput struct {
	InputMeta
	Name    string   `json:"name"`
	Offices []string `json:"offices,omitempty"`
}

var personNoun = describe[PersonInput](KindPerson, headFields(
	nameField,
	NounField{Name: "offices", Label: Words{"职务", "offices"}, Meaning: Words{"职务", "an office"}, Shape: ShapeLine, Many: true, Most: MaxTitle},
)...)

// Kind is PERSON.
func (*PersonInput) Kind() RecordKind { return KindPerson }

// References are the citations' sources.
func (in *PersonInput) References() []Reference { return in.citationReferences() }

// Validate checks the input on its own.
func (in *PersonInput) Validate() error {
	var c checker
	c.input(in)
	return c.inOrder(in)
}

package catalog

// Person is someone whom a source or a committee names in an office (人物).
type Person struct {
	Meta
	Name        string
	Offices     []string // as the sources name them
	CommitteeID *ID      // whose people entered it; nil for one that a source names
}

// Kind is PERSON.
func (*Person) Kind() RecordKind { return KindPerson }

// GlobalID is the opaque id by which clients know the person.
func (p *Person) GlobalID() string { return EncodeID(KindPerson, p.ID) }

// PersonInput is a Person as it is written.
type PersonInput struct {
	InputMeta
	Name      string   `json:"name"`
	Offices   []string `json:"offices,omitempty"`
	Committee string   `json:"committee,omitempty"`
}

var personNoun = describe[PersonInput](KindPerson, headFields(
	nameField,
	NounField{Name: "offices", Label: Words{"职务", "offices"}, Meaning: Words{"职务", "an office"}, Shape: ShapeLine, Many: true, Most: MaxTitle},
	enteredByField,
)...)

// Kind is PERSON.
func (*PersonInput) Kind() RecordKind { return KindPerson }

// References are the committee and the citations' sources.
func (in *PersonInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	return r
}

// Validate checks the input on its own.
func (in *PersonInput) Validate() error {
	var c checker
	c.input(in)
	return c.inOrder(in)
}

// NewPerson is a person that an input names and that is not there yet: it is made
// with the record, as a draft of the same committee, and published with it. One of
// the same name, offices and committee is taken as the same.
type NewPerson struct {
	Name    string   `json:"name"`
	Offices []string `json:"offices,omitempty"`
	// Slug is what the person's permalink is to be; a number is added where it is taken.
	Slug string `json:"-"`
}

var newPersonNoun = describe[NewPerson]("",
	nameField,
	NounField{Name: "offices", Label: Words{"职务", "offices"}, Meaning: Words{"职务", "an office"}, Shape: ShapeLine, Many: true, Most: MaxTitle},
)

// newPersonField is how an entry names a person that is not there yet.
var newPersonField = NounField{
	Name: "newPerson", Label: Words{"新人物", "new person"}, Meaning: Words{"库中还没有的人物", "a person that is not there yet, made with the record"},
	Shape: ShapeEntry, Entry: newPersonNoun,
}

// PersonMention is one place of an input where a person is named, or a new one is
// to be made.
type PersonMention struct {
	Path string
	Name *string     // the reference
	New  **NewPerson // beside it
}

// NewPersons returns the mentions of an input at which a person is to be made.
func NewPersons(in Input) []PersonMention {
	var all []PersonMention
	add := func(path string, name *string, made **NewPerson) {
		if *made != nil {
			all = append(all, PersonMention{path, name, made})
		}
	}
	switch in := in.(type) {
	case *ProposalInput:
		for i := range in.Proposers {
			add(at("proposers", i), &in.Proposers[i].Person, &in.Proposers[i].NewPerson)
		}
		for i := range in.Supervisions {
			add(at("supervisions", i), &in.Supervisions[i].Supervisor, &in.Supervisions[i].NewPerson)
		}
	case *CaseInput:
		for i := range in.Participants {
			add(at("participants", i), &in.Participants[i].Person, &in.Participants[i].NewPerson)
		}
	}
	return all
}

// checkNewPerson reports a person that is both named and to be made.
func (c *checker) checkNewPerson(path, named string, made *NewPerson) {
	if named != "" && made != nil {
		c.invalid(path+".newPerson", "已写了人物，不必再新建", "the person is named already; do not make one as well")
	}
}

// PersonFilter says which persons.
type PersonFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids of those that entered them
	Name       *string
}

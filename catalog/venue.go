package catalog

// VenueKind is a kind of place.
type VenueKind string

// The kinds of venues.
const (
	VenueLiaisonStation   VenueKind = "LIAISON_STATION"   // 委员联络站（点）: members meet the people
	VenueConsultationRoom VenueKind = "CONSULTATION_ROOM" // 协商议事室: consultations are held
)

// Venue is a place of the committees' work.
type Venue struct {
	Meta
	Type        VenueKind
	Name        string
	CommitteeID *ID
	RegionCode  *string
	Address     *string
}

// Kind is VENUE.
func (*Venue) Kind() RecordKind { return KindVenue }

// GlobalID is the opaque id by which clients know the venue.
func (v *Venue) GlobalID() string { return EncodeID(KindVenue, v.ID) }

// VenueInput is a Venue as it is written.
type VenueInput struct {
	InputMeta
	VenueKind VenueKind `json:"kind"`
	Name      string    `json:"name"`
	Committee string    `json:"committee,omitempty"`
	Region    string    `json:"region,omitempty"` // left out: the committee's
	Address   string    `json:"address,omitempty"`
}

var venueKindEnum = &Enum{Name: "VenueKind", Values: []EnumChoice{
	{string(VenueLiaisonStation), "委员联络站（点）", []string{"委员联络站", "联络站"}},
	{string(VenueConsultationRoom), "协商议事室", []string{"议事室"}},
}}

// Label is the kind's name in Chinese.
func (k VenueKind) Label() string { return venueKindEnum.Label(string(k)) }

var venueNoun = describe[VenueInput](KindVenue, headFields(
	NounField{
		Name: "kind", Label: Words{"场所类型", "kind"}, Meaning: Words{"场所类型", "a liaison station or a consultation room"},
		Shape: ShapeEnum, Required: true, Enum: venueKindEnum, Aliases: []string{"类别"},
	},
	nameField,
	committeeField,
	regionField,
	NounField{Name: "address", Label: Words{"地址", "address"}, Meaning: Words{"地址", "the address"}, Shape: ShapeLine, Most: MaxTitle},
)...)

// Kind is VENUE.
func (*VenueInput) Kind() RecordKind { return KindVenue }

// References are the committee, the region and the citations' sources.
func (in *VenueInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.one("region", KindRegion, &in.Region)
	return r
}

// Validate checks the input on its own.
func (in *VenueInput) Validate() error {
	var c checker
	c.input(in)
	return c.inOrder(in)
}

// VenueFilter says which venues.
type VenueFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids
	Kind       *VenueKind
}

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
	in.check(&c)
	c.oneOf("kind", string(in.VenueKind), in.VenueKind == VenueLiaisonStation || in.VenueKind == VenueConsultationRoom)
	c.required("name", in.Name, MaxTitle)
	c.line("address", in.Address, MaxTitle)
	return c.problems.Or()
}

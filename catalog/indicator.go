package catalog

import "math"

// Indicator is a figure with its unit, date, subject and citation (指标), for
// instance 599 liaison stations.
type Indicator struct {
	Meta
	Subject string
	Name    string
	Value   float64
	Unit    string
	AsOf    *PartialDate
	Holds   *Holding
}

// Holding says which records of the knowledge base an indicator's figure
// claims to count, so that the ledger can put the two beside each other.
type Holding string

// What an indicator may claim to count.
const (
	HoldsCases             Holding = "CASE"
	HoldsBrands            Holding = "BRAND"
	HoldsLiaisonStations   Holding = "LIAISON_STATION"
	HoldsConsultationRooms Holding = "CONSULTATION_ROOM"
)

// LedgerLine is a figure that a source claims beside what the knowledge base
// holds (台账). Held leaves out synthetic records.
type LedgerLine struct {
	Indicator *Indicator
	Claimed   float64
	Held      *int
	Gap       *float64 // claimed less held
}

// Kind is INDICATOR.
func (*Indicator) Kind() RecordKind { return KindIndicator }

// GlobalID is the opaque id by which clients know the indicator.
func (i *Indicator) GlobalID() string { return EncodeID(KindIndicator, i.ID) }

// IndicatorInput is an Indicator as it is written.
type IndicatorInput struct {
	InputMeta
	Subject string      `json:"subject"`
	Name    string      `json:"name"`
	Value   float64     `json:"value"`
	Unit    string      `json:"unit"`
	AsOf    PartialDate `json:"asOf,omitempty"`
	Holds   Holding     `json:"holds,omitempty"`
}

// Kind is INDICATOR.
func (*IndicatorInput) Kind() RecordKind { return KindIndicator }

// References are the citations' sources.
func (in *IndicatorInput) References() []Reference { return in.citationReferences() }

// Validate checks the input on its own.
func (in *IndicatorInput) Validate() error {
	var c checker
	in.check(&c)
	c.required("subject", in.Subject, MaxTitle)
	c.required("name", in.Name, MaxTitle)
	c.required("unit", in.Unit, MaxTitle)
	if math.IsNaN(in.Value) || math.IsInf(in.Value, 0) {
		c.invalid("value", "不是数字", "is not a number")
	}
	c.date("asOf", in.AsOf)
	switch in.Holds {
	case "", HoldsCases, HoldsBrands, HoldsLiaisonStations, HoldsConsultationRooms:
	default:
		c.oneOf("holds", string(in.Holds), false)
	}
	return c.problems.Or()
}

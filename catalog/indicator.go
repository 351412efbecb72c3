package catalog

// Indicator is a figure with its unit, date, subject and citation (指标), for
// instance 599 liaison stations.
type Indicator struct {
	Meta
	Subject string
	Name    string
	Value   float64
	Unit    string
	AsOf    *PartialDate
	// AsOfText is the source's own words for a time that AsOf cannot say.
	AsOfText *string
	Holds    *Holding
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
	Subject  string      `json:"subject"`
	Name     string      `json:"name"`
	Value    float64     `json:"value"`
	Unit     string      `json:"unit"`
	AsOf     PartialDate `json:"asOf,omitempty"`
	AsOfText string      `json:"asOfText,omitempty"`
	Holds    Holding     `json:"holds,omitempty"`
}

var holdingEnum = &Enum{Name: "Holding", Values: []EnumChoice{
	{string(HoldsCases), "案例", nil},
	{string(HoldsBrands), "协商品牌", []string{"品牌"}},
	{string(HoldsLiaisonStations), "委员联络站（点）", []string{"委员联络站"}},
	{string(HoldsConsultationRooms), "协商议事室", nil},
}}

var indicatorNoun = describe[IndicatorInput](KindIndicator, headFields(
	NounField{
		Name: "subject", Label: Words{"主体", "subject"}, Meaning: Words{"指标的主体", "what the figure is of"},
		Shape: ShapeLine, Required: true, Most: MaxTitle, Aliases: []string{"对象", "指标的对象"},
	},
	nameField,
	NounField{Name: "value", Label: Words{"数值", "value"}, Meaning: Words{"数值", "the figure"}, Shape: ShapeNumber, Required: true},
	NounField{
		Name: "unit", Label: Words{"计量单位", "unit"}, Meaning: Words{"计量单位", "the unit"}, Shape: ShapeLine, Required: true, Most: MaxTitle,
	},
	NounField{
		Name: "asOf", Label: Words{"截至日期", "as of"}, Shape: ShapeDate, Aliases: []string{"截至时间"},
		Meaning: Words{"截至日期，精确到出处所载", "of which date the figure is, as exact as the source"},
	},
	NounField{
		Name: "asOfText", Label: Words{"截至日期原文", "as of, in words"}, Shape: ShapeLine, Most: MaxTitle,
		Meaning: Words{"日期不能表达的时间，用出处的原文", "the source's own words for a time that a date cannot say"},
	},
	NounField{
		Name: "holds", Label: Words{"对应记录", "counts"}, Shape: ShapeEnum, Enum: holdingEnum,
		Meaning: Words{"该指标所计的本库记录类别", "which records of the knowledge base the figure claims to count"},
	},
)...)

// Kind is INDICATOR.
func (*IndicatorInput) Kind() RecordKind { return KindIndicator }

// References are the citations' sources.
func (in *IndicatorInput) References() []Reference { return in.citationReferences() }

// Validate checks the input on its own.
func (in *IndicatorInput) Validate() error {
	var c checker
	c.input(in)
	return c.inOrder(in)
}

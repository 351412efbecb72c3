package catalog

// Source is a document that facts come from (出处). Its text, as printed, is
// read apart: it may be long.
type Source struct {
	Meta
	Title       string
	Publisher   *string
	PublishedOn *PartialDate
	URL         *string
	Sections    []Section // its articles, one after another; at most MaxList
}

// Kind is SOURCE.
func (*Source) Kind() RecordKind { return KindSource }

// GlobalID is the opaque id by which clients know the source.
func (s *Source) GlobalID() string { return EncodeID(KindSource, s.ID) }

// SourceInput is a Source as it is written.
type SourceInput struct {
	InputMeta
	Title       string      `json:"title"`
	Publisher   string      `json:"publisher,omitempty"`
	PublishedOn PartialDate `json:"publishedOn,omitempty"`
	URL         string      `json:"url,omitempty"`
	Text        string      `json:"text"`
	Sections    []Section   `json:"sections,omitempty"`
}

var sourceNoun = describe[SourceInput](KindSource, headFields(
	titleField,
	NounField{Name: "publisher", Label: Words{"发布单位", "publisher"}, Meaning: Words{"发布单位", "who published the document"}, Shape: ShapeLine, Most: MaxTitle},
	NounField{
		Name: "publishedOn", Label: Words{"发布日期", "published on"}, Meaning: Words{"发布日期，精确到所知", "when it was published, as exact as is known"},
		Shape: ShapeDate, Aliases: []string{"发布时间"},
	},
	urlField,
	NounField{
		Name: "text", Label: Words{"正文", "text"}, Meaning: Words{"全文", "the whole text"},
		Shape: ShapeProse, Required: true, Most: MaxSource, Aliases: []string{"全文"},
	},
	NounField{
		Name: "sections", Label: Words{"篇章", "sections"}, Meaning: Words{"正文所含的篇章", "the articles that the document holds"},
		Shape: ShapeEntry, Many: true, Entry: sectionNoun,
	},
)...)

// Kind is SOURCE.
func (*SourceInput) Kind() RecordKind { return KindSource }

// References are the citations' sources.
func (in *SourceInput) References() []Reference { return in.citationReferences() }

// Validate checks the input on its own.
func (in *SourceInput) Validate() error {
	var c checker
	c.input(in)
	checkSections(&c, in.Sections, in.Text)
	return c.inOrder(in)
}

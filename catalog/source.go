package catalog

// Source is a document that facts come from (出处). Its text, as printed, is
// read apart: it may be long.
type Source struct {
	Meta
	Title       string
	Publisher   *string
	PublishedOn *PartialDate
	URL         *string
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
}

// Kind is SOURCE.
func (*SourceInput) Kind() RecordKind { return KindSource }

// References are the citations' sources.
func (in *SourceInput) References() []Reference { return in.citationReferences() }

// Validate checks the input on its own.
func (in *SourceInput) Validate() error {
	var c checker
	in.check(&c)
	c.required("title", in.Title, MaxTitle)
	c.line("publisher", in.Publisher, MaxTitle)
	c.date("publishedOn", in.PublishedOn)
	if in.URL != "" {
		c.link("url", in.URL)
	}
	if in.Text == "" {
		c.invalid("text", "不能为空", "is required")
	}
	c.text("text", in.Text, MaxSource)
	return c.problems.Or()
}

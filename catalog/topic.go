package catalog

// Topic is what a case or proposal is about (议题): a node of a small tree kept
// by hand, as in 民生 › 教育 › 课后服务.
type Topic struct {
	Meta
	Name     string
	ParentID *ID
}

// Kind is TOPIC.
func (*Topic) Kind() RecordKind { return KindTopic }

// GlobalID is the opaque id by which clients know the topic.
func (t *Topic) GlobalID() string { return EncodeID(KindTopic, t.ID) }

// TopicInput is a Topic as it is written.
type TopicInput struct {
	InputMeta
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
}

var topicNoun = describe[TopicInput](KindTopic, headFields(
	nameField,
	parentField(KindTopic, Words{"上级议题", "topic above"}),
)...)

// Kind is TOPIC.
func (*TopicInput) Kind() RecordKind { return KindTopic }

// References are the parent and the citations' sources.
func (in *TopicInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("parent", KindTopic, &in.Parent)
	return r
}

// Validate checks the input on its own.
func (in *TopicInput) Validate() error {
	var c checker
	c.input(in)
	if in.Parent != "" && in.Parent == in.Slug {
		c.invalid("parent", "不能是自己的上级", "cannot be its own parent")
	}
	return c.inOrder(in)
}

package segment

import (
	"errors"
	"fmt"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"

	"github.com/jisiguangyi/jisi/indexer/integrity"
)

// Plugin is zap, but for how a segment is made of documents of a Builder.
type Plugin struct{ zap.ZapPlugin }

func init() { scorch.RegisterSegmentPlugin(integrity.Checked(&Plugin{}), true) }

// New returns the segment of the documents of one Builder, and its bytes. They may come
// in any order. It returns an error where some are missing or another's.
func (p *Plugin) New(docs []index.Document) (segment.Segment, uint64, error) {
	return p.NewUsing(docs, nil)
}

// NewUsing is New with settings of bleve's.
func (p *Plugin) NewUsing(docs []index.Document, config map[string]any) (segment.Segment, uint64, error) {
	first, ok := docs[0].(*document)
	if !ok {
		return nil, 0, fmt.Errorf("segment: a document is a %T", docs[0])
	}
	seen := make([]bool, first.builder.Len())
	for _, d := range docs {
		if d, ok := d.(*document); !ok || d.builder != first.builder || seen[d.number] {
			return nil, 0, errors.New("segment: a batch has documents of several builders, or one twice")
		} else {
			seen[d.number] = true
		}
	}
	if len(docs) != len(seen) {
		return nil, 0, fmt.Errorf("segment: a batch has %d of a builder's %d documents", len(docs), len(seen))
	}
	s, err := first.builder.Segment(config)
	if err != nil {
		return nil, 0, err
	}
	return s, uint64(s.Size()), nil
}

// document is a document of a Builder, as bleve is handed it: all but its id stays
// where it is.
type document struct {
	builder *Builder
	number  int
}

// ID and the other methods make document a document of bleve's.
func (d *document) ID() string                                 { return d.builder.ids[d.number] }
func (d *document) Size() int                                  { return 0 }
func (d *document) VisitFields(index.FieldVisitor)             {}
func (d *document) VisitComposite(index.CompositeFieldVisitor) {}
func (d *document) HasComposite() bool                         { return false }
func (d *document) NumPlainTextBytes() uint64                  { return 0 }
func (d *document) AddIDField()                                {} // the builder has it
func (d *document) StoredFieldsBytes() uint64                  { return 0 }
func (d *document) Indexed() bool                              { return false }
func (d *document) String() string                             { return "document " + d.ID() }

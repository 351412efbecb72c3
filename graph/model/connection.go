// Package model holds what the GraphQL schema has and the domain has not:
// connections with their edges, and the shapes of a search's answer.
package model

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

// Connection is a Relay connection over one page of a list.
type Connection[T any] struct {
	page  *catalog.Page[*T]
	count func(context.Context) (int, error)
}

// NewConnection wraps a page; count returns the length of the whole list and is
// called only when a client asks for totalCount.
func NewConnection[T any](page *catalog.Page[*T], count func(context.Context) (int, error)) *Connection[T] {
	return &Connection[T]{page: page, count: count}
}

// Nodes are the records of the page.
func (c *Connection[T]) Nodes() []*T { return c.page.Items }

// Edges are the records of the page with their cursors.
func (c *Connection[T]) Edges() []*Edge[T] {
	edges := make([]*Edge[T], len(c.page.Items))
	for i, item := range c.page.Items {
		edges[i] = &Edge[T]{Cursor: c.page.Cursors[i], Node: item}
	}
	return edges
}

// PageInfo says where the page stands in the list.
func (c *Connection[T]) PageInfo() *PageInfo {
	info := &PageInfo{HasNextPage: c.page.HasNext, HasPreviousPage: c.page.HasPrevious}
	if n := len(c.page.Cursors); n > 0 {
		info.StartCursor, info.EndCursor = &c.page.Cursors[0], &c.page.Cursors[n-1]
	}
	return info
}

// TotalCount is the length of the whole list.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// Edge is one record of a list with its cursor.
type Edge[T any] struct {
	Cursor string
	Node   *T
}

// PageInfo says where a page stands in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// The connections of the schema, by the names that it has for them.
type (
	ActivityConnection      = Connection[catalog.Activity]
	AdoptionConnection      = Connection[catalog.Adoption]
	BrandConnection         = Connection[catalog.Brand]
	CaseConnection          = Connection[catalog.Case]
	CommitteeConnection     = Connection[catalog.Committee]
	EvaluationConnection    = Connection[catalog.Evaluation]
	IndicatorConnection     = Connection[catalog.Indicator]
	NeedConnection          = Connection[catalog.Need]
	CallConnection          = Connection[catalog.Call]
	CollectionConnection    = Connection[catalog.Collection]
	NoticeConnection        = Connection[catalog.Notice]
	PersonConnection        = Connection[catalog.Person]
	PracticeConnection      = Connection[catalog.Practice]
	ReportConnection        = Connection[catalog.Report]
	ProposalConnection      = Connection[catalog.Proposal]
	ReleaseConnection       = Connection[catalog.Release]
	ReleaseChangeConnection = Connection[catalog.ReleaseChange]
	RevisionConnection      = Connection[catalog.Revision]
	SourceConnection        = Connection[catalog.Source]
	VenueConnection         = Connection[catalog.Venue]

	EvaluationRoundConnection = Connection[catalog.EvaluationRound]
	SubmissionConnection      = Connection[catalog.Submission]
	CallProgressConnection    = Connection[catalog.CallProgress]

	// AdoptionListEdge is not AdoptionEdge, which is one of the graph of who learned from whom.
	AdoptionListEdge  = Edge[catalog.Adoption]
	ActivityEdge      = Edge[catalog.Activity]
	BrandEdge         = Edge[catalog.Brand]
	CaseEdge          = Edge[catalog.Case]
	CommitteeEdge     = Edge[catalog.Committee]
	EvaluationEdge    = Edge[catalog.Evaluation]
	IndicatorEdge     = Edge[catalog.Indicator]
	NeedEdge          = Edge[catalog.Need]
	CallEdge          = Edge[catalog.Call]
	SubmissionEdge    = Edge[catalog.Submission]
	CallProgressEdge  = Edge[catalog.CallProgress]
	CollectionEdge    = Edge[catalog.Collection]
	NoticeEdge        = Edge[catalog.Notice]
	PersonEdge        = Edge[catalog.Person]
	PracticeEdge      = Edge[catalog.Practice]
	ReportEdge        = Edge[catalog.Report]
	ProposalEdge      = Edge[catalog.Proposal]
	ReleaseEdge       = Edge[catalog.Release]
	ReleaseChangeEdge = Edge[catalog.ReleaseChange]
	RevisionEdge      = Edge[catalog.Revision]
	SourceEdge        = Edge[catalog.Source]
	VenueEdge         = Edge[catalog.Venue]

	EvaluationRoundEdge = Edge[catalog.EvaluationRound]
)

package model

import "github.com/jisiguangyi/jisi/catalog"

// ConcordanceConnection is a page of a concordance.
type ConcordanceConnection struct {
	Edges      []*ConcordanceEdge
	PageInfo   *PageInfo
	TotalCount int
}

// Nodes are the lines alone.
func (c *ConcordanceConnection) Nodes() []*ConcordanceLine {
	lines := make([]*ConcordanceLine, len(c.Edges))
	for i, e := range c.Edges {
		lines[i] = e.Node
	}
	return lines
}

// ConcordanceEdge is one line in its place.
type ConcordanceEdge struct {
	Cursor string
	Node   *ConcordanceLine
}

// ConcordanceLine is one place of the term, with the record.
type ConcordanceLine struct {
	Node               catalog.SearchResult
	Field              string
	Start              int
	Left, Match, Right string
}

package catalog

import (
	"cmp"
	"slices"
)

// AdoptionGraph says who learned from whom: from the committee whose case was
// taken over to the one that took it over.
type AdoptionGraph struct {
	Nodes        []*AdoptionNode // by committee
	Edges        []*AdoptionEdge // the most frequent first
	Total        int             // how many adoptions the edges stand for
	Unattributed int             // how many are left out for want of the case's committee
}

// AdoptionEdge is one committee's learning from another.
type AdoptionEdge struct {
	FromID ID
	ToID   ID
	Count  int
}

// AdoptionNode is a committee's place in the graph. Degrees count committees,
// Taken and Given adoptions.
type AdoptionNode struct {
	CommitteeID ID
	InDegree    int // from how many it took cases over
	OutDegree   int // how many took cases of its over
	Taken       int
	Given       int
}

// NewAdoptionGraph puts edges, of which each pair of committees has one at most,
// in order and finds the committees' places.
func NewAdoptionGraph(edges []*AdoptionEdge, unattributed int) *AdoptionGraph {
	g := &AdoptionGraph{Nodes: []*AdoptionNode{}, Edges: edges, Unattributed: unattributed}
	slices.SortFunc(g.Edges, func(a, b *AdoptionEdge) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.FromID, b.FromID), cmp.Compare(a.ToID, b.ToID))
	})
	nodes := map[ID]*AdoptionNode{}
	at := func(id ID) *AdoptionNode {
		if nodes[id] == nil {
			nodes[id] = &AdoptionNode{CommitteeID: id}
			g.Nodes = append(g.Nodes, nodes[id])
		}
		return nodes[id]
	}
	for _, e := range g.Edges {
		from, to := at(e.FromID), at(e.ToID)
		from.OutDegree++
		from.Given += e.Count
		to.InDegree++
		to.Taken += e.Count
		g.Total += e.Count
	}
	slices.SortFunc(g.Nodes, func(a, b *AdoptionNode) int { return cmp.Compare(a.CommitteeID, b.CommitteeID) })
	return g
}

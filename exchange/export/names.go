package export

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// Names are the names of the records that others refer to: committees, regions,
// brands and topics. It does not change once it is made, and is safe for
// concurrent use.
type Names struct {
	bySlug map[catalog.RecordKind]map[string]string
	order  map[catalog.RecordKind][]string // names in the order of slugs
}

var namedKinds = []catalog.RecordKind{catalog.KindRegion, catalog.KindCommittee, catalog.KindTopic, catalog.KindBrand}

// ReadNames reads the names of all committees, regions, brands and topics, and of the
// records of more kinds.
func ReadNames(ctx context.Context, from Exporter, more ...catalog.RecordKind) (*Names, error) {
	n := &Names{bySlug: map[catalog.RecordKind]map[string]string{}, order: map[catalog.RecordKind][]string{}}
	type called struct {
		kind catalog.RecordKind
		name string
	}
	meanings := map[called]int{} // how many records are called so, without those withdrawn
	withdrawn := map[catalog.RecordKind]map[string]bool{}
	slugs := map[catalog.RecordKind][]string{}
	err := from.Export(ctx, slices.Concat(namedKinds, more), func(in catalog.Input) error {
		names := namesOf(in)
		if in.Head().Status == catalog.StatusArchived {
			if withdrawn[in.Kind()] == nil {
				withdrawn[in.Kind()] = map[string]bool{}
			}
			withdrawn[in.Kind()][in.Head().Slug] = true
		} else {
			for _, name := range names {
				meanings[called{in.Kind(), name}]++
			}
		}
		if n.bySlug[in.Kind()] == nil {
			n.bySlug[in.Kind()] = map[string]string{}
		}
		n.bySlug[in.Kind()][in.Head().Slug] = names[0]
		slugs[in.Kind()] = append(slugs[in.Kind()], in.Head().Slug)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	for kind, list := range slugs {
		for _, slug := range list {
			if name := n.bySlug[kind][slug]; meanings[called{kind, name}] > 1 || withdrawn[kind][slug] {
				n.bySlug[kind][slug] = slug
			}
			n.order[kind] = append(n.order[kind], n.bySlug[kind][slug])
		}
	}
	return n, nil
}

// namesOf returns a record's name and its other names.
func namesOf(in catalog.Input) []string {
	switch in := in.(type) {
	case *catalog.RegionInput:
		return append([]string{in.Name}, in.AlternativeNames...)
	case *catalog.CommitteeInput:
		return append([]string{in.Name}, in.AlternativeNames...)
	case *catalog.BrandInput:
		return append([]string{in.Name}, in.AlternativeNames...)
	case *catalog.TopicInput:
		return []string{in.Name}
	case *catalog.PersonInput:
		return []string{in.Name}
	case *catalog.VenueInput:
		return []string{in.Name}
	case *catalog.CaseInput:
		return append([]string{in.Title}, in.AlternativeTitles...)
	case *catalog.ProposalInput:
		return append([]string{in.Title}, in.AlternativeTitles...)
	}
	return []string{in.Head().Slug}
}

// Name is the name of a record, the slug itself where more than one record has
// that name, "" where the record is not known. It is a Namer.
func (n *Names) Name(kind catalog.RecordKind, slug string) string { return n.bySlug[kind][slug] }

// With returns all names by kind and slug, and those of more.
func (n *Names) With(more map[catalog.RecordKind]map[string]string) map[catalog.RecordKind]map[string]string {
	all := maps.Clone(n.bySlug)
	maps.Copy(all, more)
	return all
}

// List returns the names of a kind's records in the order of their slugs.
func (n *Names) List(kind catalog.RecordKind) []string { return n.order[kind] }

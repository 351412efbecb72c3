package store

import (
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
)

// queryShape is where a query begins.
func queryShape() shape {
	return shape{
		"case": bySlugOf("Case", "cases"), "cases": casesOf(""),
		"committee": bySlugOf("Committee", "committees"), "committees": committeesOf(""),
		"brand": bySlugOf("Brand", "brands"), "brands": brandsOf(""),
		"proposal": bySlugOf("Proposal", "proposals"), "proposals": proposalsOf(""),
		"topic": bySlugOf("Topic", "topics"), "person": bySlugOf("Person", "persons"), "source": bySlugOf("Source", "sources"),
		"region": regionByCode, "venues": venuesOf(""),
		"persons": listOf("PersonConnection", personList), "sources": listOf("SourceConnection", sourceList),
		"node": node,
	}
}

// bySlugOf is the record that an argument names.
func bySlugOf(shape, table string) field {
	return func(a *answer, _ string, sel *catalog.Selection) {
		var args struct{ Slug string }
		if !a.decode(sel, &args) {
			return
		}
		one(shape, table, `#.slug = `+a.args.add(args.Slug))(a, "", sel)
	}
}

func regionByCode(a *answer, _ string, sel *catalog.Selection) {
	var args struct{ Code string }
	if !a.decode(sel, &args) {
		return
	}
	code := a.args.add(args.Code)
	one("Region", "regions", `(#.code = `+code+` OR #.former_code = `+code+`)`)(a, "", sel)
}

// node is the record of a global id, whatever its kind. Of an id that names
// nothing the resolvers say that it is null; whether an adoption may be seen hangs
// on its case too, which is for them to ask.
func node(a *answer, _ string, sel *catalog.Selection) {
	var args struct{ ID string }
	if !a.decode(sel, &args) {
		return
	}
	kind, id, err := catalog.DecodeID(args.ID)
	if err != nil || kind == catalog.KindAdoption {
		a.unfit = true
		return
	}
	one(typeOf(kind), tables[kind].name, `#.id = `+a.args.add(id))(a, "", &catalog.Selection{Below: sel.On[kind]})
}

// listOf is a list of all records of a kind, with no filter.
func listOf(shape string, all func() list) field {
	return func(a *answer, row string, sel *catalog.Selection) {
		var page catalog.PageArgs
		if a.decode(sel, &page) {
			a.connection(shape, row, all(), page, sel)
		}
	}
}

// casesOf is the list of cases of a record of the kind, or of all where that
// is "". The other lists are like it.
func casesOf(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) {
		var args struct {
			Filter  catalog.CaseFilter
			OrderBy *catalog.CaseOrder
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return
		}
		regions := args.Filter.Regions
		codes, known := a.under(regions)
		if known {
			args.Filter.Regions = nil
		}
		l, err := caseList(a.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		a.unfit = a.unfit || err != nil
		if known {
			andOneOf(&l, `r.region_code`, codes)
		}
		a.connection("CaseConnection", row, l, args.PageArgs, sel)
	}
}

// under gives the regions and all below them, where they are known.
func (a *answer) under(regions []string) (codes []string, known bool) {
	if len(regions) == 0 {
		return nil, false
	}
	return a.store.tree.under(a.ctx, a.store, regions)
}

func brandsOf(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) {
		var args struct {
			Filter  catalog.BrandFilter
			OrderBy *catalog.BrandOrder
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return
		}
		l, err := brandList(a.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		a.unfit = a.unfit || err != nil
		a.connection("BrandConnection", row, l, args.PageArgs, sel)
	}
}

func committeesOf(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) {
		var args struct {
			Filter catalog.CommitteeFilter
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return
		}
		a.connection("CommitteeConnection", row, committeeList(catalog.Parents{Kind: parent}, args.Filter), args.PageArgs, sel)
	}
}

func proposalsOf(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) {
		var args struct {
			Filter  catalog.ProposalFilter
			OrderBy *catalog.ProposalOrder
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return
		}
		l, err := proposalList(a.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		a.unfit = a.unfit || err != nil
		a.connection("ProposalConnection", row, l, args.PageArgs, sel)
	}
}

func adoptionsOf(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) {
		var page catalog.PageArgs
		if !a.decode(sel, &page) {
			return
		}
		a.connection("AdoptionConnection", row, adoptionList(a.ctx, catalog.Parents{Kind: parent}), page, sel)
	}
}

func venuesOf(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) {
		var args struct {
			Kind *catalog.VenueKind
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return
		}
		a.connection("VenueConnection", row, venueList(catalog.Parents{Kind: parent}, args.Kind), args.PageArgs, sel)
	}
}

// count writes a number of ours.
func count(n int) string { return strconv.Itoa(n) }

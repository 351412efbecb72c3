package store

import (
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
)

// queryShape is where a query begins.
func queryShape() shape {
	return shape{
		"case": bySlugOf("Case", "cases"), "cases": casesBelow(""),
		"committee": bySlugOf("Committee", "committees"), "committees": committeesBelow(""),
		"brand": bySlugOf("Brand", "brands"), "brands": brandsBelow(""),
		"proposal": bySlugOf("Proposal", "proposals"), "proposals": proposalsBelow(""),
		"topic": bySlugOf("Topic", "topics"), "person": bySlugOf("Person", "persons"), "source": bySlugOf("Source", "sources"),
		"region": regionByCode, "venues": venuesBelow(""),
	}
}

// bySlugOf is the record that an argument names.
func bySlugOf(shape, table string) field {
	return func(a *answer, _ string, sel *catalog.Selection) string {
		var args struct{ Slug string }
		if !a.decode(sel, &args) {
			return ""
		}
		return one(shape, table, `#.slug = `+a.args.add(args.Slug))(a, "", sel)
	}
}

func regionByCode(a *answer, _ string, sel *catalog.Selection) string {
	var args struct{ Code string }
	if !a.decode(sel, &args) {
		return ""
	}
	code := a.args.add(args.Code)
	return one("Region", "regions", `(#.code = `+code+` OR #.former_code = `+code+`)`)(a, "", sel)
}

// casesBelow is the list of cases of a record of the kind, or of all where that
// is "". The other lists are like it.
func casesBelow(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		var args struct {
			Filter  catalog.CaseFilter
			OrderBy *catalog.CaseOrder
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return ""
		}
		l, err := caseList(a.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		a.unfit = a.unfit || err != nil
		return a.connection("CaseConnection", row, l, args.PageArgs, sel)
	}
}

func brandsBelow(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		var args struct {
			Filter  catalog.BrandFilter
			OrderBy *catalog.BrandOrder
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return ""
		}
		l, err := brandList(a.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		a.unfit = a.unfit || err != nil
		return a.connection("BrandConnection", row, l, args.PageArgs, sel)
	}
}

func committeesBelow(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		var args struct {
			Filter catalog.CommitteeFilter
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return ""
		}
		return a.connection("CommitteeConnection", row, committeeList(catalog.Parents{Kind: parent}, args.Filter), args.PageArgs, sel)
	}
}

func proposalsBelow(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		var args struct {
			Filter  catalog.ProposalFilter
			OrderBy *catalog.ProposalOrder
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return ""
		}
		l, err := proposalList(a.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		a.unfit = a.unfit || err != nil
		return a.connection("ProposalConnection", row, l, args.PageArgs, sel)
	}
}

func adoptionsBelow(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		var page catalog.PageArgs
		if !a.decode(sel, &page) {
			return ""
		}
		return a.connection("AdoptionConnection", row, adoptionList(a.ctx, catalog.Parents{Kind: parent}), page, sel)
	}
}

func venuesBelow(parent catalog.RecordKind) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		var args struct {
			Kind *catalog.VenueKind
			catalog.PageArgs
		}
		if !a.decode(sel, &args) {
			return ""
		}
		return a.connection("VenueConnection", row, venueList(catalog.Parents{Kind: parent}, args.Kind), args.PageArgs, sel)
	}
}

// count writes a number of ours.
func count(n int) string { return strconv.Itoa(n) }

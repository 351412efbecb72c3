package answer

import (
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// queryShape is where a query begins.
func queryShape() shape {
	return shape{
		"case": bySlugOf("Case", "cases"), "cases": casesOf(""),
		"committee": bySlugOf("Committee", "committees"), "committees": committeesOf(""),
		"brand": bySlugOf("Brand", "brands"), "brands": brandsOf(""),
		"proposal": bySlugOf("Proposal", "proposals"), "proposals": proposalsOf(""),
		"topic": bySlugOf("Topic", "topics"), "person": bySlugOf("Person", "persons"), "source": bySlugOf("Source", "sources"),
		"region": regionByCode, "venue": bySlugOf("Venue", "venues"), "venues": venuesOf(""),
		"activity": bySlugOf("Activity", "activities"), "activities": activitiesOf(""),
		"evaluationRound": bySlugOf("EvaluationRound", "evaluation_rounds"), "evaluationRounds": evaluationRoundsOf,
		"persons": personsOf, "sources": listOf("Source", store.SourceList),
		"practice": bySlugOf("Practice", "practices"), "practices": practicesOf,
		"adoptions": adoptionsOf(""), "need": bySlugOf("Need", "needs"), "needs": needsOf, "report": bySlugOf("Report", "reports"), "reports": reportList, "indicators": indicatorsOf, "evaluation": bySlugOf("Evaluation", "evaluations"), "evaluations": evaluationsOf(""),
		"call": bySlugOf("Call", "calls"), "calls": callsOf, "collection": bySlugOf("Collection", "collections"), "collections": listOf("Collection", store.CollectionList),
		"regions": regionsOf, "topics": topicsOf,
		"node": node, "nodes": nodes,
	}
}

// bySlugOf is the record that an argument names.
func bySlugOf(shape, table string) field {
	return func(s *statement, _ string, sel *catalog.Selection) {
		var args struct{ Slug string }
		if !s.decode(sel, &args) {
			return
		}
		one(shape, table, `#.slug = `+s.args.Add(args.Slug))(s, "", sel)
	}
}

// node is the record of a global id, whatever its kind, null where there is none
// that the viewer may read.
func node(s *statement, _ string, sel *catalog.Selection) {
	var args struct{ ID string }
	if s.decode(sel, &args) {
		s.node(args.ID, sel)
	}
}

func (s *statement) node(global string, sel *catalog.Selection) {
	if _, err := catalog.DecodeSubmissionID(global); err == nil {
		s.leave("a submission is seen as its standing has it")
		return
	}
	kind, id, err := catalog.DecodeID(global)
	if err != nil {
		s.write(`'null'`)
		return
	}
	where := `#.id = ` + s.args.Add(id)
	if kind == catalog.KindAdoption {
		where += ` AND EXISTS (SELECT FROM cases c WHERE c.id = #.case_id AND ` + s.readable("cases", "c") + `)`
	}
	one(typeOf(kind), store.TableName(kind), where)(s, "", &catalog.Selection{Below: sel.On[kind]})
}

// maxNodes is how many records a client may ask for by id at once.
const maxNodes = 100

// nodes is the records of global ids, in their order.
func nodes(s *statement, _ string, sel *catalog.Selection) {
	var args struct{ IDs []string }
	if !s.decode(sel, &args) {
		return
	}
	if len(args.IDs) > maxNodes {
		s.leave("more ids than are allowed")
		return
	}
	p := parts{statement: s}
	p.text("[")
	for i, id := range args.IDs {
		if i > 0 {
			p.text(",")
		}
		p.expression()
		s.node(id, sel)
	}
	p.text("]")
	p.end()
}

// listOf is a list of all records of a kind, with no filter.
func listOf(shape string, all func() store.List) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var page catalog.PageArgs
		if s.decode(sel, &page) {
			s.connection(shape, row, all(), page, sel)
		}
	}
}

// count writes a number of ours.
func count(n int) string { return strconv.Itoa(n) }

package answer

import (
	"maps"
	"slices"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// shape is what a statement shows of a type, field by field. What is not here,
// the resolvers answer.
type shape map[string]field

// shapes has the types of the schema by name, but for those of lists, which are
// pageParts, edgeParts and infoParts.
var shapes = sync.OnceValue(func() map[string]shape {
	return map[string]shape{
		"Query":         queryShape(),
		"Case":          caseShape(),
		"Step":          stepShape(),
		"Completeness":  completenessShape(),
		"Participant":   participantShape(),
		"Link":          linkShape(),
		"Outcome":       outcomeShape(),
		"Committee":     committeeShape(),
		"Region":        regionShape(),
		"Brand":         brandShape(),
		"Topic":         topicShape(),
		"Proposal":      proposalShape(),
		"Undertaker":    undertakerShape(),
		"ProposalEvent": proposalEventShape(),
		"Supervision":   supervisionShape(),
		"Person":        personShape(),
		"Source":        sourceShape(),
		"Citation":      citationShape(),
		"Section":       sectionShape(),
		"Practice":      practiceShape(),
		"Indicator":     indicatorShape(),
		"Evaluation":    evaluationShape(),
		"Adoption":      adoptionShape(),
		"Venue":         venueShape(),
		"Need":          needShape(),
		"Report":        reportShape(),
		"Call":          callShape(),
		"Criterion":     criterionShape(),
		"Collection":    collectionShape(),
		"Activity":      activityShape(),
		"ItemScore":     itemScoreShape(),
		"Revision":      revisionShape(),

		"EvaluationRound":  evaluationRoundShape(),
		"SupervisionEntry": supervisionEntryShape(),
	}
})

// listed are the types that there are lists of.
var listed = []string{
	"Case", "Committee", "Brand", "Proposal", "Person", "Source", "Practice", "Indicator", "Evaluation", "Adoption", "Venue", "Need", "Report", "Activity", "EvaluationRound", "Revision",
	"Call", "Collection",
}

// Fields returns the fields, in order, that a statement shows of each type of the
// schema.
func Fields() map[string][]string {
	all := map[string][]string{"PageInfo": slices.Sorted(maps.Keys(infoParts))}
	for name, s := range shapes() {
		all[name] = slices.Sorted(maps.Keys(s))
	}
	for _, name := range listed {
		all[name+"Connection"], all[edgeName(name)] = slices.Sorted(maps.Keys(pageParts)), slices.Sorted(maps.Keys(edgeParts))
	}
	return all
}

// record returns the shape of a noun's records: what every record has, the columns
// that the store describes, and its own.
func record(kind catalog.RecordKind, own shape) shape {
	s := shape{
		"id": globalID(kind), "slug": word("slug"), "origin": word("origin"), "version": plain("version"),
		"createdAt": instant("created_at"), "updatedAt": instant("updated_at"),
		"citations": some("Citation", `citations #`, `#.record_id = @.id`, `#.position`),
	}
	for _, c := range store.Columns(kind) {
		if write := forms[c.Form]; write != nil {
			s[c.Field] = write(c.Name)
		}
	}
	maps.Copy(s, own)
	return s
}

// forms writes a column of each form.
var forms = map[store.Form]func(column string) field{
	store.Text: column, store.TextOrNull: columnOrNull, store.Word: word, store.WordOrNull: wordOrNull,
	store.Plain: plain, store.PlainOrNull: plainOrNull, store.Float: float, store.FloatOrNull: floatOrNull,
}

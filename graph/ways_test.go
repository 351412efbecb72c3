package graph_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/graph"
)

// resolversOnly are the fields of queries, or whole types, that neither a statement
// nor a finder shows, each with the reason.
var resolversOnly = map[string]string{
	"AdoptionBranch": branches, "Query.adoptionTree": branches,
	"AdoptionEdge": network, "AdoptionGraph": network, "AdoptionNode": network, "Query.adoptionGraph": network,
	"Matrix": crossed, "Query.caseMatrix": crossed,
	"LedgerLine": "a page of its own, whose gap is a difference of doubles, as Go writes them", "Query.ledger": "as LedgerLine",

	"Query.analyze": words, "Token": words,
	"Query.keywords": words, "Keyword": words, "Query.cooccurrence": words, "KeywordPair": words,
	"Query.concordance": words, "ConcordanceConnection": words, "ConcordanceEdge": words, "ConcordanceLine": words,
	"Attachment": beside, "Case.attachments": beside,
	"Case.similar": "the index finds the peers of each case of a list by itself",

	"Brand.cite": cited, "Case.cite": cited, "Citation.cite": cited, "Practice.cite": cited, "Proposal.cite": cited, "Report.cite": cited, "Source.cite": cited, "Tombstone": cited, "Query.tombstone": cited, "WithdrawnPage": cited, "Query.withdrawn": cited,
	"Query.activityFigures": "sums of one statement, a line a year and committee", "ActivityFigures": "as Query.activityFigures",
	"Query.release": released, "Query.releases": released, "Release": released, "ReleaseConnection": released, "ReleaseEdge": released, "ReleaseFile": released,
	"ReleaseChange": compared, "ReleaseChangeConnection": compared, "ReleaseChangeEdge": compared,

	"Revision.changes": "the difference of two snapshots, worked out by catalog.Diff", "FieldChange": "as Revision.changes", "Revision.fields": "as Revision.changes",
	"Query.viewer": asking, "Viewer": asking, "Grant": asking,
	"Submission": standing, "SubmissionConnection": standing, "SubmissionEdge": standing, "JudgedText": standing, "Check": standing, "Score": standing,
	"CallProgress": standing, "CallProgressConnection": standing, "CallProgressEdge": standing, "CallReviewer": standing,
	"CallResult": "which cases it names hangs on who asks", "Call.results": "which cases it names hangs on who asks",
	"Call.submissions": standing, "Call.progress": standing, "Call.reviewers": standing, "Call.judging": standing, "Query.submissionChecks": standing,
	"Notice": own, "NoticeConnection": own, "NoticeEdge": own, "Follow": own, "Writing": own,
	"Account": own, "AccountEvent": own, "DeliverySettings": own, "DeliveryChoice": own, "Webhook": own, "Delivery": own,
	"Committee.contact": contacts, "Contact": contacts,
}

// Reasons that several fields share.
const (
	branches = "rows of a recursive walk, which name their parents"
	network  = "nodes and edges are counted in Go from the edges of one statement"
	crossed  = "margins, shares and totals are worked out from one statement in Go"
	words    = "words are the index's; no record is read, or only those of a page of lines"
	cited    = "catalog/cite writes a citation, by rules that are code"
	compared = "differences of files of releases, which are on this server's disk"
	released = "rows of releases, whose addresses and citation are the server's to write"
	beside   = "attachments stand beside a case, and who sees which is asked of each anew"
	own      = "it is the caller's own, asked for by Viewer, which only resolvers answer"
	standing = "what somebody sees of a submission hangs on as what they see it, which one expression of the store's says"
	contacts = "for signed-in readers only; no statement that answers, caches or exports has them"
	asking   = "who asks is in the context, not in the database"
)

// TestEveryFieldHasItsWay goes over the schema, so that no field falls to the
// resolvers unnoticed.
func TestEveryFieldHasItsWay(t *testing.T) {
	schema := graph.NewSchema(&graph.Resolver{}).Schema()
	shown := map[string]bool{}
	for _, fields := range []map[string][]string{answer.Fields(), graph.FoundFields()} {
		for of, names := range fields {
			for _, name := range names {
				if d := schema.Types[of]; d == nil || d.Fields.ForName(name) == nil {
					t.Errorf("%s.%s is shown, and the schema has no such field", of, name)
				}
				shown[of+"."+name] = true
			}
		}
	}
	used := map[string]bool{}
	for _, of := range slices.Sorted(maps.Keys(reachable(schema))) {
		for _, f := range schema.Types[of].Fields {
			name := of + "." + f.Name
			if strings.HasPrefix(f.Name, "__") || shown[name] && resolversOnly[name] == "" {
				continue
			}
			switch {
			case shown[name]:
				t.Errorf("%s is on the list of resolversOnly, and is shown without them", name)
			case resolversOnly[name] != "":
				used[name] = true
			case resolversOnly[of] != "":
				used[of] = true
			default:
				t.Errorf("%s: no statement and no finder shows it; give it a shape, or a line in resolversOnly with the reason", name)
			}
		}
	}
	for name := range resolversOnly {
		if !used[name] {
			t.Errorf("%s is on the list of resolversOnly for nothing", name)
		}
	}
}

// reachable are the objects that a query may come to.
func reachable(schema *ast.Schema) map[string]bool {
	seen := map[string]bool{}
	var visit func(*ast.Definition)
	visit = func(d *ast.Definition) {
		if d == nil || strings.HasPrefix(d.Name, "__") || seen[d.Name] {
			return
		}
		for _, one := range schema.GetPossibleTypes(d) {
			if one.Name != d.Name {
				visit(one)
			}
		}
		if d.Kind != ast.Object {
			return
		}
		seen[d.Name] = true
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				visit(schema.Types[f.Type.Name()])
			}
		}
	}
	visit(schema.Query)
	return seen
}

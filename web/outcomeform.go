package web

import (
	"fmt"
	"net/url"

	"github.com/jisiguangyi/jisi/catalog"
)

// spareOutcomes is how many empty outcomes a form offers beside those that are
// there.
const spareOutcomes = 2

// outcomeGroups are the fields of the outcomes, of a case or a proposal.
func outcomeGroups(values url.Values) []fieldGroup {
	var groups []fieldGroup
	for i := range roomFor(values, "outcomes", "form") {
		at := func(name string) string { return fmt.Sprintf("outcomes.%d.%s", i, name) }
		groups = append(groups, fieldGroup{Title: fmt.Sprintf("%s之%d", catalog.FieldLabel(catalog.KindCase, "outcomes"), i+1), List: "outcomes", Hint: "表达形式留空的不保存。", Fields: []field{
			fieldAt(catalog.KindCase, at("form"), "例如：建议案、专题报告", 0), fieldAt(catalog.KindCase, at("usedBy"), "", 0), fieldAt(catalog.KindCase, at("use"), "", 0),
			fieldAt(catalog.KindCase, at("effect"), "", 3), fieldAt(catalog.KindCase, at("status"), "", 0), fieldAt(catalog.KindCase, at("occurredOn"), "", 0),
		}})
	}
	return groups
}

// outcomes sets the values of a record's outcomes.
func (s setter) outcomes(record map[string]any) {
	s.repeat("outcomes", list(record["outcomes"]), spareOutcomes, "form", func(prefix string, outcome map[string]any) {
		for _, name := range []string{"form", "usedBy", "use", "effect", "status", "occurredOn"} {
			s.set(prefix+name, outcome[name])
		}
	})
}

// outcomes reads the outcomes. What became of one that does not say is not
// guessed.
func (w *written) outcomes(values url.Values) {
	w.repeated(values, "outcomes", "form", func(prefix, _ string) map[string]any {
		o := map[string]any{"status": string(catalog.OutcomeUnstated)}
		w.texts(values, prefix, o, "form", "usedBy", "use", "effect", "status")
		if o["form"] == nil {
			return nil
		}
		w.dates(values, prefix, o, "occurredOn")
		return o
	})
}

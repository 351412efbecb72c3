package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// formExtra is what the page with the form needs besides its data.
type formExtra struct {
	Action  string // where the form goes
	ID      string // of the case, "" for a new one
	Version int
	Groups  []shownGroup
	General []string // what is wrong with the whole
	// Conflict says who changed the case meanwhile; "" where nobody did.
	Conflict string
}

type shownGroup struct {
	Title, Hint string
	Fields      []shownField
}

// shownField is a field with what stands in it.
type shownField struct {
	field
	Value   string
	Values  []string
	Options []option
	Errors  []string
	Theirs  string // what the record says by now, where that is something else
	Differs bool
	Missing bool // the field must be filled
}

// ID is the field's id in the page.
func (f shownField) ID() string { return "f-" + strings.ReplaceAll(f.Name, ".", "-") }

// newForm fills the form with values. in says what could not be read of them,
// wrong what a mutation found; where somebody else was quicker, what the record
// says by now stands beside.
func newForm(v *view, values url.Values, in written, wrong []problem) formExtra {
	record := object(v.Data["case"])
	extra := formExtra{Action: "/write/cases", ID: text(record["id"]), Version: whole(record["version"])}
	if record != nil {
		extra.Action += "/" + url.PathEscape(text(record["slug"]))
	}
	groups := fieldGroups(max(outcomesIn(values), len(list(record["outcomes"]))+spareOutcomes))
	var names []string
	for _, g := range groups {
		for _, f := range g.Fields {
			names = append(names, f.Name)
		}
	}
	errorsAt := map[string][]string{}
	for name, texts := range in.errors {
		errorsAt[name] = texts
	}
	for _, p := range wrong {
		name := in.fieldAt(p.Path, names)
		switch {
		case p.Code == catalog.KindConflict:
			extra.Conflict = p.Message
		case name != "":
			errorsAt[name] = append(errorsAt[name], p.Message)
		default:
			extra.General = append(extra.General, p.Message)
		}
	}
	theirs := url.Values{}
	if extra.Conflict != "" {
		theirs = valuesOf(record)
	}
	for _, g := range groups {
		shown := shownGroup{Title: g.Title, Hint: g.Hint}
		for _, f := range g.Fields {
			one := shownField{field: f, Value: values.Get(f.Name), Values: values[f.Name], Errors: errorsAt[f.Name], Options: optionsOf(v, f.Name, values), Missing: f.Name == "title"}
			if extra.Conflict != "" && !sameValues(values[f.Name], theirs[f.Name]) {
				one.Differs, one.Theirs = true, theirText(v, f, theirs)
			}
			shown.Fields = append(shown.Fields, one)
		}
		extra.Groups = append(extra.Groups, shown)
	}
	return extra
}

// sameValues tells whether two values of a field say the same.
func sameValues(a, b []string) bool {
	read := func(values []string) []string {
		var all []string
		for _, value := range values {
			if value = clean(value); value != "" {
				all = append(all, value)
			}
		}
		slices.Sort(all)
		return all
	}
	return slices.Equal(read(a), read(b))
}

// theirText is what another's field says, chosen records by their names.
func theirText(v *view, f field, theirs url.Values) string {
	if f.Kind != "select" && f.Kind != "topics" {
		return theirs.Get(f.Name)
	}
	var names []string
	for _, o := range optionsOf(v, f.Name, theirs) {
		if o.Chosen {
			names = append(names, o.Label)
		}
	}
	return strings.Join(names, "、")
}

// optionsOf are what can be chosen for a field.
func optionsOf(v *view, name string, values url.Values) []option {
	chosen := func(value string) bool { return slices.Contains(values[name], value) }
	var options []option
	add := func(records []any, key string) {
		for _, record := range records {
			r := object(record)
			options = append(options, option{text(r[key]), text(r["name"]), chosen(text(r[key]))})
		}
	}
	switch {
	case name == "committee":
		add(list(object(v.Data["committees"])["nodes"]), "slug")
	case name == "region":
		add(list(v.Data["regions"]), "code")
	case name == "brand":
		add(list(object(v.Data["brands"])["nodes"]), "slug")
	case name == "topics":
		add(list(v.Data["topics"]), "slug")
	case strings.HasSuffix(name, ".status"):
		for _, status := range []catalog.OutcomeStatus{"SUBMITTED", "ENDORSED", "ADOPTED", "IMPLEMENTED", "NOT_ADOPTED"} {
			options = append(options, option{string(status), label("outcome", string(status)), chosen(string(status))})
		}
	}
	return options
}

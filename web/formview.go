package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// formExtra is what the page with a form needs besides its data.
type formExtra struct {
	Noun    string         // what is written
	Path    string         // of its pages
	Action  string         // where the form goes
	Record  map[string]any // nil for a new one
	Called  string         // the record's title or name
	Groups  []shownGroup
	General []string // what is wrong with the whole
	// Conflict says who changed the record meanwhile; "" where nobody did.
	Conflict string
}

type shownGroup struct {
	Title, Hint string
	Fields      []shownField
}

// Spare reports whether the group is one more of what is repeated, and empty: it is
// folded.
func (g shownGroup) Spare() bool {
	_, rest, repeated := strings.Cut(g.Fields[0].Name, ".")
	if !repeated || !strings.Contains(rest, ".") || strings.HasPrefix(rest, "0.") {
		return false
	}
	return !slices.ContainsFunc(g.Fields, func(f shownField) bool { return f.Value != "" || f.Differs || len(f.Errors) > 0 })
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

// newForm fills the noun's form with values. in says what could not be read of
// them, wrong what a mutation found; where somebody else was quicker, what the
// record says by now stands beside.
func newForm(n noun, v *view, values url.Values, in written, wrong []problem) formExtra {
	record := object(v.Data[n.root])
	extra := formExtra{Noun: n.kind.Label(), Path: n.path, Action: "/write/" + n.path, Record: record}
	if record != nil {
		extra.Action += "/" + url.PathEscape(text(record["slug"]))
		extra.Called = text(record[n.name])
	}
	theirs := url.Values{}
	if slices.ContainsFunc(wrong, func(p problem) bool { return p.Code == catalog.KindConflict }) {
		theirs = n.values(record)
	}
	groups := n.groups(together(values, theirs))
	errorsAt := extra.place(in, wrong, groups)
	for _, g := range groups {
		shown := shownGroup{Title: g.Title, Hint: g.Hint}
		for _, f := range g.Fields {
			one := shownField{field: f, Value: values.Get(f.Name), Values: values[f.Name], Errors: errorsAt[f.Name], Options: optionsOf(v, n.kind, f.Name, values), Missing: f.Name == n.name}
			if extra.Conflict != "" && !sameValues(values[f.Name], theirs[f.Name]) {
				one.Differs, one.Theirs = true, theirText(v, n.kind, f, theirs)
			}
			shown.Fields = append(shown.Fields, one)
		}
		extra.Groups = append(extra.Groups, shown)
	}
	return extra
}

// place returns what is wrong by the field that it is shown at; what belongs to no
// field is said above the form.
func (extra *formExtra) place(in written, wrong []problem, groups []fieldGroup) map[string][]string {
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
	return errorsAt
}

// together are the values with those of others that they have no name for.
func together(values, others url.Values) url.Values {
	all := maps.Clone(values)
	for name, value := range others {
		if !all.Has(name) {
			all[name] = value
		}
	}
	return all
}

// sameValues reports whether two values of a field say the same.
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
func theirText(v *view, kind catalog.RecordKind, f field, theirs url.Values) string {
	if f.Kind != "select" && f.Kind != "topics" {
		return theirs.Get(f.Name)
	}
	var names []string
	for _, o := range optionsOf(v, kind, f.Name, theirs) {
		if o.Chosen {
			names = append(names, o.Label)
		}
	}
	return strings.Join(names, "、")
}

// optionsOf are what can be chosen for a field.
func optionsOf(v *view, kind catalog.RecordKind, name string, values url.Values) []option {
	chosen := func(value string) bool { return slices.Contains(values[name], value) }
	var options []option
	for _, o := range choices(v, kind, name) {
		o.Chosen = chosen(o.Value)
		options = append(options, o)
	}
	return options
}

// choices are a field's options, none of them chosen.
func choices(v *view, kind catalog.RecordKind, name string) []option {
	if f := catalog.FieldAt(kind, name); f != nil && f.Enum != nil {
		return enumOptions(f.Enum)
	}
	if i := strings.LastIndex(name, "."); i >= 0 {
		name = name[i+1:] // of one that is repeated
	}
	switch name {
	case "committee":
		return recordOptions(list(object(v.Data["committees"])["nodes"]), "slug")
	case "region":
		return recordOptions(list(v.Data["regions"]), "code")
	case "brand", "parent":
		return recordOptions(list(object(v.Data["brands"])["nodes"]), "slug")
	case "topics":
		return recordOptions(list(v.Data["topics"]), "slug")
	case "isKey":
		return []option{{Value: "true", Label: "是"}}
	}
	return nil
}

// enumOptions are an enum's values with their Chinese names.
func enumOptions(enum *catalog.Enum) []option {
	var options []option
	for _, value := range enum.Values {
		options = append(options, option{Value: value.Code, Label: value.Label})
	}
	return options
}

func recordOptions(records []any, key string) []option {
	var options []option
	for _, record := range records {
		r := object(record)
		options = append(options, option{Value: text(r[key]), Label: text(r["name"])})
	}
	return options
}

package web

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/web/changes"
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
	Wrong   []wrongField
	Checks  []check // what a reviewer asks for
	// Draft names the form in the browser's own store, where what is written is kept.
	Draft   string
	Key     keptKey  // names it on the server
	Kept    keptText // what the server has kept of it
	Back    bool     // that is what stands in the form
	Another string   // the address of a form for one more new record; "" where there is none
	Unsaved bool     // what stands in the form was sent, and has not been saved
	// Version is the record's that is changed, "0" of a new one: of what was kept, the
	// one that it was a change of.
	Version string
	// Conflict says who changed the record meanwhile; "" where nobody did.
	Conflict string
}

// Faults is how many things are wrong.
func (extra formExtra) Faults() int { return len(extra.Wrong) + len(extra.General) }

// wrongField is a field with what is wrong in it, for the summary above the form.
type wrongField struct{ ID, Label, Text string }

type shownGroup struct {
	ID, Title, Hint string
	Fields          []shownField
	Part, Fold      bool
	Open            bool // a folded one that is to be seen
	// Of a group with rows: their list, what one is called, the rows, and the id of the
	// first field of another one.
	List, RowTitle string
	Rows           []shownRow
	Next           string
	// Of one of several: which one it is, as "supervisions.0", and, of the last one, the
	// list to which the page's button adds another, with the id of that one's first field.
	One, More, MoreTitle, MoreNext string
}

// Spare reports whether the group is one more of what is repeated, and empty: it is
// folded.
func (g shownGroup) Spare() bool {
	return g.One != "" && !strings.HasSuffix(g.One, ".0") && g.Empty()
}

// Empty reports whether nothing stands in the group, nor is anything wrong there.
func (g shownGroup) Empty() bool {
	return !slices.ContainsFunc(g.all(), func(f shownField) bool { return f.Value != "" || f.Differs || len(f.Errors) > 0 })
}

// shownField is a field with what stands in it.
type shownField struct {
	field
	Value   string
	Values  []string
	Options []option
	Tree    []topicChoice // of topics and boxes: their options, each below the one that it belongs to
	Errors  []string
	Theirs  []changes.Piece // what the record says by now, compared with Value, where that is something else
	Differs bool
	Missing bool // the field must be filled
	Focus   bool
}

// ID is the field's id in the page.
func (f shownField) ID() string { return "f-" + strings.ReplaceAll(f.Name, ".", "-") }

// newForm fills the noun's form with values. in says what could not be read of
// them, wrong what a mutation found; where somebody else was quicker, what the
// record says by now stands beside.
func newForm(n noun, v *view, values url.Values, in written, wrong []problem) formExtra {
	record := object(v.Data[n.root])
	extra := formExtra{Noun: n.kind.Label(), Path: n.path, Action: "/write/" + n.path, Record: record, Key: n.key(record, ""), Version: "0"}
	if record != nil {
		extra.Version = strconv.Itoa(whole(record["version"]))
		extra.Action += "/" + url.PathEscape(text(record["slug"]))
		extra.Called = n.called(record)
	}
	theirs := url.Values{}
	if slices.ContainsFunc(wrong, func(p problem) bool { return p.Code == catalog.KindConflict }) {
		theirs = n.values(record)
	}
	groups := n.groups(together(values, theirs))
	errorsAt := extra.place(in, wrong, groups)
	extra.Draft = extra.Action
	if n.kind == catalog.KindCase {
		extra.Checks = caseChecks(values)
	}
	for i, g := range groups {
		shown := shownGroup{ID: fmt.Sprintf("part-%d", i+1), Title: g.Title, Hint: g.Hint, Fold: g.Fold, Part: g.Part || g.Fold || g.List != ""}
		for _, f := range g.Fields {
			one := shownField{field: f, Value: values.Get(f.Name), Values: values[f.Name], Errors: errorsAt[f.Name], Options: optionsOf(v, n.kind, f.Name, values), Missing: f.Name == n.name}
			if extra.Conflict != "" && !sameValues(values[f.Name], theirs[f.Name]) {
				one.Differs, one.Theirs = true, against(f, mineText(v, n.kind, f, values), mineText(v, n.kind, f, theirs))
			}
			switch f.Kind {
			case "topics":
				one.Tree = topicChoices(list(v.Data["topics"]), values[f.Name])
			case "boxes":
				for _, o := range one.Options {
					one.Tree = append(one.Tree, topicChoice{option: o})
				}
			}
			for _, text := range one.Errors {
				extra.Wrong = append(extra.Wrong, wrongField{one.ID(), one.Label, text})
			}
			shown.Fields = append(shown.Fields, one)
		}
		shown.rows(g)
		shown.several(groups, i)
		shown.Open = !shown.Empty()
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
	maps.Copy(errorsAt, in.errors)
	for _, p := range wrong {
		name := in.fieldAt(p.Path, names)
		switch {
		case p.Code == catalog.KindConflict:
			extra.Conflict = p.Message
		case slices.Contains(errorsAt[name], p.Message): // what could not be read is said already
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

// mineText is what a field says, chosen records by their names.
func mineText(v *view, kind catalog.RecordKind, f field, values url.Values) string {
	if f.Kind != "select" && f.Kind != "topics" && f.Kind != "boxes" {
		return clean(values.Get(f.Name))
	}
	var names []string
	for _, o := range optionsOf(v, kind, f.Name, values) {
		if o.Chosen {
			names = append(names, o.Label)
		}
	}
	return strings.Join(names, "、")
}

// against shows what the record says by now against what was written here: texts
// by their words, all else as it is.
func against(f field, mine, theirs string) []changes.Piece {
	if theirs == "" {
		return nil
	}
	if f.Kind == "line" || f.Kind == "text" {
		return changes.Text(mine, theirs)
	}
	return []changes.Piece{{Text: theirs}}
}

// topicChoice is a topic that can be chosen, with how deep it stands in the tree.
type topicChoice struct {
	option
	Depth int
}

// topicChoices are all topics, each below the one that it belongs to.
func topicChoices(topics []any, chosen []string) []topicChoice {
	var all []topicChoice
	var walk func(branches []*branch, depth int)
	walk = func(branches []*branch, depth int) {
		for _, b := range branches {
			slug := text(b.Record["slug"])
			all = append(all, topicChoice{option{slug, text(b.Record["name"]), slices.Contains(chosen, slug)}, depth})
			walk(b.Below, depth+1)
		}
	}
	walk(grow(topics), 0)
	return all
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
	case "committee", "enteredBy", "audience":
		return recordOptions(list(object(v.Data["committees"])["nodes"]), "slug")
	case "region":
		return recordOptions(list(v.Data["regions"]), "code")
	case "brand", "parent":
		return recordOptions(list(object(v.Data["brands"])["nodes"]), "slug")
	case "topics":
		return recordOptions(list(v.Data["topics"]), "slug")
	case "resultingCase":
		var own []option
		for _, record := range list(object(v.Data["own"])["nodes"]) {
			own = append(own, option{Value: text(object(record)["slug"]), Label: text(object(record)["title"])})
		}
		return own
	case "countsInReview":
		return []option{{Value: "true", Label: "是"}, {Value: "false", Label: "否"}}
	case "isKey", "closed", "blind":
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

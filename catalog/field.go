package catalog

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Noun describes what is written of one noun: the fields of its …Input type, in
// the order in which they are read, each once. Labels, columns of files, forms,
// conflicts, differences and the codebook of releases are made from it, and so
// are the checks of single fields in Validate.
type Noun struct {
	Name   string     // of the Go type and of the GraphQL input: "CaseInput"
	Kind   RecordKind // "" for what stands within a record, such as an outcome
	Fields []NounField
}

// NounField describes one field of a noun.
type NounField struct {
	Name    string // in JSON and GraphQL
	Label   Words  // what people see it called
	Meaning Words  // what it holds, for the codebook; of an enum, without its values
	Shape   Shape
	// Head says that every record has the field, whatever its kind: a form leaves
	// it to the workflow, an import may write it.
	Head bool
	// Required says that the field must be filled.
	Required bool
	// Acted says that actions write the field, and no form does.
	Acted bool
	// Many says that the field is a list of what Shape says, at most Entries long, and
	// at most MaxList where that is 0.
	Many    bool
	Entries int
	// Most is the most code points of a text; 0 for what is no text.
	Most  int
	Enum  *Enum      // of ShapeEnum: its values
	Kind  RecordKind // of ShapeReference: the kind of the record that is named
	Entry *Noun      // of ShapeEntry: the fields of an entry
	// Aliases are other names by which files call the field, in Chinese.
	Aliases []string

	index []int // in the Go type, for reflect.Value.FieldByIndex
}

// Words are one thing said in both languages.
type Words struct{ Zh, En string }

// Shape says what a field's value is, and so how it is checked, entered and shown.
type Shape string

// The shapes.
const (
	ShapeSlug      Shape = "slug"      // a permalink
	ShapeLine      Shape = "line"      // a text of one line
	ShapeText      Shape = "text"      // a text with line breaks
	ShapeProse     Shape = "prose"     // a long text, which has a part of its own in a document
	ShapeDate      Shape = "date"      // a PartialDate
	ShapeDay       Shape = "day"       // a Day
	ShapeYear      Shape = "year"      // a year
	ShapeCount     Shape = "count"     // a whole number from 0
	ShapeNumber    Shape = "number"    // any finite number
	ShapeFlag      Shape = "flag"      // yes or no
	ShapeEnum      Shape = "enum"      // one of an enum's values
	ShapeAddress   Shape = "address"   // an http or https address
	ShapeReference Shape = "reference" // the slug, code or name of another record
	ShapeEntry     Shape = "entry"     // an object with fields of its own
)

// Names returns what a file may call the field, besides its label and its name in
// JSON: its aliases, and the beginning of its meaning, as codebooks have it.
func (f *NounField) Names() []string {
	meaning := strings.TrimSuffix(f.Meaning.Zh, "的 slug")
	if at := strings.IndexAny(meaning, "，：（"); at >= 0 {
		meaning = meaning[:at]
	}
	return append(slices.Clone(f.Aliases), meaning)
}

// describe returns the description of the Go type T. It panics where a field
// does not stand in T: that is a fault of the program, not of its input.
func describe[T any](kind RecordKind, fields ...NounField) *Noun {
	t := reflect.TypeFor[T]()
	n := &Noun{Name: t.Name(), Kind: kind, Fields: fields}
	for i := range n.Fields {
		f := &n.Fields[i]
		for _, member := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(member.Tag.Get("json"), ","); name == f.Name {
				f.index = member.Index
			}
		}
		if f.index == nil {
			panic(fmt.Sprintf("catalog: %s has no field %s", n.Name, f.Name))
		}
	}
	return n
}

// nouns are the descriptions of all kinds.
var nouns = map[RecordKind]*Noun{
	KindRegion: regionNoun, KindCommittee: committeeNoun, KindTopic: topicNoun, KindPerson: personNoun, KindSource: sourceNoun,
	KindBrand: brandNoun, KindCase: caseNoun, KindProposal: proposalNoun, KindPractice: practiceNoun, KindIndicator: indicatorNoun,
	KindEvaluation: evaluationNoun, KindAdoption: adoptionNoun, KindVenue: venueNoun,
	KindNeed: needNoun, KindReport: reportNoun, KindActivity: activityNoun, KindRound: roundNoun,
	KindCall: callNoun, KindCollection: collectionNoun,
}

// NounOf returns the description of a kind's input, nil where the kind is
// unknown. It is shared: read only.
func NounOf(kind RecordKind) *Noun { return nouns[kind] }

// Field returns the field of that name, nil where the noun has none.
func (n *Noun) Field(name string) *NounField {
	if n == nil {
		return nil
	}
	i := slices.IndexFunc(n.Fields, func(f NounField) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &n.Fields[i]
}

// FieldAt returns the field at a path of a kind's input, the path's numbers and
// step codes left out of account: "outcomes.0.effect" and "outcomes.effect" are
// the same field. It returns nil where there is none.
func FieldAt(kind RecordKind, path string) *NounField {
	var found *NounField
	n := nouns[kind]
	for part := range strings.SplitSeq(path, ".") {
		if found != nil && isPlace(part) {
			continue
		}
		if found = n.Field(part); found == nil {
			return nil
		}
		n = found.Entry
	}
	return found
}

// isPlace reports whether a part of a path names an entry of a list: by its
// position, or, as citations do with steps, by its code.
func isPlace(part string) bool {
	return part != "" && strings.Trim(part, "0123456789") == "" || StepCode(part).Valid()
}

// FieldLabel returns the name in Chinese of a kind's field, by its path: that of
// the outermost field, with the step where the path names one. With an unknown
// or empty kind it is the name that the first of RecordKinds with such a field
// has for it; a field that none has keeps its path.
func FieldLabel(kind RecordKind, path string) string {
	first, rest, _ := strings.Cut(path, ".")
	for _, step := range Procedure {
		if first == "steps" && string(step.Code) == rest {
			return step.Label()
		}
	}
	if f := nouns[kind].Field(first); f != nil {
		return f.Label.Zh
	}
	for _, k := range RecordKinds {
		if f := nouns[k].Field(first); f != nil {
			return f.Label.Zh
		}
	}
	return path
}

// check reports what is wrong with the fields of in, a value of the noun's Go
// type, each on its own. What concerns several fields is for Validate to say.
func (n *Noun) check(c *checker, path string, in reflect.Value) {
	for i := range n.Fields {
		f := &n.Fields[i]
		v := in.FieldByIndex(f.index)
		at := f.Name
		if path != "" {
			at = path + "." + f.Name
		}
		if f.Many {
			f.checkMany(c, at, v)
		} else {
			f.check(c, at, v)
		}
	}
}

func (f *NounField) checkMany(c *checker, path string, list reflect.Value) {
	c.list(path, list.Len(), cmp.Or(f.Entries, MaxList))
	for i := range list.Len() {
		place := at(path, i)
		switch f.Shape {
		case ShapeEntry:
			f.Entry.check(c, place, list.Index(i))
		case ShapeEnum:
			c.oneOf(place, list.Index(i).String(), f.Enum.Has(list.Index(i).String()))
		default: // lines and references
			c.required(place, list.Index(i).String(), MaxTitle)
		}
	}
}

func (f *NounField) check(c *checker, path string, v reflect.Value) {
	switch f.Shape {
	case ShapeSlug:
		c.slug(path, v.String())
	case ShapeLine, ShapeReference:
		f.checkLine(c, path, v.String())
	case ShapeText, ShapeProse:
		if f.Required && v.Len() == 0 {
			c.invalid(path, "不能为空", "is required")
		}
		c.text(path, v.String(), f.Most)
	case ShapeDate:
		c.date(path, PartialDate(v.String()))
	case ShapeDay:
		if day := Day(v.String()); (f.Required || day != "") && !day.Valid() {
			c.invalid(path, "请写日期，例如 2026-09-30", "must be a day, as 2026-09-30")
		}
	case ShapeEnum:
		c.oneOf(path, v.String(), f.Enum.Has(v.String()) || !f.Required && v.Len() == 0)
	case ShapeAddress:
		if f.Required || v.Len() > 0 {
			c.link(path, v.String())
		}
	case ShapeYear, ShapeCount:
		if n, ok := pointed(v); ok {
			whole := int(n.Int())
			if f.Shape == ShapeYear {
				c.year(path, &whole)
			} else {
				c.count(path, &whole)
			}
		}
	case ShapeNumber:
		if n, ok := pointed(v); ok {
			c.number(path, n.Float())
		}
	case ShapeEntry:
		if entry, ok := pointed(v); ok {
			f.Entry.check(c, path, entry)
		}
	case ShapeFlag: // every value is one
	}
}

// checkLine leaves the length of a name of another record to whoever looks the
// record up, unless there must be one.
func (f *NounField) checkLine(c *checker, path, s string) {
	switch {
	case f.Required:
		c.required(path, s, f.Most)
	case f.Shape == ShapeLine:
		c.line(path, s, f.Most)
	}
}

// pointed returns what a pointer points at, or a value that is none, and whether
// there is one.
func pointed(v reflect.Value) (reflect.Value, bool) {
	if v.Kind() != reflect.Pointer {
		return v, true
	}
	return v.Elem(), !v.IsNil()
}

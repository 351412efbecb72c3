package reading

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/dates"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/permalink"
)

// FieldText is what a file says of one field: a cell of a table, a value of a
// form, a part of a document.
type FieldText struct {
	Of    *column.Column
	Text  string
	place Place
}

// FromTexts reads a record out of the texts of its fields, in their order, and
// returns it with notes of what was left out.
//
// A case is not refused for a field that cannot be read, since offices have
// columns that are called as ours and mean something else: the field is noted and
// left out. Of other kinds every field counts. A record that brings its slug was
// exported, and is read to the letter.
func FromTexts(place Place, kind catalog.RecordKind, fields []FieldText) []Record {
	v := &valueReader{in: catalog.NewInput(kind), columns: map[string]int{}}
	v.exact = slices.ContainsFunc(fields, func(f FieldText) bool { return f.Of.Name == "slug" && f.Text != "" })
	v.value = reflect.ValueOf(v.in).Elem()
	size := 0
	for _, period := range []bool{false, true} { // 时间 must not write over the two dates
		for _, f := range fields {
			if f.Of.Period == period && !f.Of.Part {
				size += len(f.Text)
				v.field(f)
			}
		}
	}
	for _, f := range fields {
		if f.Of.Part {
			v.part(f)
		}
	}
	permalink.SpellPersons(v.in)
	if c, ok := v.in.(*catalog.CaseInput); ok {
		v.settle(c, place)
	}
	made := v.in.Head().Slug == ""
	permalink.Give(v.in)
	r := Record{Place: place, Size: size, Columns: v.columns, Made: made && v.in.Head().Slug != "", Lenient: kind == catalog.KindCase}
	if len(v.problems) > 0 {
		r.Err = &jsonl.DecodeError{Kind: kind, Slug: v.in.Head().Slug, Problems: v.problems}
	} else {
		r.Input = v.in
	}
	return append([]Record{r}, v.notes...)
}

// valueReader reads the fields of one record.
type valueReader struct {
	in       catalog.Input
	value    reflect.Value
	columns  map[string]int // where the fields stand in a row
	problems catalog.Problems
	notes    []Record
	exact    bool // it was written by an export
}

// formulaError is what a spreadsheet shows for a formula that has no value.
var formulaError = regexp.MustCompile(`^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)$`)

// field reads the text of one field.
func (v *valueReader) field(f FieldText) {
	name, _, _ := strings.Cut(f.Of.Name, ".")
	if f.Of.Period {
		name = "startedOn"
	}
	if _, ok := v.columns[name]; !ok && f.place.Column > 0 {
		v.columns[name] = f.place.Column
	}
	if v.exact && v.literally(f) {
		return
	}
	lenient := v.in.Kind() == catalog.KindCase && f.Of.Name != "title" && f.Of.Name != "slug"
	switch {
	case f.Text == "":
	case lenient && f.Of.IsText() && v.hadContacts(&f):
		v.field(f)
	case formulaError.MatchString(f.Text):
		v.wrong(f, lenient, catalog.Problems{catalog.Invalid(f.Of.Name, "公式出错："+f.Text, "is the error of a formula: "+f.Text)})
	case lenient && !f.Of.IsText() && dates.IsNone(f.Text):
	case lenient:
		v.ofCase(f)
	default:
		reader := cell.Reader{}
		reader.Parse(f.Of.Name, norm.NFC.String(f.Text), v.value.FieldByIndex(f.Of.Index))
		v.problems = append(v.problems, reader.Problems...)
	}
}

// hadContacts takes the lines off a text that say whom to call, and reports whether there
// were any: nobody's number is published.
func (v *valueReader) hadContacts(f *FieldText) bool {
	lines := strings.Split(f.Text, "\n")
	kept := slices.DeleteFunc(slices.Clone(lines), isContact)
	if len(kept) == len(lines) {
		return false
	}
	f.Text = strings.TrimSpace(strings.Join(kept, "\n"))
	v.note(f.place, f.Of.Name, "联系人和电话没有导入", "whom to call was not taken")
	return true
}

// literally reads a field as an export has written it, and reports whether it is
// so written.
func (v *valueReader) literally(f FieldText) bool {
	if f.Text == "" || f.Of.Period || f.Of.Step != "" || formulaError.MatchString(f.Text) {
		return false
	}
	to := reflect.New(f.Of.Type).Elem()
	reader := cell.Reader{}
	reader.Parse(f.Of.Name, norm.NFC.String(f.Text), to)
	if len(reader.Problems) > 0 {
		return false
	}
	v.value.FieldByIndex(f.Of.Index).Set(to)
	return true
}

// wrong refuses the record for a field, or leaves the field out.
func (v *valueReader) wrong(f FieldText, lenient bool, problems catalog.Problems) {
	if !lenient {
		v.problems = append(v.problems, problems...)
		return
	}
	for _, p := range problems {
		v.note(f.place, p.Path, p.Zh+"；没有导入", p.En+"; not taken")
	}
}

func (v *valueReader) note(at Place, path, zh, en string) {
	v.notes = append(v.notes, Record{Place: at, Err: catalog.Invalid(path, zh, en), Note: true})
}

// ofCase reads a field of a case.
func (v *valueReader) ofCase(f FieldText) {
	in := v.in.(*catalog.CaseInput)
	if !f.Of.IsText() {
		was := f.Text
		if f.Text = ticked(was); f.Text == "" {
			v.note(f.place, f.Of.Name, "没有勾选任何一项，没有导入："+catalog.Clipped(was), "has no box ticked, and was not taken: "+catalog.Clipped(was))
			return
		}
	}
	text := norm.NFC.String(f.Text)
	switch {
	case f.Of.Period, f.Of.Name == "startedOn", f.Of.Name == "endedOn":
		v.date(in, f)
	case f.Of.Step != "":
		in.Steps = append(in.Steps, catalog.StepInput{Code: f.Of.Step, Text: text})
	case f.Of.Name == "committee":
		in.Committee = committeeCalled(text)
	case f.Of.Name == "region":
		in.Region = regionCalled(text)
	case f.Of.Name == "brand":
		in.Brand = column.OneLine(text)
	case f.Of.Name == "outcomes" && !strings.ContainsAny(text, cell.PartSeparators):
		v.outcomesInProse(in, f, text)
	case f.Of.Type.Kind() == reflect.Slice && f.Of.Type.Elem().Kind() == reflect.Struct:
		v.entries(f, text)
	default:
		to := reflect.New(f.Of.Type).Elem()
		reader := cell.Reader{}
		reader.Parse(f.Of.Name, text, to)
		if len(reader.Problems) > 0 {
			v.wrong(f, true, reader.Problems[:1])
			return
		}
		v.value.FieldByIndex(f.Of.Index).Set(to)
	}
}

// entries reads a list whose entries have parts, a line an entry. One that cannot
// be read is left out, and the others are taken.
func (v *valueReader) entries(f FieldText, text string) {
	list := v.value.FieldByIndex(f.Of.Index)
	for _, line := range cell.Lines(text) {
		one := reflect.New(f.Of.Type.Elem()).Elem()
		reader := cell.Reader{}
		reader.Parts(jsonl.Path(f.Of.Name, strconv.Itoa(list.Len())), line, one)
		if len(reader.Problems) == 0 {
			list.Set(reflect.Append(list, one))
			continue
		}
		zh, en := "“"+catalog.Clipped(line.String())+"”没有导入："+reader.Problems[0].Zh, catalog.Quoted(line.String())+" was not taken: "+reader.Problems[0].En
		v.note(f.place, f.Of.Name, zh, en)
	}
}

// outcomesInProse takes outcomes that are no list in the notation of cells for
// what they are: text about the results.
func (v *valueReader) outcomesInProse(in *catalog.CaseInput, f FieldText, text string) {
	if in.Results != "" {
		text = in.Results + "\n" + text
	}
	in.Results = text
	v.note(f.place, "results", "“"+f.Of.Label+"”不是一项一行的列表，并入“"+catalog.FieldLabel(catalog.KindCase, "results")+"”",
		"the outcomes are no list of entries, and were taken as text of the results")
}

var (
	// box is one box of a form with what stands behind it; the first part is the tick.
	box = regexp.MustCompile(`[□☐▢]?\s*([☑☒■▣√✓✔])?\s*([^□☐▢☑☒■▣√✓✔]+)`)
	// boxBehind is one with its box behind it.
	boxBehind = regexp.MustCompile(`([^□☐▢☑☒■▣√✓✔]+)[□☐▢]?\s*([☑☒■▣√✓✔])?`)
	// boxes is how a text of boxes begins, and boxesBehind how one ends.
	boxes       = regexp.MustCompile(`^\s*[□☐▢☑☒■▣√✓✔]`)
	boxesBehind = regexp.MustCompile(`[□☐▢☑☒■▣√✓✔]\s*$`)
)

// ticked returns what is ticked of a text of boxes, □经济 ☑民生, with 、 between several;
// "" where nothing is, and any other text as it is.
func ticked(text string) string {
	form, tick, name := box, 1, 2
	switch {
	case boxes.MatchString(text):
	case boxesBehind.MatchString(text):
		form, tick, name = boxBehind, 2, 1
	default:
		return text
	}
	var list []string
	for _, m := range form.FindAllStringSubmatch(text, -1) {
		if name := strings.Trim(m[name], " \t\n\u3000、，,；;"); m[tick] != "" && name != "" {
			list = append(list, name)
		}
	}
	return strings.Join(list, "、")
}

var (
	sheetOfYear  = regexp.MustCompile(`^((?:19|20)\d{2})(?:年度?)?(?:$|[^\d\s—–~～至到、/.年度-])`)
	monthWithout = regexp.MustCompile(`^[\d一二三四五六七八九十０-９]{1,3}\s*月`)
)

// ofYear returns a date that has no year with that of its sheet in front, where the sheet
// is called by a year as those of a ledger are; "" where it is not.
func ofYear(text, sheet string) string {
	m := sheetOfYear.FindStringSubmatch(strings.TrimSpace(sheet))
	if m == nil || !monthWithout.MatchString(text) {
		return ""
	}
	return m[1] + "年" + text
}

// date reads the text of one of the columns of time into the case's two dates.
func (v *valueReader) date(in *catalog.CaseInput, f FieldText) {
	path := f.Of.Name
	if f.Of.Period {
		path = "startedOn"
	}
	text := strings.TrimSpace(f.Text)
	d, ok := dates.Read(text)
	if !ok {
		d.Start, ok = dates.Serial(text)
	}
	if whole := ofYear(text, f.place.Sheet); !ok && whole != "" {
		d, ok = dates.Read(whole)
		d.Inexact = true // the year is the sheet's, which the note says by what was taken
	}
	switch {
	case dates.Ambiguous(text):
		problem := cell.AmbiguousDate(text)
		problem.Path = path
		v.wrong(f, true, catalog.Problems{problem})
		return
	case !ok:
		v.note(f.place, path, "“"+catalog.Clipped(text)+"”读不出时间，没有导入：请写 2021、2021-07、2021年7月15日，或 2021年3月至5月",
			catalog.Quoted(text)+" is no date or period, and was not taken")
		return
	}
	if d.Inexact {
		zh, en := string(d.Start), string(d.Start)
		if d.End != "" {
			zh, en = zh+" 至 "+string(d.End), en+" to "+string(d.End)
		}
		v.note(f.place, path, "“"+catalog.Clipped(text)+"”按 "+zh+" 导入", catalog.Quoted(text)+" was taken as "+en)
	}
	if path == "endedOn" {
		end := d.End
		if end == "" {
			end = d.Start
		}
		v.setDate(&in.EndedOn, end, f, path)
		return
	}
	if !v.setDate(&in.StartedOn, d.Start, f, path) {
		return
	}
	if d.End != "" {
		v.setDate(&in.EndedOn, d.End, f, "endedOn")
	}
}

// setDate sets a date that no other column has set otherwise, and reports whether
// it did.
func (v *valueReader) setDate(to *catalog.PartialDate, d catalog.PartialDate, f FieldText, path string) bool {
	if *to != "" && *to != d {
		zh := fmt.Sprintf("“%s”与另一处的 %s 不一致，没有导入", catalog.Clipped(f.Text), *to)
		v.note(f.place, path, zh, fmt.Sprintf("%s is not %s, which stands elsewhere, and was not taken", catalog.Quoted(f.Text), *to))
		return false
	}
	*to = d
	return true
}

// settle leaves out what makes a case invalid as a whole: an end before the
// start, a topic twice, a title of several lines.
func (v *valueReader) settle(in *catalog.CaseInput, place Place) {
	if !v.exact {
		in.Title, in.Topics, in.Proposals = unwrapped(column.OneLine(in.Title)), unique(in.Topics), unique(in.Proposals)
	}
	if n := min(len(in.StartedOn), len(in.EndedOn)); n >= 4 && in.EndedOn[:n] < in.StartedOn[:n] {
		at := place
		at.Column = v.columns["endedOn"]
		v.note(at, "endedOn", fmt.Sprintf("%s 早于开始时间 %s，没有导入", in.EndedOn, in.StartedOn), fmt.Sprintf("%s is before the start, %s, and was not taken", in.EndedOn, in.StartedOn))
		in.EndedOn = ""
	}
}

// unwrapped returns a title without the signs of a book's around it: 案例名称：《夜市治理》.
func unwrapped(title string) string {
	if inner, ok := strings.CutPrefix(title, "《"); ok && strings.HasSuffix(inner, "》") && strings.Count(inner, "》") == 1 {
		return strings.TrimSuffix(inner, "》")
	}
	return title
}

// unique returns a list without what stands in it a second time.
func unique(list []string) []string {
	seen := map[string]bool{}
	var once []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			once = append(once, s)
		}
	}
	return once
}

// LeaveOut takes out of a case from an office's file what it refers to and nobody
// knows, and reports whether it could; the notes say what is gone. A list that
// somebody has written with 、 between its entries is read as such first.
func LeaveOut(r *Record) (notes []Record, could bool) {
	in, ok := r.Input.(*catalog.CaseInput)
	problems := catalog.ProblemsOf(r.Err)
	if !ok || !r.Lenient || r.Behind || !problems.OnlyNotFound() {
		return nil, false
	}
	unknown := map[string]bool{}
	for _, p := range problems {
		unknown[p.Path] = true
	}
	for _, ref := range in.References() { // all must be such that the case can do without
		if unknown[ref.Path] && strings.HasPrefix(ref.Path, "citations") {
			return nil, false
		}
	}
	for _, p := range problems {
		if name := nameAt(in, p.Path); strings.HasPrefix(p.Path, "topics.") && len(several(name)) > 1 {
			continue // tried again, each by itself
		}
		zh, en := p.Zh+"，没有导入", p.En+", and it was not taken"
		notes = append(notes, Record{Place: placeOf(*r, p.Path), Err: &catalog.Error{Kind: p.Kind, Path: p.Path, Zh: zh, En: en}, Note: true})
	}
	dropReferences(in, unknown)
	return notes, true
}

// nameAt returns what a case calls the record at a path.
func nameAt(in *catalog.CaseInput, path string) string {
	for _, ref := range in.References() {
		if ref.Path == path {
			return *ref.Name
		}
	}
	return ""
}

// placeOf returns where in its file a field of a record stands.
func placeOf(r Record, path string) Place {
	field, _, _ := strings.Cut(path, ".")
	if at, ok := r.places[field]; ok {
		return at
	}
	place := r.Place
	place.Column = r.Columns[field]
	return place
}

// dropReferences empties the references of a case at these paths.
func dropReferences(in *catalog.CaseInput, paths map[string]bool) {
	var topics []string
	for i, name := range in.Topics {
		switch parts := several(name); {
		case !paths["topics."+strconv.Itoa(i)]:
			topics = append(topics, name)
		case len(parts) > 1:
			topics = append(topics, parts...)
		}
	}
	in.Topics = nil // its entries are references, which are emptied below
	for _, ref := range in.References() {
		if paths[ref.Path] {
			*ref.Name = ""
		}
	}
	isEmpty := func(s string) bool { return s == "" }
	in.Topics = unique(topics)
	in.Proposals, in.PossiblySameAs = slices.DeleteFunc(in.Proposals, isEmpty), slices.DeleteFunc(in.PossiblySameAs, isEmpty)
}

// several splits a name that may be several with 、 or a comma between them.
func several(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("、，,/／ \u3000", r) })
}

// Twin says that a record has the title and committee of one before it in the
// same import, and is another.
func Twin(first Place, slug string) *catalog.Error {
	return &catalog.Error{
		Kind: catalog.KindDuplicate,
		Zh:   fmt.Sprintf("与 %s 同标题、同单位而内容不同，两个都保留，这一个的永久链接是 %s", first, slug),
		En:   fmt.Sprintf("has the title and committee of %s and differs; both were kept, and this one's slug is %s", first, slug),
	}
}

// part reads a column of parts into what is read already of what they belong to.
func (v *valueReader) part(f FieldText) {
	p, ok := v.in.(*catalog.ProposalInput)
	if !ok || f.Text == "" {
		return
	}
	whole, _, _ := strings.Cut(f.Of.Name, ".")
	if _, there := v.columns[whole]; !there && f.place.Column > 0 {
		v.problems = append(v.problems, catalog.Invalid(whole, "有“"+f.Of.Label+"”一列，而没有“"+catalog.FieldLabel(catalog.KindProposal, whole)+"”一列",
			"the column "+catalog.Quoted(f.Of.Label)+" needs the column "+catalog.Quoted(whole)+" beside it"))
		return
	}
	reader, text := cell.Reader{}, norm.NFC.String(f.Text)
	if f.Of.Name == cell.Replies {
		reader.ReadReplies(p, text)
	} else {
		reader.ReadEntries(p, text)
	}
	v.problems = append(v.problems, reader.Problems...)
}

package export

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// Printing says what stands on a printed case besides its texts.
type Printing struct {
	Name    Namer  // turns slugs into names; nil leaves them out
	Address string // of the case's page, "" for none
	Source  func(slug string) string
	Reports []string // what public pages say of it, a line each, as it stands beside the case
}

// PrintDOCX writes cases as documents that an office prints, by GB/T 9704: the
// title, whose it is and when, the parts under numbered headings, and at the end
// where it is from. It has no slug, no offset and no name of a field; WriteDOCX has
// what an import needs.
func PrintDOCX(w io.Writer, cases []*catalog.CaseInput, p func(*catalog.CaseInput) Printing) error {
	d := &docx.Print{}
	for i, in := range cases {
		if err := jsonl.CheckUTF8(in); err != nil {
			return err
		}
		if i > 0 {
			d.NewPage()
		}
		printCase(d, in, p(in))
	}
	if _, err := d.WriteTo(w); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func printCase(d *docx.Print, in *catalog.CaseInput, p Printing) {
	d.Title(in.Title)
	printBelowTitle(d, in, p)
}

// printBelowTitle prints all of a case but its title.
func printBelowTitle(d *docx.Print, in *catalog.CaseInput, p Printing) {
	if in.Origin == catalog.OriginSynthetic {
		d.Subtitle(column.SyntheticMark)
	}
	if in.Committee != "" && p.Name != nil {
		if name := p.Name(catalog.KindCommittee, in.Committee); name != "" && name != in.Committee {
			d.Subtitle(name)
		}
	}
	if when := printedTime(in); when != "" {
		d.Subtitle("（" + when + "）")
	}
	d.Text("")
	if in.Summary != "" {
		d.Text("摘要：" + in.Summary)
	}
	parts := 0
	for _, part := range []struct{ name, text string }{
		{"案例背景", in.Background}, {"主要做法", in.Approach}, {"取得成效", in.Results}, {"经验启示", in.Lessons},
	} {
		if strings.TrimSpace(part.text) == "" {
			continue
		}
		d.Heading(ChineseNumbers[parts] + "、" + part.name)
		d.Text(part.text)
		parts++
	}
	if len(in.Outcomes) > 0 {
		d.Heading(ChineseNumbers[parts] + "、协商成果")
		for i, o := range in.Outcomes {
			d.Text(fmt.Sprintf("%d．%s", i+1, printedOutcome(o)))
		}
	}
	for _, source := range sourcesOf(in, p.Source) {
		d.Below("来源：" + source)
	}
	for _, report := range p.Reports {
		d.Below("另有公开报道，不是本案例的内容：" + report)
	}
	if p.Address != "" {
		d.Below("网址：" + p.Address)
	}
}

func printedOutcome(o catalog.OutcomeInput) string {
	parts := []string{o.Form}
	for _, more := range []string{o.UsedBy, o.Use, o.Effect} {
		if more != "" {
			parts = append(parts, more)
		}
	}
	return strings.TrimRight(strings.Join(parts, "，"), "。，") + "。"
}

// printedTime writes when a case was, as a text has it: 2021年3月至5月.
func printedTime(in *catalog.CaseInput) string {
	start, end := printedDate(in.StartedOn), printedDate(in.EndedOn)
	switch {
	case start == "" && in.Year != nil:
		return fmt.Sprintf("%d年", *in.Year)
	case start == "":
		return end
	case end == "" || start == end:
		return start
	}
	if year := start[:4] + "年"; strings.HasPrefix(end, year) && len(in.EndedOn) > 4 {
		end = strings.TrimPrefix(end, year)
	}
	return start + "至" + end
}

func printedDate(d catalog.PartialDate) string {
	parts := strings.Split(string(d), "-")
	text := ""
	for i, unit := range []string{"年", "月", "日"} {
		if i < len(parts) && parts[i] != "" {
			text += strings.TrimLeft(parts[i], "0") + unit
		}
	}
	return text
}

// sourcesOf returns the names of the documents that a case cites, each once.
func sourcesOf(in *catalog.CaseInput, name func(string) string) []string {
	if name == nil {
		return nil
	}
	var list []string
	for _, c := range in.Citations {
		if title := name(c.Source); title != "" && !slices.Contains(list, title) {
			list = append(list, title)
		}
	}
	return list
}

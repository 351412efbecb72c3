package reading

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// divisions are the regions and committees that come with the binary, by what
// they may be called, folded: regions by their whole names as well (吉林省延边朝鲜
// 族自治州安图县), whose parts are those of the divisions above them. A name that
// stands for several is "".
type divisions struct {
	regions    map[string]string // to the code
	committees map[string]string // to the name
	spellings  map[string]bool   // of committees, to the character
}

var knownDivisions = sync.OnceValue(func() *divisions {
	p := &divisions{regions: map[string]string{}, committees: map[string]string{}, spellings: map[string]bool{}}
	add := func(to map[string]string, called, value string) {
		key := column.PlainName(called)
		if old, ok := to[key]; ok && old != value {
			value = ""
		}
		to[key] = value
	}
	regions := map[string]*catalog.RegionInput{}
	var inputs []catalog.Input
	for name, r := range data.Records() {
		if !strings.Contains(name, "regions") && !strings.Contains(name, "committees") {
			continue
		}
		for _, in := range recordsIn(r) {
			inputs = append(inputs, in)
			if region, ok := in.(*catalog.RegionInput); ok {
				regions[region.Slug] = region
			}
		}
	}
	for _, in := range inputs {
		switch in := in.(type) {
		case *catalog.RegionInput:
			for _, called := range wholeNames(regions, in) {
				add(p.regions, called, in.Slug)
			}
		case *catalog.CommitteeInput:
			for _, called := range append([]string{in.Name}, in.AlternativeNames...) {
				add(p.committees, called, in.Name)
				p.spellings[called] = true
			}
			if region := regions[in.Region]; region != nil {
				for _, called := range wholeNames(regions, region) {
					if called == region.Name || !strings.HasSuffix(called, region.Name) {
						continue
					}
					for _, form := range []string{called + "政协", "政协" + called + "委员会", "中国人民政治协商会议" + called + "委员会"} {
						add(p.committees, form, in.Name)
					}
				}
			}
		}
	}
	return p
})

// recordsIn returns the records of a file that comes with the binary. What is wrong
// with one, the tests of data say.
func recordsIn(r io.Reader) []catalog.Input {
	lines, err := text.NewLines(r)
	if err != nil {
		return nil
	}
	var inputs []catalog.Input
	for {
		line, err := lines.Next()
		if err != nil {
			return inputs
		}
		if in, err := jsonl.Decode(line); err == nil {
			inputs = append(inputs, in)
		}
	}
}

// wholeNames returns a division's names, alone and behind those of the divisions
// above it.
func wholeNames(regions map[string]*catalog.RegionInput, in *catalog.RegionInput) []string {
	names := append([]string{in.Name}, in.AlternativeNames...)
	list := append([]string{}, names...)
	parent := regions[in.Parent]
	if parent == nil {
		return list
	}
	short := append(slices.Clone(names), strings.TrimRight(in.Name, "市县区"))
	for _, above := range wholeNames(regions, parent) {
		for _, name := range short {
			list = append(list, above+name)
		}
	}
	return list
}

// offices are what stands behind a committee's name where its office writes.
var offices = regexp.MustCompile(`(?:办公室|办公厅|机关|机关党委|秘书处|秘书长室|研究室|党组|提案委员?会?|(?:提案|经济|社会|文史|民宗|教科卫体?|城建|农业|联络|学习)[\p{Han}]{0,14}委员会?|[（(]盖章[）)]|[（(]公章[）)])$`)

// committeeCalled returns a committee's name as it is known, for what a file calls
// it: 吉林省长春市朝阳区政协, 長春市朝陽區政協, 长春市朝阳区政协办公室. What is not
// known stays as it is.
func committeeCalled(s string) string {
	s = column.OneLine(s)
	known := knownDivisions()
	for rest := s; ; {
		if name := known.committees[column.PlainName(rest)]; known.spellings[rest] {
			return rest
		} else if name != "" {
			return name
		}
		shorter := strings.TrimSpace(offices.ReplaceAllString(rest, ""))
		if shorter == rest || shorter == "" {
			return s
		}
		rest = shorter
	}
}

// regionCalled returns the code of a division that a file calls by its whole name,
// and any other text as it is: the store knows the names.
func regionCalled(s string) string {
	s = column.OneLine(s)
	if code := knownDivisions().regions[column.PlainName(s)]; code != "" {
		return code
	}
	return s
}

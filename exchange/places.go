package exchange

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// headerName returns a header as it is compared with the names of columns: what
// nobody sees is taken off, a number before it, and remarks in brackets behind it,
// such as （盖章）, （300字以内）, （年月） and （必填）.
func headerName(s string) string {
	if len(s) > maxHeader {
		return ""
	}
	s = plainName(s)
	for {
		rest := headerRemark.ReplaceAllString(s, "")
		if rest == s || rest == "" {
			return s
		}
		s = rest
	}
}

var (
	headerRemark = regexp.MustCompile(`[(\[【〔{][^()\[\]【】〔〕{}]*[)\]】〕}]$`)
	headerNumber = regexp.MustCompile(`^(?:\d{1,2}[.、．]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）])`)
)

// maxHeader is the most bytes of a header with its remark, past which a text names
// nothing: cells have room for 32,767 characters.
const maxHeader = 1200

// plainName folds a name, without the number before it.
func plainName(s string) string {
	s, _ = text.Ordinary(text.Seen(s))
	s = folded(text.Simplified(norm.NFKC.String(s)))
	if rest := headerNumber.ReplaceAllString(s, ""); rest != "" {
		s = rest
	}
	return strings.Trim(s, "“”\"'《》<>。.;；,，")
}

// places are the divisions and committees that come with the binary, by what
// they may be called, folded: regions by their whole names as well (吉林省延边朝鲜
// 族自治州安图县), whose parts are those of the divisions above them. A name that
// stands for several is "".
type places struct {
	regions    map[string]string // to the code
	committees map[string]string // to the name
	spellings  map[string]bool   // of committees, to the character
}

var knownPlaces = sync.OnceValue(func() *places {
	p := &places{regions: map[string]string{}, committees: map[string]string{}, spellings: map[string]bool{}}
	add := func(to map[string]string, called, value string) {
		key := plainName(called)
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
		for rec, err := range readJSONL(context.Background(), File{Name: name, Reader: r}) {
			if err != nil || rec.err != nil {
				continue // the tests of data say so
			}
			inputs = append(inputs, rec.input)
			if region, ok := rec.input.(*catalog.RegionInput); ok {
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
	s = oneLine(s)
	known := knownPlaces()
	for rest := s; ; {
		if name := known.committees[plainName(rest)]; known.spellings[rest] {
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
	s = oneLine(s)
	if code := knownPlaces().regions[plainName(s)]; code != "" {
		return code
	}
	return s
}

// oneLine joins the lines of a cell whose value is one line: people break them
// where the column ends. Between words in Latin letters a space is put.
func oneLine(s string) string {
	s = text.Seen(s)
	if !strings.ContainsAny(s, "\r\n\t") {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' || r == '\t' }) {
		part = strings.TrimSpace(part)
		if before := b.String(); before != "" && part != "" && before[len(before)-1] < 0x80 && part[0] < 0x80 {
			b.WriteByte(' ')
		}
		b.WriteString(part)
	}
	return b.String()
}

package typeset

import (
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/typeset/face"
)

// A | stands where a line may end.
func TestLinesEndWhereTheyMay(t *testing.T) {
	for _, want := range []string{
		"协|商，|议|事。", "（一）|调|研", "“有|事|好|商|量”|平|台", "《条|例》、|《办|法》|等", "他|说：|“好！”|于|是", "从|无|到|有……|后|来", "一|是——|二|是",
		"共|3,600|户，|占|98.5%|以|上", "2021|年|3|月", "GB/T |9704|的|规|定", "人|民|币|￥100|元", "气|温|25℃|上|下", "don’t |stop", "Noto |Serif |CJK", "某|某·|某|某", "第|1、|2|条",
		"网|址：|https://|example.|org/|cases/|a-very-long-one", "见|www.a.cn|等", "「甲」|『乙』", "［注］|文", "时|时|处|处々，|处",
	} {
		text := []rune(strings.ReplaceAll(want, "|", ""))
		var got strings.Builder
		for i, may := range breaks(text) {
			if may && i > 0 && i < len(text) {
				got.WriteByte('|')
			}
			if i < len(text) {
				got.WriteRune(text[i])
			}
		}
		if got.String() != want {
			t.Errorf("got %q, want %q", got.String(), want)
		}
	}
}

func printer(t *testing.T) *Printer {
	t.Helper()
	p, err := New(io.Discard)
	if err != nil {
		t.Fatalf("%v: scripts/setup.sh says which font tests need", err)
	}
	return p
}

func textOf(l line) string {
	var b strings.Builder
	for _, s := range l.text {
		b.WriteRune(s.c)
	}
	return b.String()
}

// Whatever the text, no line begins with a mark that may not, ends with one, or runs past
// the edge, and all lines together are the text.
func TestNoLineBeginsOrEndsWithTheWrongMark(t *testing.T) {
	p := printer(t)
	chance := rand.New(rand.NewPCG(9704, 2012))
	pieces := []string{"协", "商", "，", "。", "、", "；", "：“", "”", "（", "）", "《", "》", "……", "——", "2021", "98.5%", "GB/T 9704", "！", "？”", "年", "月", "意见", "Noto Serif", "”。", "）、", "·"}
	st := styles[docx.PrintText]
	for range 300 {
		var b strings.Builder
		b.WriteString("文")
		for range 20 + chance.IntN(150) {
			piece := pieces[chance.IntN(len(pieces))]
			if r := []rune(piece); strings.ContainsRune(neverFirst, r[0]) && strings.ContainsRune(neverFirst+neverLast, rune(b.String()[b.Len()-1])) || chance.IntN(2) == 0 {
				piece = "议" // most characters are none
			}
			b.WriteString(piece)
		}
		text := b.String()
		joined := ""
		for i, l := range p.paragraph(text, &st) {
			line := []rune(textOf(l))
			joined += string(line)
			if l.stretch > mostStretch*st.size || l.stretch > 0 && len(joined) == len(text) {
				t.Errorf("a line is stretched by %.2f: %s", l.stretch, string(line))
			}
			if i > 0 && strings.ContainsRune(neverFirst, line[0]) {
				t.Errorf("a line begins with %c: %s", line[0], string(line))
			}
			if last := line[len(line)-1]; len(joined) < len(text) && strings.ContainsRune(neverLast, last) {
				t.Errorf("a line ends with %c: %s", last, string(line))
			}
			set := l.text
			if strings.ContainsRune(hanging+" ", set[len(set)-1].c) {
				set = set[:len(set)-1]
			}
			if w := l.x + widthOf(set) + l.stretch*float64(len(set)-1); w > wide+0.02 {
				t.Errorf("a line is %.2f points wide, of %.2f: %s", w, wide, string(line))
			}
		}
		if joined != text {
			t.Fatalf("the lines are %q, of %q", joined, text)
		}
	}
}

// GB/T 9704 wants 28 characters a line and 22 lines a page.
func TestAPageHas22LinesOf28Characters(t *testing.T) {
	p := printer(t)
	st := styles[docx.PrintText]
	lines := p.paragraph(strings.Repeat("协商", 28*22), &st)
	for i, l := range lines[:22] {
		want := 28
		if i == 0 {
			want = 26
		}
		if len(l.text) != want {
			t.Errorf("line %d has %d characters, want %d", i+1, len(l.text), want)
		}
	}
	if pages := paginate(lines, high); len(pages[0]) != 22 {
		t.Errorf("%d lines a page", len(pages[0]))
	}
	if got := len(p.paragraph(strings.Repeat("协", 25)+"商。", &st)); got != 1 {
		t.Errorf("a full stop behind 26 characters makes %d lines; it stands at their end", got)
	}
}

// No page has one line of a paragraph, ends with a heading, or has one line in all.
func TestNoParagraphLeavesALineAlone(t *testing.T) {
	p := printer(t)
	chance := rand.New(rand.NewPCG(22, 28))
	for range 200 {
		var list []docx.PrintLine
		list = append(list, docx.PrintLine{Style: docx.PrintTitle, Text: strings.Repeat("题", 1+chance.IntN(50))})
		for range 5 + chance.IntN(40) {
			style := docx.PrintText
			if chance.IntN(5) == 0 {
				style = docx.PrintHeading
			}
			length := 1 + chance.IntN(200)
			if style == docx.PrintHeading {
				length = 1 + length/5
			}
			list = append(list, docx.PrintLine{Style: style, Text: strings.Repeat("文", length)})
		}
		list = append(list, docx.PrintLine{Style: docx.PrintBelow, Text: "来源"})
		lines := p.lines(list)
		lines[len(lines)-2].keep = true
		kind := make([]int, len(lines)) // which paragraph a line is of
		n := 0
		for i, one := range list {
			st := styles[one.Style]
			for range p.paragraph(one.Text, &st) {
				kind[n] = i
				n++
			}
		}
		at := 0
		for k, page := range paginate(lines, high) {
			height := 0.0
			for _, l := range page {
				height += l.leading
			}
			if height > high+0.01 {
				t.Errorf("page %d is %.1f points high", k+1, height)
			}
			end := at + len(page)
			if end < len(lines) {
				of := kind[end-1]
				if list[of].Style != docx.PrintText || kind[end] == of && (end < 2 || kind[end-2] != of || end-2 < at) || kind[end] == of && (end+1 == len(lines) || kind[end+1] != of) {
					t.Errorf("page %d ends within paragraph %d (%s) at line %d of %d", k+1, of, list[of].Style, end, len(lines))
				}
			}
			if k > 0 && len(page) < 2 {
				t.Errorf("page %d has one line", k+1)
			}
			at = end
		}
	}
}

func TestRomanNumbers(t *testing.T) {
	for n, want := range map[int]string{1: "I", 4: "IV", 9: "IX", 14: "XIV", 40: "XL", 99: "XCIX", 400: "CD", 1994: "MCMXCIV"} {
		if got := roman(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// What no font has is told, and what stands for it is copied out as what it is.
func TestWhatNoFontHasIsTold(t *testing.T) {
	p := printer(t)
	const private = '\U000F1234' // of a plane for private use
	p.Text([]docx.PrintLine{{Text: "有" + string(private) + "字" + "\u200b"}}, "")
	p.Notes()
	text := ""
	for _, l := range p.section.lines {
		text += textOf(l)
	}
	if !strings.Contains(text, "有"+string(private)+"字") || !strings.Contains(text, "以〓代替：U+F1234。") || strings.Contains(text, "U+200B") {
		t.Errorf("it says %q", text)
	}
	f, g, ok := p.fonts.For(face.TextRole, standIn)
	if d := p.glyph(face.TextRole, private); !ok || d.glyph != g || p.faces[f].name != d.name {
		t.Errorf("it is not drawn as %c", standIn)
	}
}

// A mark that gives up a part of its square is drawn by a code of that width: poppler takes
// a step back of a tenth of an em for a new line, and copies the text in pieces.
func TestNothingStepsBackWithinALine(t *testing.T) {
	p := printer(t)
	st := styles[docx.PrintText]
	step := regexp.MustCompile(`>(-?[0-9.]+)<`)
	for _, text := range []string{
		"群众说“好商量”，委员（二人）、干部（三人）。", "见《条例》（修订）、《办法》。", "他说：“‘三点半’怎么办？”，后来", "（“一主六双”）的《规划》，“十四五”。（附）",
		strings.Repeat("有事好商量，众人的事情由众人商量，是人民民主的真谛。", 9), strings.Repeat("“一委一品”、“一市一策”，", 12), strings.Repeat("（甲）、（乙）。", 20),
	} {
		for _, l := range p.paragraph(text, &st) {
			g := &page{}
			g.draw(&l, 100)
			for _, m := range step.FindAllStringSubmatch(g.b.String(), -1) {
				if by, err := strconv.ParseFloat(m[1], 64); err != nil || math.Abs(by) > 50 {
					t.Errorf("%s: a step of %s thousandths", textOf(l), m[1])
				}
			}
		}
	}
}

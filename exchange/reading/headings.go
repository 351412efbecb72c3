package reading

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// rank says how high a heading stands: by its style's level, or by how it is
// numbered; 0 where it has no style or number.
type rank struct{ style, number int }

// covers reports whether a part with a heading of rank r ends where a heading of
// rank s stands whose name is not known. Where headings have styles, a line
// without one is text, however it is numbered.
func (r rank) covers(s rank) bool {
	if r.style > 0 {
		return s.style > 0 && s.style <= r.style
	}
	return r.number > 0 && s.number > 0 && s.number <= r.number
}

// meets is what covers is for a heading whose name is known: it may be numbered
// in the same way and lack the style.
func (r rank) meets(s rank) bool {
	return r.covers(s) || r.number > 0 && s.number > 0 && s.number <= r.number || r.style == 0 && s.style > 0
}

func rankOf(p paragraph) rank {
	_, numbering := unnumbered(p.text)
	return rank{p.level, numbering}
}

const chineseNumber = `[一二三四五六七八九十〇]`

// numberings are the ways in which parts are numbered, highest first, in half
// width.
var numberings = []*regexp.Regexp{
	regexp.MustCompile(`^(?:第` + chineseNumber + `+(?:部分|[部章节]分?)|第\d+(?:部分|[章节])|` + chineseNumber + `+(?:[、.,，]|\s+)|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ][、.]?|[IVX]{1,4}[、.]|[★☆◆◇■□●▲▼◎※▶►▷➤➢]|[㈠-㈩]|[壹贰叁肆伍陆柒捌玖拾](?:[、.]|\s+)|[甲乙丙丁戊己庚辛][、.]|[A-H][、.]|(?i:part)\s*\d+[.:：]?)[\s：:]*`),
	regexp.MustCompile(`^[(【〔\[]` + chineseNumber + `+[)】〕\]][、.]?\s*`),
	regexp.MustCompile(`^\d{1,2}(?:[、.)｜|]|\s+)\s*`),
	regexp.MustCompile(`^[(]\d+[)]\s*|^[①-⑳⑴-⒇⒈-⒛]\s*|^第` + chineseNumber + `+[,，、]\s*`),
}

// halfWidth folds full-width digits, letters, brackets and stops, character by
// character, so that places in the text stay the same when they are counted in
// characters.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ', r == '（', r == '）', r == '．':
			return r - 0xFEE0
		case r == '\u3000', r == '\u00a0':
			return ' '
		}
		return r
	}, s)
}

// unnumbered takes the number off a heading, and returns which way it is
// numbered, from 1, or 0.
func unnumbered(s string) (rest string, numbering int) {
	half := halfWidth(s)
	for i, n := range numberings {
		if at := n.FindStringIndex(half); at != nil {
			if i == 2 && isDatum.MatchString(half) || namesTwo.MatchString(half) { // 2021.7 is no number of a part
				return s, 0
			}
			return string([]rune(s)[utf8.RuneCountInString(half[:at[1]]):]), i + 1
		}
	}
	return s, 0
}

// namesTwo are 甲、乙双方, which is no numbering.
var namesTwo = regexp.MustCompile(`^[甲乙丙丁戊己庚辛]、[甲乙丙丁戊己庚辛]`)

// ordinalOf returns the number of a heading, 0 where it is none or unusual.
func ordinalOf(s string) int {
	m := ordinalNumber.FindStringSubmatch(halfWidth(s))
	if m == nil {
		return 0
	}
	if n, err := strconv.Atoi(m[1]); err == nil {
		return n
	}
	tens, ones, ok := strings.Cut(m[1], "十")
	if !ok {
		return digitOf(m[1])
	}
	n := 10
	if tens != "" {
		n = 10 * digitOf(tens)
	}
	return n + digitOf(ones)
}

func digitOf(s string) int { return strings.Index("〇一二三四五六七八九", s) / len("一") }

var ordinalNumber = regexp.MustCompile(`^(?:第|[(])?(` + chineseNumber + `{1,3}|\d{1,2})[、.)部章节,，]`)

var isDatum = regexp.MustCompile(`^\d{1,2}(?:\.\d|\s+\d|\s*[%年月日个次件人名元])`)

const (
	maxHeading = 40 // characters
	maxLabel   = 16
	maxGist    = 18 // characters of a heading that says more than a part's name
)

// decorations stand around headings and labels.
const decorations = "【】〔〕[]《》“”\"<>〈〉：:·•◆■●★☆▶►▷➤➢—-= \t\u3000"

// bare returns a heading without its number and decorations.
func bare(s string) string {
	rest, _ := unnumbered(text.Seen(s))
	rest = strings.Trim(rest, decorations)
	if again, n := unnumbered(rest); n > 0 && again != "" {
		rest = again
	}
	return strings.Trim(rest, decorations)
}

// partCalled returns the column that a line is the heading of, nil where it is
// none: the line without its number is a column's name.
func partCalled(line string) *column.Column {
	if utf8.RuneCountInString(line) > maxHeading || sentenceEnd.MatchString(line) {
		return nil
	}
	name := bare(line)
	c := columnCalled(name)
	if c == nil { // 背景篇
		c = columnCalled(strings.TrimSuffix(name, "篇"))
	}
	if c == nil || c.Period || !c.IsText() && c.Type.Kind() != sliceKind {
		return nil
	}
	return c
}

// stepCalled returns the step of the procedure whose name a line begins with, where the
// rest is what the step asks: 一问：是不是党委政府中心工作. 一要：提高认识 is none.
func stepCalled(line string) (of *column.Column, question string) {
	name, value, ok := label(line)
	if !ok || value == "" || utf8.RuneCountInString(line) > maxHeading || strings.ContainsAny(value, "。；") {
		return nil, ""
	}
	of = columnCalled(bare(name))
	if of == nil || of.Step == "" {
		return nil, ""
	}
	asks := ""
	for _, p := range catalog.Procedure {
		if p.Code == of.Step {
			asks = p.Asks
		}
	}
	const enough = 4 // characters
	a, b := []rune(value), []rune(asks)
	if len(a) < enough || len(b) < enough || string(a[:enough]) != string(b[:enough]) {
		return nil, ""
	}
	return of, value
}

var sentenceEnd = regexp.MustCompile(`[。！？；，,!?;]$`)

// columnCalled finds the column of a case by a name.
func columnCalled(name string) *column.Column {
	if strings.TrimSpace(name) == "" {
		return nil
	}
	return column.Match(catalog.KindCase, []string{name})[0]
}

func isLabelOfCase(name string) bool { return columnCalled(strings.Trim(name, decorations)) != nil }

// gists are the words by which a heading is known that says more than a part's
// name: 协商背景及缘起, 实践探索, 工作成效和社会反响. The last word of a heading is
// what it is about: 实践效果 is an effect, 经验做法 a way of doing.
var gists = []struct {
	part  string
	words []string
}{
	{"background", []string{"背景", "缘起", "起因", "缘由", "由来", "动因", "起源", "基本情况", "情况概述", "概况", "问题的提出", "问题提出", "存在问题", "案例导入", "为什么", "引言", "前言", "导语", "导言", "引子"}},
	{"approach", []string{"做法", "举措", "过程", "探索", "实践", "措施", "路径", "经过", "推进", "实施", "步骤", "流程", "打法", "怎么做", "怎样做", "行动", "历程", "始末", "对策", "怎么协商", "如何协商", "怎样协商", "如何做"}},
	{"results", []string{"成效", "效果", "成果", "变化", "反响", "收获", "成绩", "实效", "效应", "影响", "转化", "落实情况", "怎么样", "怎么样了", "效果如何", "成效如何"}},
	{"lessons", []string{"启示", "启发", "体会", "思考", "点评", "评析", "感悟", "经验", "启迪", "评论", "反思", "心得", "借鉴", "结语", "结束语"}},
}

// conjunctions part a heading that names two things.
var conjunctions = regexp.MustCompile(`以及|及其|及|和|与|、|/|／|并|暨|\+`)

// gistOf returns the part that a heading is about, and whether it is about another
// too, nil where it has no word of a part or is too long for a heading.
func gistOf(line string) (part *column.Column, several bool) {
	rest := bare(line)
	if n := utf8.RuneCountInString(rest); n > maxGist || n < 2 || strings.ContainsAny(rest, "。！？；") {
		return nil, false
	}
	var names []string
	for _, piece := range conjunctions.Split(rest, -1) {
		if name := gistOfPiece(piece); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, false
	}
	return columnCalled(names[0]), len(names) > 1
}

// gistOfPiece returns the part whose word stands last.
func gistOfPiece(piece string) string {
	found, at := "", -1
	for _, g := range gists {
		for _, word := range g.words {
			if i := strings.LastIndex(piece, word); i >= 0 && i+len(word) > at {
				found, at = g.part, i+len(word)
			}
		}
	}
	return found
}

// phase is the name of one of the procedure's three phases, 协商前, 协商中, 协商后, as
// documents have it for a heading: 会前, 协商前：精准选题, 事后跟踪问效.
var phase = regexp.MustCompile(`^(?:协商|会|议|事)(?:活动|会议)?之?([前中后])(?:期|段|阶段|环节|过程)?(?:$|[：:、，,—\-·|“"(（《\s]|(?:的?(?:准备|筹备|酝酿|调研|选题|走访|互动|协商|议事|讨论|转化|落实|督办|跟踪|问效|评估|反馈|工作|情况|措施|安排|内容|效果)){1,3}$)`)

// phaseCalled returns the part that a phase of the procedure belongs to, nil where a
// line names none: what is done before and in a consultation is how it was gone about,
// and what is done behind it is to make something of its outcome.
func phaseCalled(line string) *column.Column {
	if utf8.RuneCountInString(line) > maxHeading || sentenceEnd.MatchString(line) || strings.ContainsAny(line, "。；") {
		return nil
	}
	switch m := phase.FindStringSubmatch(bare(line)); {
	case m == nil:
		return nil
	case m[1] == "后":
		return columnCalled("results")
	default:
		return columnCalled("approach")
	}
}

// label parts “单位：长春市政协” at its colon, or 【单位】长春市政协 at its bracket.
func label(line string) (name, value string, ok bool) {
	if strings.HasPrefix(line, "【") || strings.HasPrefix(line, "[") {
		if end := strings.IndexAny(line, "】]"); end > 0 && utf8.RuneCountInString(line[:end]) <= maxLabel {
			_, size := utf8.DecodeRuneInString(line[end:])
			return strings.Trim(line[:end], "【[ "), strings.TrimLeft(line[end+size:], "：: \u3000"), true
		}
	}
	at := strings.IndexAny(line, "：:")
	if name, value, dashed := strings.Cut(line, "——"); at < 0 && dashed && utf8.RuneCountInString(name) >= 4 && isLabelOfCase(name) { // 报送单位——某某政协
		return strings.TrimSpace(name), strings.TrimSpace(value), true
	}
	if at < 0 || utf8.RuneCountInString(line[:at]) > maxLabel {
		return "", "", false
	}
	_, size := utf8.DecodeRuneInString(line[at:])
	return strings.TrimSpace(line[:at]), strings.TrimSpace(line[at+size:]), true
}

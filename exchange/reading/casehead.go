package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/dates"
)

var (
	attachment = regexp.MustCompile(`^(?:附件|附)\s*\d*\s*[：:]?$`)
	// redHead is the name of whoever issues a letter, as it stands at its top.
	redHead = regexp.MustCompile(`^([\p{Han}（）()]{3,40})文件$`)
	// docNumber is the number of a letter: 朝政协发〔2021〕5号.
	docNumber = regexp.MustCompile(`^[\p{Han}]{0,14}[〔\[（(【]\s*(?:19|20)\d{2}\s*[〕\]）)】]\s*第?\s*\d+\s*号$`)
	// margin are the lines around a letter's head: how urgent, how secret, which copy,
	// who signs.
	margin = regexp.MustCompile(`^(?:特急|加急|急件|平急|机密|秘密|绝密|内部资料|内部|不公开|主动公开|此件公开发布)(?:[★☆].*)?$|^\d{6}$|^[（(]?\s*(?:\d{4}年)?\s*总?第\s*[\d〇零一二三四五六七八九十百]+\s*期(?:\s*[（(]?总第.*期[）)]?)?\s*[）)]?$|^[\p{Han}]{2,20}(?:办公室|办公厅|委员会|秘书处|研究室|编辑部)\s*(?:编印?|主办|印发|编辑)\s*(?:(?:19|20)\d{2}年.*)?$|^签发人[：:].*$|^[★☆\-—_＿─━]{1,}$`)
	// addressee is whom a letter is for.
	addressee = regexp.MustCompile(`^[\p{Han}、，,（）()各]{2,60}[：:]$`)
	// salutation is whom a plain letter is for, whatever stands above it.
	salutation = regexp.MustCompile(`^(?:尊敬的|敬爱的|各位)[\p{Han}、，,]{1,30}[：:！!]$`)
	// about is the title of a letter that sends a case.
	about = regexp.MustCompile(`^(?:[\p{Han}]{2,30})?关于(?:报送|上报|呈报|推荐|推荐报送|申报|提交|选送|推送|印发|转发|报请|推选)(.+)$`)
	// letterEnd is what kind of letter it is.
	letterEnd = regexp.MustCompile(`(?:典型|协商|优秀)*案例?(?:材料)?的?(?:报告|请示|函|通知|情况|说明|推荐意见|复函)$|的(?:报告|请示|函|通知|情况报告|说明|推荐意见)$`)
	quoted    = regexp.MustCompile(`[“《「『"]([^”》」』"]{2,100})[”》」』"]`)
	// cover is what stands above the title and says what kind of paper it is.
	cover = regexp.MustCompile(`^[\p{Han}\d“”（）()、·—-]{0,24}(?:典型案例|协商案例|优秀案例|案例材料|案例汇编|案例选编|案例集|申报表|推荐表|登记表|报送表|报送材料|申报材料|推荐材料|经验材料|交流材料|案例展示|案例征集|案例推荐|案例申报书?|汇报材料|征集表|信息表|案例交流|工作简报|政协简报|工作动态|信息专报|案例专报|案例简报|案例快报|协商专报|工作专报|情况专报|协商简报|案例选登|案例专刊|工作信息|政协信息|社情民意信息|发文稿纸|发文稿|拟文稿纸|发文拟稿纸|发文处理[笺单]|发文审批单|发文呈批[件单表]|呈批[件表]|公文处理单|文件处理单|收文处理单)(?:[（(][^）)]{1,12}[）)])?(?:之?[一二三四五六七八九十\d]+)?$|^案例\s*之?[一二三四五六七八九十\d]{1,3}$|^[\p{Han}、]{3,40}(?:编|编印|编写|编制|主编|汇编|编著|主办|承办|印制)$`)
	// headLabel are labels above a text that are no field of a case; a line with one is
	// no title. One that becomes a field goes from here: the noun's description has it.
	headLabel = regexp.MustCompile(`^(?:协商|会议|活动|调研)?(?:地点|形式|方式|主持人?|参加人员|参会人员|出席人员|列席人员|作者|撰稿人?|执笔人?|供稿人?|记者|通讯员|关键词|关键字|编号|序号|字数|密级|编者按|按语|发布时间|发布日期|发稿时间|浏览次数|阅读次数|点击数?|字体|责任编辑|编辑|审核|签发|联系人|联系电话|电话|备注|附件|推荐人|申报人|填表人|填报人|呈报单位|来文单位|拟稿单位|核稿人?|拟稿人?|会签|收文日期|成文日期|拟稿日期|印数|份号|紧急程度|缓急|主送|抄送)$`)

	committeeName = regexp.MustCompile(`^(?:(?:中国人民政治协商会议|政协|中共)?[\p{Han}]{2,20}委员会(?:办公室|办公厅)?|[\p{Han}]{2,15}政协(?:办公室|办公厅|机关|委员会)?|政协[\p{Han}]{2,12}[省市州县区旗会])$`)
)

// readHead reads what stands before the first part, and returns what is to be read
// of it and of the rest.
func (c *caseReader) readHead(head, rest []paragraph) []paragraph {
	head = c.enclosed(c.takeLetterhead(head))
	at := c.findTitle(head)
	var left []paragraph
	for i := 0; i < len(head); i++ {
		p := head[i]
		switch {
		case i < at && p.table == nil && c.coverDate(p):
		case i == at && p.table == nil:
			c.title = append(c.title, p.text)
			for i+1 < len(head) && c.continuesTitle(head[at], head[i+1]) {
				i++
				c.title = append(c.title, head[i].text)
			}
		case p.table != nil, !c.headLine(p):
			left = append(left, p)
		}
	}
	if c.official {
		c.titleOfLetter()
		left = c.titleBelowLetter(left)
	}
	return append(left, rest...)
}

// enclosed returns what stands behind 附件 where a letter comes first and the case is
// what it encloses. Of the letter its sender is taken.
func (c *caseReader) enclosed(head []paragraph) []paragraph {
	for k := len(head) - 1; k > 0; k-- {
		if head[k].table != nil || !attachment.MatchString(squeezed(head[k].text)) {
			continue
		}
		letter, rest := head[:k], head[k+1:]
		isTitle := func(p paragraph) bool { return p.table == nil && c.mayBeTitle(p) && !isCover(p.text) }
		isLetter := func(p paragraph) bool {
			return p.table == nil && (about.MatchString(p.text) || announces.MatchString(p.text))
		}
		if !slices.ContainsFunc(rest, isTitle) || !c.official && !slices.ContainsFunc(letter, isLetter) {
			return head
		}
		for _, p := range letter {
			if p.table == nil {
				c.letterLine(p)
			}
		}
		c.official = false
		return rest
	}
	return head
}

// letterLine reads a line of a letter that encloses the case.
func (c *caseReader) letterLine(p paragraph) {
	name := strings.Trim(p.text, "（）() \u3000")
	switch {
	case isContact(p.text):
		c.note(p.number, "联系人和电话没有导入", "whom to call was not taken")
	case committeeName.MatchString(name) && c.values["committee"] == "":
		c.set(columnCalled("committee"), name, p.number)
	case committeeName.MatchString(name):
	default:
		c.note(p.number, "公文中案例之前的内容没有导入："+catalog.Clipped(p.text), "stands in the letter before the case, and was not taken: "+catalog.Clipped(p.text))
	}
}

// isMasthead reports whether a line has a committee and a date with wide spaces between
// them and nothing else, as below the name of a bulletin.
func isMasthead(line string) bool {
	committees, days := 0, 0
	for _, piece := range wideSpace.Split(strings.TrimSpace(line), -1) {
		piece = strings.Trim(piece, "（）() ")
		switch _, isDate := dates.Read(piece); {
		case isDate:
			days++
		case committeeName.MatchString(strings.TrimSuffix(strings.TrimSuffix(piece, "编"), "印")):
			committees++
		default:
			return false
		}
	}
	return committees > 0 && days > 0
}

// coverDate notes a date that stands above the title, alone or beside the committee: that
// of a cover or of an issue. It reports whether the line was one.
func (c *caseReader) coverDate(p paragraph) bool {
	if isMasthead(p.text) {
		for _, piece := range wideSpace.Split(strings.TrimSpace(p.text), -1) {
			one := p
			one.text = piece
			if !c.coverDate(one) {
				c.line(one)
			}
		}
		return true
	}
	bare := strings.Trim(p.text, "（）() \u3000")
	if _, ok := dates.Read(bare); !ok {
		return false
	}
	c.note(p.number, "标题之前的日期没有作为案例时间："+catalog.Clipped(bare), "a date above the title was not taken as the case's: "+catalog.Clipped(bare))
	return true
}

// takeLetterhead takes off the lines that make a letter of a paper.
func (c *caseReader) takeLetterhead(head []paragraph) []paragraph {
	head = joinedRedHead(head)
	for i, p := range head {
		if i < 8 && p.table == nil && (docNumber.MatchString(p.text) || redHead.MatchString(p.text) && i < 4) {
			c.official = true
		}
	}
	var left []paragraph
	for i, p := range head {
		switch m := redHead.FindStringSubmatch(p.text); {
		case p.table != nil:
			left = append(left, p)
		case m != nil && i < 8:
			if committeeName.MatchString(m[1]) && c.values["committee"] == "" {
				c.set(columnCalled("committee"), m[1], p.number)
			} else if committeeCalled(m[1]) != committeeCalled(c.values["committee"]) {
				c.note(p.number, "发文机关标志没有导入："+catalog.Clipped(p.text), "the head of a letter was not taken: "+catalog.Clipped(p.text))
			}
		case docNumber.MatchString(p.text):
			c.note(p.number, "发文字号没有导入："+catalog.Clipped(p.text), "the number of a letter was not taken: "+catalog.Clipped(p.text))
		case margin.MatchString(p.text) || margin.MatchString(squeezed(p.text)):
			c.note(p.number, "公文格式的标注没有导入："+catalog.Clipped(p.text), "a mark of a letter was not taken: "+catalog.Clipped(p.text))
		case salutation.MatchString(p.text), c.official && addressee.MatchString(p.text) && columnCalled(strings.TrimRight(p.text, "：:")) == nil:
			c.note(p.number, "主送机关没有导入："+catalog.Clipped(p.text), "whom the letter is for was not taken: "+catalog.Clipped(p.text))
		default:
			left = append(left, p)
		}
	}
	return left
}

// joinedRedHead joins the two lines in which a long name stands at the top of a
// letter: 中国人民政治协商会议 over 某某市委员会文件.
func joinedRedHead(head []paragraph) []paragraph {
	for i := 0; i+1 < len(head) && i < 4; i++ {
		if name := strings.Join(strings.Fields(head[i].text), ""); name == "中国人民政治协商会议" && head[i].table == nil && head[i+1].table == nil {
			joined := head[i+1]
			joined.text = name + strings.Join(strings.Fields(joined.text), "")
			return append(append(slices.Clone(head[:i]), joined), head[i+2:]...)
		}
	}
	return head
}

// titleOfLetter takes the case's title out of that of a letter: 关于报送“……”案例的
// 报告.
func (c *caseReader) titleOfLetter() {
	whole := joinTitle(c.title)
	m := about.FindStringSubmatch(whole)
	if m == nil {
		return
	}
	if q := quoted.FindStringSubmatch(m[1]); q != nil {
		c.title = []string{q[1]}
		return
	}
	if rest := letterEnd.ReplaceAllString(m[1], ""); utf8.RuneCountInString(rest) >= 4 {
		c.title = []string{rest}
	}
}

// titleBelowLetter takes the case's title from what stands below the letter where the
// letter's own says only that a case is sent: the last line that may be one, or what
// the letter calls the case.
func (c *caseReader) titleBelowLetter(left []paragraph) []paragraph {
	m := about.FindStringSubmatch(joinTitle(c.title))
	if m == nil || len(c.title) != 1 {
		return left
	}
	for i := len(left) - 1; i >= 0; i-- {
		p := left[i]
		if p.table == nil && c.mayBeTitle(p) && !isCover(p.text) && !announces.MatchString(p.text) && !addressee.MatchString(p.text) && utf8.RuneCountInString(p.text) <= maxHeading {
			c.title = []string{p.text}
			return slices.Delete(left, i, i+1)
		}
	}
	for _, p := range left {
		if q := quoted.FindStringSubmatch(p.text); p.table == nil && q != nil {
			c.title = []string{q[1]}
			break
		}
	}
	return left
}

// findTitle finds the paragraph that is the title: the one in the style of titles,
// else the first heading that names no part, else the first line that says nothing
// else, and is no cover unless there is no other; -1 where there is none.
func (c *caseReader) findTitle(head []paragraph) int {
	if c.official {
		if i := slices.IndexFunc(head, func(p paragraph) bool { return p.table == nil && about.MatchString(p.text) && c.mayBeTitle(p) }); i >= 0 {
			return i
		}
	}
	for i, p := range head {
		if p.table == nil && (p.style == "title" || strings.HasPrefix(p.style, "title ") || strings.HasPrefix(p.style, "标题 ") && p.level == 0 || p.style == "标题") {
			return c.notCover(head, i)
		}
	}
	for i, p := range head {
		if _, numbering := unnumbered(p.text); p.table == nil && p.level == 1 && numbering == 0 && partCalled(p.text) == nil {
			return c.notCover(head, i)
		}
	}
	first := -1
	for i, p := range head {
		if p.table != nil {
			if first < 0 || isCover(head[first].text) {
				continue
			}
			break
		}
		if !c.mayBeTitle(p) || first >= 0 && i < len(head)-1 && hasTable(head[first:i]) {
			continue // below the form of an office the title stands right above the text
		}
		if c.official && about.MatchString(p.text) || !isCover(p.text) {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

func hasTable(list []paragraph) bool {
	return slices.ContainsFunc(list, func(p paragraph) bool { return p.table != nil })
}

// notCover returns the place of the title where the one at i is only what kind of
// paper it is.
func (c *caseReader) notCover(head []paragraph, i int) int {
	if !isCover(head[i].text) {
		return i
	}
	for j := i + 1; j < len(head); j++ {
		if head[j].table == nil && c.mayBeTitle(head[j]) && !isCover(head[j].text) && utf8.RuneCountInString(head[j].text) <= maxHeading {
			return j
		}
	}
	return i
}

// mayBeTitle reports whether a line says nothing that is known to be something
// else.
func (c *caseReader) mayBeTitle(p paragraph) bool {
	text := p.text
	if attachment.MatchString(squeezed(text)) || isMasthead(text) || salutation.MatchString(text) || text == column.SyntheticMark || isSubtitle(p) || committeeName.MatchString(strings.Trim(text, "（）()")) || isContact(text) {
		return false
	}
	if _, ok := dates.Read(strings.Trim(text, "（）() ")); ok {
		return false
	}
	if name, _, ok := label(text); ok && (isLabelOfCase(name) || headLabel.MatchString(squeezed(name))) {
		return false
	}
	if part, _, _ := c.partWithin(p); part != nil || len(labelsOf(text)) > 1 {
		return false
	}
	return !strings.HasSuffix(text, "。") && utf8.RuneCountInString(text) <= 100
}

func isSubtitle(p paragraph) bool {
	return strings.HasPrefix(p.text, "——") || strings.HasPrefix(p.text, "--") || strings.HasPrefix(p.text, "—") || strings.HasPrefix(p.style, "subtitle")
}

// continuesTitle reports whether a line is the second of the title: a subtitle, one
// in the same style, or one that is centered as the first is and says nothing else.
func (c *caseReader) continuesTitle(title, p paragraph) bool {
	if p.table != nil {
		return false
	}
	bare := strings.Trim(p.text, "（）() ")
	if _, isDate := dates.Read(bare); isSubtitle(p) && !isDate && !committeeName.MatchString(bare) {
		return true
	}
	if !c.mayBeTitle(p) || p.text == column.SyntheticMark {
		return false
	}
	if p.number == title.number {
		return true // behind a soft break
	}
	return strings.HasPrefix(title.style, "title") && p.style == title.style || title.centered && p.centered && title.style == p.style && utf8.RuneCountInString(p.text) <= maxHeading
}

// joinTitle joins the lines of a title: with a space where a line could end there.
func joinTitle(lines []string) string {
	title := ""
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case title == "", strings.HasPrefix(line, "—"), strings.HasPrefix(line, "--"):
		case endsOpen.MatchString(title), strings.Count(title, "“") > strings.Count(title, "”"), strings.Count(title, "《") > strings.Count(title, "》"):
		default:
			title += " "
		}
		title += line
	}
	return title
}

// endsOpen are the ends of a line that goes on in the next.
var endsOpen = regexp.MustCompile(`[、，：的与和及在为对将把向“《（—]$`)

// headLine reads a line of the head that is neither the title nor a label, and
// reports whether it has understood it.
func (c *caseReader) headLine(p paragraph) bool {
	switch {
	case p.text == column.SyntheticMark:
		return true
	case isContact(p.text):
		c.note(p.number, "联系人和电话没有导入", "whom to call was not taken")
		return true
	case isCover(p.text):
		c.note(p.number, "封面文字没有导入："+catalog.Clipped(p.text), "a line of the cover was not taken: "+catalog.Clipped(p.text))
		return true
	}
	if len(labelsOf(p.text)) > 1 {
		return c.pieces(p) || c.line(p)
	}
	return c.line(p) || c.pieces(p)
}

// isCover reports whether a line says what kind of paper it is, or who made it.
func isCover(line string) bool { return cover.MatchString(line) || cover.MatchString(squeezed(line)) }

// squeezed returns a text without spaces: offices spread short words, as in 联 系 人.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

var (
	wideSpace  = regexp.MustCompile(`[ \t]{2,}|\x{3000}+|\t`)
	labelAhead = regexp.MustCompile(`(?:^|[\s\x{3000}；;，,]+)(\p{Han}{2,8}|\p{Han}[\s\x{3000}]+\p{Han})[：:]`)
)

// labelsOf returns where the labels of a line begin: 单位：…　时间：…. The line's own
// name is one, and of the others those that are known.
func labelsOf(line string) []int {
	var list []int
	for _, m := range labelAhead.FindAllStringSubmatchIndex(line, -1) {
		name := squeezed(line[m[2]:m[3]])
		if m[2] == 0 || isLabelOfCase(name) || headLabel.MatchString(name) {
			list = append(list, m[2])
		}
	}
	return list
}

// piecesOf splits a line before each label, where it has several, else at wide spaces.
func piecesOf(line string) []string {
	at := labelsOf(line)
	if len(at) < 2 {
		return wideSpace.Split(strings.TrimSpace(line), -1)
	}
	var pieces []string
	for i, start := range at {
		if i == 0 && start > 0 {
			pieces = append(pieces, line[:start])
		}
		end := len(line)
		if i+1 < len(at) {
			end = at[i+1]
		}
		pieces = append(pieces, strings.TrimRight(line[start:end], "；;，, \u3000"))
	}
	return pieces
}

// publication are the words of a line that says where and when a page came out.
var publication = regexp.MustCompile(`^(?:来源|文章来源|信息来源|发布[\p{Han}]{0,4}|浏览[\p{Han}]{0,2}|阅读[\p{Han}]{0,2}|点击[\p{Han}]{0,2}|字体|字号|记者|责任编辑|编辑)[：:]`)

// writer are the words of a line that says who wrote a paper or handed it in, and when.
var writer = regexp.MustCompile(`^(?:呈报|来文|拟稿|填报|填表|撰稿|撰写|作者|执笔|供稿)[\p{Han}]{0,3}[：:]`)

// pieces reads a line of several things with wide spaces between them: the committee
// and a date, 作者：某某  单位：某某政协. It reports whether one of them was understood;
// those that were not are noted.
func (c *caseReader) pieces(p paragraph) bool {
	texts := piecesOf(p.text)
	if len(texts) < 2 || len(texts) > 6 {
		return false
	}
	known := 0
	published := slices.ContainsFunc(texts, func(text string) bool { return publication.MatchString(strings.TrimSpace(text)) })
	written := slices.ContainsFunc(texts, func(text string) bool { return writer.MatchString(strings.TrimSpace(text)) })
	var unknown []string
	for _, text := range texts {
		one := p
		if one.text = strings.TrimSpace(text); one.text == "" {
			continue
		}
		if name, _, ok := label(one.text); ok && (published && columnCalled(name) != nil && columnCalled(name).Period || written && squeezed(name) == "日期") {
			known++ // the day on which a page came out, or a paper was written
			unknown = append(unknown, one.text)
		} else if c.line(one) {
			known++
		} else {
			unknown = append(unknown, one.text)
		}
	}
	if known > 0 {
		for _, text := range unknown {
			c.note(p.number, "不认识这一项，没有导入："+catalog.Clipped(text), "is not known, and was not taken: "+catalog.Clipped(text))
		}
	}
	return known > 0
}

// line reads a line between title and first part: 单位：…, a date, a committee's
// name. It reports whether it has understood it.
func (c *caseReader) line(p paragraph) bool {
	if name, value, ok := label(p.text); ok {
		if of := columnCalled(strings.Trim(name, decorations)); of != nil {
			if value != "" && !of.IsText() {
				if of.Name == "topics" && squeezed(name) == "主题" {
					c.theme = value
				}
				c.set(of, value, p.number)
				return true
			}
			return value == ""
		}
	}
	bare := strings.Trim(p.text, "（）() \u3000")
	if d, ok := dates.Read(bare); ok && c.values[column.Period.Name] == "" {
		if c.official && len(d.Start) == len("2021-07-15") {
			c.note(p.number, "公文的成文日期没有作为案例时间："+catalog.Clipped(bare), "the date of a letter was not taken as the case's: "+catalog.Clipped(bare))
			return true
		}
		c.set(columnCalled(column.Period.Label), bare, p.number)
		return true
	}
	if committeeName.MatchString(bare) && c.values["committee"] == "" {
		c.set(columnCalled("committee"), bare, p.number)
		return true
	}
	return false
}

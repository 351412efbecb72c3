package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/dates"
)

var (
	contact = regexp.MustCompile(`^[（(]?\s*(?:联系人|联系电话|联系方式|联\s*系\s*人|电\s*话|手机|传真|邮箱|电子邮箱|经办人|联络员|联络人|咨询电话|咨询热线|服务电话|办公电话|值班电话|热线电话|微信|微信号|QQ|QQ号)(?:及电话|及联系方式|电话|号码)?(?:[：:]|$)`)
	// below are the lines that stand behind a text: attachments, copies, who typed it.
	below = regexp.MustCompile(`^[（(【\[]?\s*(?:附件?\s*\d*[：:]|附件?\s*\d*$|抄送|抄报|抄致|主题词|分送|发送[：:]|分发[：:]|主送[：:]|呈送[：:]|呈报[：:]|报送[：:]|印发|共印|校对|打字|责任编辑|编辑[：:]|审核[：:]|签发|供稿|撰稿|作者|执笔|此件|（此件|信息公开|联系人|联系电话|联系方式|电话[：:]|传真[：:]|邮箱[：:]|地址[：:]|邮编[：:]|来源[：:]|网址[：:]|摘自|参考文献[：:]?$|参考资料[：:]?$|附录\s*[A-Za-z\d一二三四五]?(?:[：:\s]|$)|[（(](?:完|全文完)[）)]$|上一篇|下一篇|上一条|下一条|版权所有|主办单位[：:]|承办单位[：:]|技术支持[：:]|网站标识码|关闭窗口|打印本页|返回顶部|分享[到至]|相关阅读|相关链接|相关新闻|推荐阅读|扫一扫|.{0,40}ICP备|此致|敬礼[！!]?$|顺颂|[^。]{0,20}[☐☑☒□■√]\s*(?:是|否|同意|不同意|公开|不公开).*[☐☑☒□■√]|报[：:]|送[：:]|发[：:]|呈[：:])|印发[）)]?$|^（?此页无正文）?$|^(?:特此|妥否|当否|以上)[\p{Han}，,]{1,14}[。]?$`)
)

// isBelow reports whether a line stands below a text.
func isBelow(p paragraph) bool {
	if p.table != nil {
		return false
	}
	text := strings.Trim(p.text, "（）() \u3000")
	if isBelowWord(p.text) || committeeName.MatchString(text) || len(signedBy(p.text)) > 0 {
		return true
	}
	_, isDate := dates.Read(text)
	return isDate
}

var (
	signedUnit = regexp.MustCompile(`^(?:报送|申报|推荐|填报|上报|供稿)?单位$`)
	signedDate = regexp.MustCompile(`^(?:报送|申报|推荐|填报|上报)(?:时间|日期)$`)
	suppliedBy = regexp.MustCompile(`^[（(]([\p{Han}]{2,20})供稿[）)]$`)
)

// signedBy returns the committees and dates of a line that says who handed a text in, and
// when, and nothing else: 报送单位：某某政协　报送时间：2022年12月, （某某政协供稿）.
func signedBy(line string) []string {
	if m := suppliedBy.FindStringSubmatch(line); m != nil {
		return m[1:]
	}
	var list []string
	for _, piece := range piecesOf(strings.Trim(line, "（）() \u3000")) {
		name, value, ok := label(piece)
		_, isDate := dates.Read(value)
		name = squeezed(name)
		if !ok || (!signedUnit.MatchString(name) || !committeeName.MatchString(value)) && (!signedDate.MatchString(name) || !isDate) {
			return nil
		}
		list = append(list, value)
	}
	return list
}

// isBelowWord reports whether a line begins as what stands below a text does, or is the
// number of a telephone.
func isBelowWord(line string) bool {
	tight := squeezed(line)
	return below.MatchString(line) || below.MatchString(tight) || contact.MatchString(tight) || phoneOnly.MatchString(tight)
}

// cutTail takes off what stands below the last part: the signature with its date,
// attachments, copies, whom to call. The unit is taken from it; the date is the
// document's and not the case's.
func (c *caseReader) cutTail(body []paragraph) []paragraph {
	last := -1
	for i, p := range body {
		if p.table == nil && (partCalled(p.text) != nil || c.beginsPart(p)) {
			last = i
		}
	}
	if last < 0 {
		return body
	}
	from := last + 1
	if part, _, _ := c.partWithin(body[last]); part == nil {
		from++ // a part has at least a line
	}
	for i := from; i < len(body); i++ {
		if !isBelow(body[i]) || !slices.ContainsFunc(body[i:], isSignature) && !isBelowWord(body[i].text) {
			continue
		}
		if slices.ContainsFunc(body[i:], func(p paragraph) bool { return p.table != nil || !isBelow(p) && !isListed(p) }) {
			continue
		}
		for _, p := range joinedSignature(body[i:]) {
			c.belowText(p)
		}
		return body[:i]
	}
	return body
}

var (
	signatureBegins = regexp.MustCompile(`^(?:中国人民政治协商会议|政协)[\p{Han}]{0,12}[省市州县区旗]?$`)
	signatureEnds   = regexp.MustCompile(`^[\p{Han}]{0,14}委员会(?:办公室)?$`)
)

// joinedSignature joins a committee's name that stands on two lines.
func joinedSignature(tail []paragraph) []paragraph {
	for i := 0; i+1 < len(tail); i++ {
		if tail[i].table == nil && signatureBegins.MatchString(tail[i].text) && !strings.HasSuffix(tail[i].text, "会") && signatureEnds.MatchString(tail[i+1].text) {
			joined := tail[i]
			joined.text += tail[i+1].text
			return append(append(slices.Clone(tail[:i]), joined), tail[i+2:]...)
		}
	}
	return tail
}

// isSignature reports whether a line is a committee's name or a date, alone.
func isSignature(p paragraph) bool {
	return p.table == nil && isBelow(p) && !isBelowWord(p.text)
}

// isListed reports whether a line may go on what stands below a text: another
// attachment, another address.
func isListed(p paragraph) bool {
	if p.table != nil {
		return false
	}
	if name, _, ok := label(p.text); ok && utf8.RuneCountInString(squeezed(name)) <= 5 && !isLabelOfCase(name) {
		return utf8.RuneCountInString(p.text) <= 2*maxHeading
	}
	return utf8.RuneCountInString(p.text) <= maxHeading && !strings.HasSuffix(p.text, "。") || reference.MatchString(p.text)
}

// reference is a line of a list of references.
var reference = regexp.MustCompile(`^[\[［【]\s*\d+\s*[\]］】]`)

// belowText reads one line below the text.
func (c *caseReader) belowText(p paragraph) {
	text := strings.Trim(p.text, "（）() \u3000")
	_, isDate := dates.Read(text)
	signed := signedBy(p.text)
	switch {
	case len(signed) > 0 && signed[0] != text:
		for _, value := range signed {
			one := p
			one.text = value
			c.belowText(one)
		}
	case isContact(p.text) || phone.MatchString(p.text):
		c.note(p.number, "联系人和电话没有导入", "whom to call was not taken")
	case isDate:
		c.note(p.number, "落款日期没有作为案例时间："+catalog.Clipped(text), "the date below the text is the document's, and was not taken as the case's: "+catalog.Clipped(text))
	case committeeName.MatchString(text) && c.values["committee"] == "":
		c.set(columnCalled("committee"), text, p.number)
	case committeeName.MatchString(text) && committeeCalled(text) == committeeCalled(c.values["committee"]):
	default:
		c.note(p.number, "正文之后的内容没有导入："+catalog.Clipped(p.text), "stands below the text, and was not taken: "+catalog.Clipped(p.text))
	}
}

var (
	phone = regexp.MustCompile(`\d{3,4}[-—\s]?\d{7,8}|1[3-9]\d{9}`)
	// phoneCalled is a number that is called one.
	phoneCalled = regexp.MustCompile(`(?:电话|手机|热线|传真|联系方式)[：:]\s*[（(]?(?:` + phone.String() + `)`)
	phoneOnly   = regexp.MustCompile(`^[（(]?0\d{2,3}[）)]?[-—]?\d{7,8}$|^1[3-9]\d{9}$`)
)

// isContact reports whether a line says whom to call: by its label, or by a name with a
// number behind it.
func isContact(line string) bool {
	tight := squeezed(line)
	if contact.MatchString(tight) || phoneOnly.MatchString(tight) {
		return true
	}
	if phoneCalled.MatchString(tight) && utf8.RuneCountInString(line) <= 2*maxHeading && !strings.HasSuffix(line, "。") {
		return true
	}
	name, value, ok := label(line)
	return ok && phone.MatchString(value) && !isLabelOfCase(name) && utf8.RuneCountInString(line) <= maxHeading && !strings.HasSuffix(line, "。")
}

package exchange

import (
	"reflect"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// choice is one value of an enum as people write it.
type choice struct {
	code  string
	label string   // what tables and documents say
	more  []string // what else they may say
}

// choices are the values of the catalog's enums, by their type. A label stands
// for one value only, so that what is written is read back as the same.
var choices = map[reflect.Type][]choice{
	reflect.TypeFor[catalog.Level](): {
		{"PROVINCE", "省", []string{"省级"}},
		{"PREFECTURE", "市（州）", []string{"市", "州", "市级", "州级", "市（州）级", "地级"}},
		{"COUNTY", "县（市、区）", []string{"县", "区", "县级", "区级", "县（市、区）级", "区县级"}},
		{"UNSTATED", "未载明", nil},
	},
	reflect.TypeFor[catalog.Origin](): {
		{"DOCUMENTED", "有出处", nil},
		{"CONTRIBUTED", "委员会提供", nil},
		{"REFERENCE", "基础数据", nil},
		{"SYNTHETIC", "合成数据", nil},
	},
	reflect.TypeFor[catalog.Status](): {
		{"DRAFT", "草稿", nil},
		{"IN_REVIEW", "审核中", []string{"待审核"}},
		{"PUBLISHED", "已发布", []string{"发布"}},
		{"ARCHIVED", "已归档", []string{"归档"}},
	},
	reflect.TypeFor[catalog.OutcomeStatus](): {
		{"SUBMITTED", "已报送", []string{"报送"}},
		{"ENDORSED", "获批示", []string{"批示", "已批示"}},
		{"ADOPTED", "被采纳", []string{"采纳", "已采纳"}},
		{"IMPLEMENTED", "已转化落实", []string{"转化", "落实", "已落实", "已转化"}},
		{"NOT_ADOPTED", "未采纳", nil},
	},
	reflect.TypeFor[catalog.PartyRole](): {
		{"CONVENER", "搭台方", nil},
		{"SERVER", "发球方", nil},
		{"RECEIVER", "接球方", nil},
		{"STAKEHOLDER", "相关方", nil},
		{"EXPERT_OR_PUBLIC", "专家、基层群众", []string{"专家", "基层群众", "专家和基层群众"}},
	},
	reflect.TypeFor[catalog.StepCode](): stepChoices(),
	reflect.TypeFor[catalog.ProposalEventKind](): {
		{"SUBMITTED", "提出", nil},
		{"FILED", "立案", nil},
		{"ASSIGNED", "交办", nil},
		{"SURVEYED", "督办调研", nil},
		{"MEETING_HELD", "办理协商座谈", nil},
		{"ENDORSED", "批示", nil},
		{"REPLIED", "答复", nil},
		{"ADOPTED", "采纳", nil},
		{"IMPLEMENTED", "落实", nil},
	},
	reflect.TypeFor[catalog.Resolution](): {
		{"A", "A 类（已解决）", []string{"A类", "已解决"}},
		{"B", "B 类（正在解决或列入计划）", []string{"B类", "正在解决", "列入计划"}},
		{"C", "C 类（留作参考）", []string{"C类", "留作参考"}},
	},
	reflect.TypeFor[catalog.Satisfaction](): {
		{"SATISFIED", "满意", nil},
		{"BASICALLY_SATISFIED", "基本满意", nil},
		{"UNSATISFIED", "不满意", nil},
	},
	reflect.TypeFor[catalog.VenueKind](): {
		{"LIAISON_STATION", "委员联络站（点）", []string{"委员联络站", "联络站"}},
		{"CONSULTATION_ROOM", "协商议事室", []string{"议事室"}},
	},
	reflect.TypeFor[catalog.Holding](): {
		{"CASE", "案例", nil},
		{"BRAND", "协商品牌", []string{"品牌"}},
		{"LIAISON_STATION", "委员联络站（点）", []string{"委员联络站"}},
		{"CONSULTATION_ROOM", "协商议事室", nil},
	},
	reflect.TypeFor[catalog.RecordKind](): kindChoices(),
}

func stepChoices() []choice {
	var list []choice
	for _, p := range catalog.Procedure {
		list = append(list, choice{string(p.Code), p.Name, []string{p.Asks}})
	}
	return list
}

func kindChoices() []choice {
	var list []choice
	for _, k := range catalog.RecordKinds {
		list = append(list, choice{string(k), k.Label(), nil})
	}
	return list
}

// labelOf gives the label of an enum's value, the value itself where it has
// none.
func labelOf(t reflect.Type, code string) string {
	for _, c := range choices[t] {
		if c.code == code {
			return c.label
		}
	}
	return code
}

// codeOf finds the value that a text stands for.
func codeOf(t reflect.Type, text string) (string, bool) {
	want := folded(text)
	for _, c := range choices[t] {
		if folded(c.code) == want || folded(c.label) == want {
			return c.code, true
		}
		for _, m := range c.more {
			if folded(m) == want {
				return c.code, true
			}
		}
	}
	return "", false
}

func labelsOf(t reflect.Type) []string {
	var list []string
	for _, c := range choices[t] {
		list = append(list, c.label)
	}
	return list
}

// folded makes names comparable that differ in what people don't see: spaces,
// the width of brackets and colons, marks for required columns, letter case.
func folded(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch r {
		case ' ', '\t', '\n', '\r', '\u3000', '\u00a0', '_', '-', '*', '＊', '：', ':', '\ufeff':
		case '（':
			b.WriteByte('(')
		case '）':
			b.WriteByte(')')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

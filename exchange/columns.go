package exchange

import (
	"reflect"
	"slices"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
)

// column is a field of a kind's input as a column of a table, a row of a
// document's table or a heading: one name in English, that of JSON, one label
// in Chinese, and what else people call it.
type column struct {
	name    string
	label   string
	aliases []string
	index   []int // of the field, for reflect.Value.FieldByIndex
	typ     reflect.Type
	step    catalog.StepCode // of the eight columns that together are "steps"
	period  bool             // 时间, which is startedOn and endedOn in one
}

// labels are the columns' names in Chinese, by field; "KIND.field" where a kind
// calls it otherwise.
var labels = map[string]string{
	"slug": "标识", "origin": "来源", "status": "状态", "citations": "引证", "title": "标题", "name": "名称",
	"alternativeTitles": "其他标题", "alternativeNames": "其他名称", "summary": "摘要", "background": "案例背景", "approach": "主要做法",
	"results": "取得成效", "lessons": "经验启示", "year": "年份", "startedOn": "开始时间", "endedOn": "结束时间", "level": "层级",
	"committee": "单位", "region": "地区", "brand": "协商品牌", "topics": "议题", "participants": "参与方", "steps": "步骤", "outcomes": "协商成果",
	"participantCount": "参加人数", "meetingCount": "会议次数", "recruitment": "人员产生方式", "links": "链接", "possiblySameAs": "疑似同一案例",
	"proposals": "相关提案", "number": "编号", "proposers": "提案人", "addressedTo": "提交对象", "isKey": "重点提案", "supervisions": "领衔督办",
	"undertakers": "承办单位", "events": "办理过程", "resolution": "办理结果", "satisfaction": "满意度", "description": "介绍", "parent": "上级",
	"formerCode": "原代码", "offices": "职务", "publisher": "发布单位", "publishedOn": "发布时间", "url": "网址", "text": "正文", "ordinal": "序号",
	"cases": "相关案例", "brands": "相关品牌", "indicators": "相关指标", "subject": "对象", "value": "数值", "unit": "计量单位", "asOf": "截至时间",
	"holds": "对应记录", "department": "部门", "score": "得分", "raters": "评价人数", "countsInReview": "计入考核", "case": "案例",
	"adopter": "引进单位", "adoptedOn": "引进时间", "changes": "调整内容", "result": "推广效果", "resultingCase": "形成案例", "kind": "场所类型",
	"address": "地址", "BRAND.parent": "上级品牌", "TOPIC.parent": "上级议题",
}

// aliases are further names of columns, in a case's files above all.
var aliases = map[string][]string{
	"slug": {"永久链接", "案例标识"}, "title": {"案例名称", "案例标题", "案例题目", "题目", "名称"},
	"alternativeTitles": {"别名", "又名"}, "summary": {"案例摘要", "内容摘要", "内容提要", "提要", "案例简介", "案例概述", "导语"},
	"background": {"背景", "背景情况", "案例背景情况", "协商背景", "工作背景", "选题背景", "背景介绍", "基本背景", "背景起因", "背景与起因"},
	"approach": {
		"做法", "具体做法", "工作做法", "经验做法", "主要做法和过程", "主要做法与过程", "做法与过程", "协商过程", "主要过程", "实施过程", "工作措施", "主要措施", "主要举措",
	},
	"results": {"成效", "取得的成效", "主要成效", "工作成效", "协商成效", "案例成效", "成果成效", "成果与成效", "实施效果", "取得效果", "取得成果", "成效与影响"},
	"lessons": {"启示", "经验与启示", "经验和启示", "案例启示", "工作启示", "几点启示", "启示与思考", "启示和思考", "经验体会", "体会与启示", "工作体会", "思考与启示", "经验"},
	"year":    {"年度"}, "startedOn": {"开始日期", "起始时间"}, "endedOn": {"结束日期", "截止时间"}, "level": {"级别", "案例层级"},
	"committee": {"报送单位", "申报单位", "政协", "政协委员会", "所属政协", "委员会", "主办单位", "实施单位", "案例单位", "供稿单位", "组织单位"},
	"region":    {"行政区划", "所在地区", "区域"}, "brand": {"品牌", "品牌名称", "所属品牌", "协商平台"},
	"topics": {"主题", "协商议题", "协商主题", "类别", "领域"}, "participants": {"参加方", "五方", "参与各方"},
	"steps": {"两问三要三明确"}, "outcomes": {"成果"}, "participantCount": {"参与人数", "参加协商人数"},
	"meetingCount": {"协商次数", "协商会次数"}, "recruitment": {"参加人员产生方式"}, "links": {"相关链接", "报道链接", "网址"},
	"possiblySameAs": {"疑似相同"}, "proposals": {"提案"}, "name": {"品牌名称", "议题名称", "姓名"},
	"status": {"发布状态"}, "citations": {"引用"},
}

var columnsByKind sync.Map // catalog.RecordKind -> []column

// columnsOf gives a kind's columns in the order in which they are written: what
// a reader looks for first, and what is about the record itself at the end.
func columnsOf(kind catalog.RecordKind) []column {
	if c, ok := columnsByKind.Load(kind); ok {
		return c.([]column)
	}
	var list, last []column
	for _, m := range membersOf(reflect.TypeOf(catalog.NewInput(kind)).Elem()).list {
		c := column{name: m.name, label: labelFor(kind, m.name), aliases: aliases[m.name], index: m.index, typ: m.typ}
		switch m.name {
		case "origin", "status", "citations":
			last = append(last, c)
		case "steps":
			list = append(list, stepColumns(c)...)
			list = append(list, c)
		default:
			list = append(list, c)
		}
	}
	list = append(list, last...)
	columnsByKind.Store(kind, list)
	return list
}

// stepColumns are eight columns in the place of a list: a column a step is how
// people fill in a table.
func stepColumns(steps column) []column {
	var list []column
	for _, p := range catalog.Procedure {
		list = append(list, column{
			name: "steps." + string(p.Code), label: p.Name, aliases: []string{string(p.Code), p.Asks, p.Name + p.Asks, p.Name + "：" + p.Asks},
			index: steps.index, typ: reflect.TypeFor[string](), step: p.Code,
		})
	}
	return list
}

func labelFor(kind catalog.RecordKind, name string) string {
	if l, ok := labels[string(kind)+"."+name]; ok {
		return l
	}
	return labels[name]
}

// period is what people write for a case's two dates.
var period = column{
	name: "period", label: "时间", period: true,
	aliases: []string{"协商时间", "案例时间", "起止时间", "实施时间", "活动时间", "日期", "开展时间"},
}

// kindColumn says of a row what it is.
var kindColumn = column{name: "type", label: "类型", aliases: []string{"记录类型"}, typ: reflect.TypeFor[catalog.RecordKind]()}

// matchColumns finds for each header the column that it names, nil where there
// is none or where an earlier header has it. Labels and English names go before
// aliases.
func matchColumns(kind catalog.RecordKind, headers []string) []*column {
	known := slices.Clone(columnsOf(kind))
	if kind == catalog.KindCase {
		known = append(known, period)
	}
	matched := make([]*column, len(headers))
	taken := map[string]bool{}
	for _, is := range []func(*column, string) bool{(*column).isCalled, (*column).isAlsoCalled} {
		for i, h := range headers {
			h = folded(h)
			if matched[i] != nil || h == "" {
				continue
			}
			for j := range known {
				if c := &known[j]; !taken[c.name] && is(c, h) {
					matched[i], taken[c.name] = c, true
					break
				}
			}
		}
	}
	return matched
}

func (c *column) isCalled(folding string) bool {
	return folded(c.name) == folding || folded(c.label) == folding
}

func (c *column) isAlsoCalled(folding string) bool {
	return slices.ContainsFunc(c.aliases, func(a string) bool { return folded(a) == folding })
}

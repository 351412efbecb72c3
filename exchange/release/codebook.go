package release

import "github.com/jisiguangyi/jisi/catalog"

// meaning is what a column holds, in Chinese and in English.
type meaning struct{ zh, en string }

// meanings are those of columns: by table and column where a table has its own,
// by column otherwise.
var meanings = map[string]meaning{
	"slug":             {"永久链接，同类记录中唯一", "the permalink, unique among records of the kind"},
	"origin":           {"来源：DOCUMENTED 有出处，CONTRIBUTED 委员会提供，REFERENCE 基础数据，SYNTHETIC 合成数据", "where the record comes from: taken from a cited source, written in by a committee, of a reference table, made up by a generator"},
	"version":          {"版本，每次更改加一", "counts up by one at each change"},
	"createdAt":        {"收录时间（UTC）", "when the record came into the knowledge base, in UTC"},
	"updatedAt":        {"最后更改时间（UTC）", "when the record last changed, in UTC"},
	"record":           {"所属记录的 slug", "the slug of the record that the row belongs to"},
	"position":         {"在记录中的次序，从 0 起", "the place in the record's list, from 0"},
	"title":            {"标题", "the title"},
	"name":             {"名称", "the name"},
	"summary":          {"摘要", "the summary"},
	"background":       {"案例背景", "the background of the case"},
	"approach":         {"主要做法", "how the consultation was gone about"},
	"results":          {"取得成效", "what came of it"},
	"lessons":          {"经验启示", "what is to be learned from it"},
	"year":             {"年份", "the year"},
	"startedOn":        {"开始日期，精确到出处所载：年、年月或年月日", "when it began, as exact as the source: a year, a month or a day"},
	"endedOn":          {"结束日期，精确到出处所载", "when it ended, as exact as the source"},
	"level":            {"层级：PROVINCE 省，PREFECTURE 市（州），COUNTY 县（市、区），UNSTATED 未载明", "the level: province, prefecture, county, or not stated by the source"},
	"committee":        {"政协委员会的 slug", "the committee, by its slug"},
	"region":           {"行政区划代码（GB/T 2260）", "the region, by its code of GB/T 2260"},
	"brand":            {"协商品牌的 slug", "the brand, by its slug"},
	"parent":           {"上级记录的 slug", "the record above, by its slug"},
	"participantCount": {"参加人数", "how many took part"},
	"meetingCount":     {"会议次数", "in how many meetings"},
	"recruitment":      {"参加人员如何产生", "how those who took part were chosen"},
	"number":           {"提案编号", "the proposal's number"},
	"addressedTo":      {"提交对象", "the body that it was put to"},
	"isKey":            {"是否重点提案", "whether it is a key proposal"},
	"resolution":       {"办理结果：A 已解决，B 正在解决或列入计划，C 留作参考", "how far it is solved: solved, being solved or planned, kept for reference"},
	"satisfaction":     {"提案人对办理的意见", "the proposers' word on the handling"},
	"description":      {"介绍", "the description"},
	"formerCode":       {"原行政区划代码", "the code that the region had before"},
	"publisher":        {"发布单位", "who published the document"},
	"publishedOn":      {"发布日期，精确到所知", "when it was published, as exact as is known"},
	"url":              {"网址", "the address"},
	"text":             {"全文", "the whole text"},
	"ordinal":          {"序号", "the place in the document's order"},
	"subject":          {"指标的对象", "what the figure is of"},
	"value":            {"数值", "the figure"},
	"unit":             {"计量单位", "the unit"},
	"asOf":             {"截至日期，精确到出处所载", "of which date the figure is, as exact as the source"},
	"holds":            {"该指标所计的本库记录类别", "which records of the knowledge base the figure claims to count"},
	"department":       {"被评价部门", "the department that was rated"},
	"score":            {"得分", "the score"},
	"raters":           {"参加评价的委员人数", "how many members rated"},
	"countsInReview":   {"是否计入绩效考核", "whether it counted in the performance review"},
	"case":             {"被推广的案例的 slug", "the case that was taken over, by its slug"},
	"adopter":          {"引进的政协委员会的 slug", "the committee that took it over, by its slug"},
	"adoptedOn":        {"引进日期，精确到出处所载", "when, as exact as the source"},
	"changes":          {"作了哪些调整", "what was changed"},
	"result":           {"推广效果", "how it went"},
	"resultingCase":    {"引进方由此形成的案例的 slug", "the adopter's own case that came of it, by its slug"},
	"kind":             {"类别", "the kind"},
	"address":          {"地址", "the address"},
	"venues.kind":      {"LIAISON_STATION 委员联络站，CONSULTATION_ROOM 协商议事室", "a liaison station or a consultation room"},

	"source":                {"所引出处的 slug", "the source that is quoted, by its slug"},
	"quote":                 {"引文，与出处原文逐字相同", "the quote, as the source has it to the character"},
	"start":                 {"引文在出处全文中的起点（Unicode 码点，从 0 起）", "where the quote begins in the source's text, in Unicode code points from 0"},
	"fields":                {"引文所支持的字段，空格隔开", "the fields that the quote supports, parted by spaces"},
	"role":                  {"五方角色：CONVENER 搭台方，SERVER 发球方，RECEIVER 接球方，STAKEHOLDER 相关方，EXPERT_OR_PUBLIC 专家、基层群众", "on which of the five sides: convener, who raises the problem, who solves it, whom it concerns, experts and the public"},
	"person":                {"人物的 slug", "the person, by its slug"},
	"code":                  {"“两问三要三明确”的步骤", "the step of the procedure"},
	"form":                  {"成果表达形式", "in what form the result was put"},
	"usedBy":                {"成果运用主体", "who uses it"},
	"use":                   {"成果运用方式", "how it is used"},
	"effect":                {"成果的有效性", "what it changed"},
	"status":                {"成果状态：SUBMITTED 已报送，ENDORSED 获批示，ADOPTED 被采纳，IMPLEMENTED 已转化落实，NOT_ADOPTED 未采纳", "where the outcome stands: submitted, endorsed, adopted, implemented, not adopted"},
	"occurredOn":            {"日期，精确到出处所载", "when, as exact as the source"},
	"supervisor":            {"领衔督办人的 slug", "who supervised, by its slug"},
	"office":                {"职务", "the office"},
	"visits":                {"督办调研视察次数", "how many visits of inspection"},
	"meetings":              {"办理协商座谈会次数", "how many meetings on the handling"},
	"note":                  {"说明", "a note"},
	"isLead":                {"是否主办单位", "whether it is the lead department"},
	"cases_steps.text":      {"该步骤所载内容", "what the case records of the step"},
	"proposals_events.kind": {"办理环节：FILED 立案，ASSIGNED 交办，SURVEYED 督办调研，MEETING_HELD 办理协商座谈，ENDORSED 批示，REPLIED 答复，ADOPTED 采纳，IMPLEMENTED 落实", "the stage of the handling"},

	"alternativeTitles": {"其他标题，含出处的误印", "another title, misprints of sources among them"},
	"alternativeNames":  {"其他名称", "another name"},
	"topics":            {"议题的 slug", "a topic, by its slug"},
	"possiblySameAs":    {"疑似同一案例的 slug", "a case that sources may mean as well, by its slug"},
	"proposals":         {"相关提案的 slug", "a proposal, by its slug"},
	"offices":           {"职务", "an office"},
	"cases":             {"相关案例的 slug", "a case, by its slug"},
	"brands":            {"相关品牌的 slug", "a brand, by its slug"},
	"indicators":        {"相关指标的 slug", "an indicator, by its slug"},
}

// meaningOf gives a column's meaning; empty where the codebook has none, which
// a test does not let pass.
func meaningOf(t table, c column) meaning {
	names := []string{t.name + "." + c.name, c.name}
	if t.list != "" && c.name == "value" {
		names = []string{t.list}
	}
	for _, n := range names {
		if m, ok := meanings[n]; ok {
			return m
		}
	}
	return meaning{}
}

// sourceOf says where a column's values come from.
func sourceOf(t table, c column) meaning {
	switch c.name {
	case "slug", "version", "createdAt", "updatedAt", "record", "position", "origin":
		return meaning{"由知识库记录", "kept by the knowledge base"}
	}
	switch {
	case t.list == "citations":
		return meaning{"逐字取自出处，并经核对", "taken from the source to the character, and checked"}
	case t.kind == catalog.KindSource:
		return meaning{"出处文献本身", "the document itself"}
	}
	return meaning{
		"依记录的 origin：DOCUMENTED 见引证表中 fields 含此字段的引文，CONTRIBUTED 由委员会填写",
		"by the record's origin: of a DOCUMENTED one, the quotes in the table of citations whose fields name this one; of a CONTRIBUTED one, the committee",
	}
}

var codebookHeader = []string{"table", "field", "type", "meaning_zh", "meaning_en", "source_zh", "source_en"}

func (w *writer) writeCodebook() error {
	var rows [][]string
	for _, kind := range catalog.RecordKinds {
		for _, t := range tablesOf(kind) {
			for _, c := range t.columns {
				m, s := meaningOf(t, c), sourceOf(t, c)
				rows = append(rows, []string{t.name, c.name, string(c.kind), m.zh, m.en, s.zh, s.en})
			}
		}
	}
	return w.putCSV(fileCodebook, codebookHeader, len(rows), func(i int) []string { return rows[i] })
}

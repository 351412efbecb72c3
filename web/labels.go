package web

import (
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// labels are the Chinese names of the enums' values, by enum.
var labels = map[string]map[string]string{
	"phase": {"BEFORE": "协商前", "DURING": "协商中", "AFTER": "协商后"},
	"role": {
		"CONVENER": "搭台方", "SERVER": "发球方", "RECEIVER": "接球方", "STAKEHOLDER": "相关方", "EXPERT_OR_PUBLIC": "专家、基层群众",
	},
	"outcome": {
		"SUBMITTED": "已报送", "ENDORSED": "获批示", "ADOPTED": "被采纳", "IMPLEMENTED": "已转化落实", "NOT_ADOPTED": "未采纳",
	},
	"event": {
		"SUBMITTED": "提出", "FILED": "立案", "ASSIGNED": "交办", "SURVEYED": "督办调研", "MEETING_HELD": "办理协商座谈",
		"ENDORSED": "批示", "REPLIED": "答复", "ADOPTED": "采纳", "IMPLEMENTED": "落实",
	},
	"resolution":   {"A": "A 类：已解决", "B": "B 类：正在解决或列入计划", "C": "C 类：留作参考"},
	"satisfaction": {"SATISFIED": "满意", "BASICALLY_SATISFIED": "基本满意", "UNSATISFIED": "不满意"},
	"venue":        {"LIAISON_STATION": "委员联络站（点）", "CONSULTATION_ROOM": "协商议事室"},
	"of":           {"COMMITTEE": "政协", "TOPIC": "主题"},
	"type":         {"Case": "案例", "Brand": "协商品牌", "Proposal": "提案", "Practice": "特色做法"},
}

// label is the Chinese name of an enum's value; a value that is not known is
// shown as it is, so that a new one does not break the page.
func label(enum string, value any) string {
	var name string
	switch v := text(value); enum {
	case "origin":
		name = catalog.Origin(v).Label()
	case "status":
		name = catalog.Status(v).Label()
	case "level":
		name = catalog.Level(v).Label()
	case "kind":
		name = catalog.RecordKind(v).Label()
	default:
		name = labels[enum][v]
	}
	if name == "" {
		return text(value)
	}
	return name
}

// fieldLabels are the Chinese names of the records' fields.
var fieldLabels = map[string]string{
	"title": "标题", "name": "名称", "alternativeTitles": "其他名称", "alternativeNames": "其他名称", "summary": "摘要",
	"background": "背景", "approach": "做法", "results": "成效", "lessons": "启示", "steps": "环节", "participants": "参加方",
	"outcomes": "协商成果", "recruitment": "参加人员产生方式", "committee": "政协", "region": "地区", "brand": "品牌",
	"topics": "议题", "year": "年份", "startedOn": "开始日期", "endedOn": "结束日期", "level": "层级", "origin": "来源",
	"citations": "引证", "status": "状态", "links": "相关链接", "participantCount": "参加人数", "meetingCount": "会议次数",
	"possiblySameAs": "可能为同一案例", "proposals": "提案", "cases": "案例", "brands": "品牌", "indicators": "指标",
	"text": "正文", "description": "简介", "parent": "上级", "proposers": "提案者", "addressedTo": "提交对象", "isKey": "重点提案",
	"supervisions": "领衔督办", "undertakers": "承办单位", "events": "办理过程", "resolution": "办理结果", "satisfaction": "满意度",
	"number": "案号", "ordinal": "序号", "form": "成果形式", "usedBy": "运用主体", "use": "运用方式", "effect": "有效性",
	"offices": "职务", "changes": "调整", "result": "效果", "adoptedOn": "日期", "topics.name": "议题",
	"committee.name": "政协", "region.name": "地区", "brand.name": "品牌",
}

// fieldLabel names a field by its path: outcomes.0.effect is 协商成果（第 1 项）的有效性.
func fieldLabel(path any) string {
	p := text(path)
	if name, ok := fieldLabels[p]; ok {
		return name
	}
	first, rest, _ := strings.Cut(p, ".")
	name, ok := fieldLabels[first]
	if !ok {
		return p
	}
	for _, step := range catalog.Procedure {
		if string(step.Code) == rest {
			return step.Name + "：" + step.Asks
		}
	}
	return name
}

// fieldNames are the names of fields by their paths, each once.
func fieldNames(paths any) string {
	var names []string
	for _, path := range list(paths) {
		if name := fieldLabel(path); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "、")
}

// actor names who changed a record; what came with the binary has no person's
// name.
func actor(by any) string {
	if name := text(by); name != "documented records" {
		return name
	}
	return "随知识库收录"
}

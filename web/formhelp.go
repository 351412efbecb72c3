package web

import "github.com/jisiguangyi/jisi/catalog"

// help is what stands below a field: what to write, and how somebody may put it.
// Examples name no real body, person or figure; saying is how what a side said may be put.
type help struct{ hint, example, saying string }

// stepHelp is the help for each step of the procedure.
var stepHelp = map[catalog.StepCode]help{
	catalog.StepAskPriority:        {"题目从哪里来：上级部署、年度协商计划、群众反映还是调研发现。", "列入年度协商计划；社区居民多次反映，社情民意信息集中；属于当年要办的民生实事。", ""},
	catalog.StepAskFitness:         {"为什么由政协来协商合适，力量够不够，边界在哪里。", "涉及几个部门，单靠一家协调不动；不涉及正在办理的案件；界别中有熟悉这一行的委员。", ""},
	catalog.StepAssessParticipants: {"请了哪些人，怎么选的，凭什么说他们有协商能力。", "按界别和专长推荐，再由社区推选居民代表；会前发了材料，办了一次培训。", ""},
	catalog.StepPlanInquiry:        {"会前怎样调研：去了哪里、问了谁、用了什么办法。", "分两组入户走访，开座谈会，到做得好的地方考察，形成问题清单。", ""},
	catalog.StepFivePartyExchange:  {"会上五方怎样互动：谁提出问题，谁回应，争议在哪里，怎样谈拢。", "居民代表提出费用分担的难处，主管部门当场说明政策，专家算了账，最后同意分期实施。", ""},
	catalog.StepOutcomeForm:        {"成果写成了什么：建议案、专题报告、协商纪要、社情民意信息等。", "形成协商纪要，由参加各方签字；另报送专题报告。", ""},
	catalog.StepOutcomeUse:         {"成果给谁用，怎样用：报送、批示、纳入计划、写进文件。", "报送党委、政府，由主管部门纳入下一年度计划。", ""},
	catalog.StepOutcomeEffect:      {"改变了什么，怎样核实的；没有评估过就照实写没有评估。", "工程按期完工；回访居民，对照问题清单逐条核对。", ""},
}

// roleHelp is the help for each of the five sides.
var roleHelp = map[catalog.PartyRole]help{
	catalog.RoleConvener:       {"召集协商的一方，一般是政协。", "某县政协\n某街道委员联络站", "介绍议题由来和前期调研，请各方把难处摆到桌面上，归纳出两条共识。"},
	catalog.RoleServer:         {"提出问题的一方。", "某小区居民代表\n提出意见的委员", "楼里老人上下不便，低层住户担心采光和分摊，盼着有人牵头算清楚账。"},
	catalog.RoleReceiver:       {"负责解决问题的一方，一般是主管部门。", "住房和城乡建设部门\n街道办事处", "说明补助政策和审批流程，承诺一个月内拿出方案，先试两个单元。"},
	catalog.RoleStakeholder:    {"事情牵涉到的其他各方。", "物业公司\n沿街商户", "愿意配合施工，希望错开早晚高峰，费用公开。"},
	catalog.RoleExpertOrPublic: {"参加协商的专家和基层群众。", "规划设计人员\n其他居民", "专家比较了三种做法的造价；居民代表赞成分期，先易后难。"},
}

package catalog

// Phase is a third of the procedure 两问三要三明确.
type Phase string

// The phases: before, during and after a consultation.
const (
	PhaseBefore Phase = "BEFORE" // 协商前
	PhaseDuring Phase = "DURING" // 协商中
	PhaseAfter  Phase = "AFTER"  // 协商后
)

// StepCode names one of the eight steps of the procedure.
type StepCode string

// The eight steps, as the province's document names them.
const (
	StepAskPriority        StepCode = "ASK_PRIORITY"
	StepAskFitness         StepCode = "ASK_FITNESS"
	StepAssessParticipants StepCode = "ASSESS_PARTICIPANTS"
	StepPlanInquiry        StepCode = "PLAN_INQUIRY"
	StepFivePartyExchange  StepCode = "FIVE_PARTY_EXCHANGE"
	StepOutcomeForm        StepCode = "OUTCOME_FORM"
	StepOutcomeUse         StepCode = "OUTCOME_USE"
	StepOutcomeEffect      StepCode = "OUTCOME_EFFECT"
)

// ProcedureStep is one step of the procedure itself, apart from any case.
type ProcedureStep struct {
	Code  StepCode
	Phase Phase
	Name  string // 一问, 二问, 一要 …
	Asks  string // what the step asks for, in Chinese
}

// Procedure is 两问三要三明确: the eight steps in their order.
var Procedure = []ProcedureStep{
	{StepAskPriority, PhaseBefore, "一问", "是不是党委政府中心工作、民生和社会关注的焦点热点"},
	{StepAskFitness, PhaseBefore, "二问", "适不适合政协来做、是否力所能及"},
	{StepAssessParticipants, PhaseDuring, "一要", "评估参加协商人员的协商能力"},
	{StepPlanInquiry, PhaseDuring, "二要", "明确调研方案"},
	{StepFivePartyExchange, PhaseDuring, "三要", "“五方”互动程序"},
	{StepOutcomeForm, PhaseAfter, "一明确", "成果表达形式"},
	{StepOutcomeUse, PhaseAfter, "二明确", "成果运用方式和运用主体"},
	{StepOutcomeEffect, PhaseAfter, "三明确", "成果的有效性"},
}

// Label is the step's name in Chinese with what it asks for.
func (p ProcedureStep) Label() string { return p.Name + "：" + p.Asks }

var stepCodeEnum = &Enum{Name: "StepCode", Values: func() []EnumChoice {
	var values []EnumChoice
	for _, p := range Procedure {
		values = append(values, EnumChoice{string(p.Code), p.Name, []string{p.Asks}})
	}
	return values
}()}

var phaseEnum = &Enum{Name: "Phase", Values: []EnumChoice{
	{string(PhaseBefore), "协商前", nil},
	{string(PhaseDuring), "协商中", nil},
	{string(PhaseAfter), "协商后", nil},
}}

// Label is the phase's name in Chinese.
func (p Phase) Label() string { return phaseEnum.Label(string(p)) }

// Valid reports whether s is one of the eight steps.
func (s StepCode) Valid() bool { return s.Phase() != "" }

// Phase is the third of the procedure that the step belongs to, "" where it is
// no step.
func (s StepCode) Phase() Phase {
	for _, p := range Procedure {
		if p.Code == s {
			return p.Phase
		}
	}
	return ""
}

// PartyRole is one of the five sides of an exchange (五方).
type PartyRole string

// The five parties.
const (
	RoleConvener       PartyRole = "CONVENER"         // 搭台方, the committee
	RoleServer         PartyRole = "SERVER"           // 发球方, raises the problem
	RoleReceiver       PartyRole = "RECEIVER"         // 接球方, solves it
	RoleStakeholder    PartyRole = "STAKEHOLDER"      // 相关方
	RoleExpertOrPublic PartyRole = "EXPERT_OR_PUBLIC" // 专家、基层群众
)

var partyRoleEnum = &Enum{Name: "PartyRole", Values: []EnumChoice{
	{string(RoleConvener), "搭台方", nil},
	{string(RoleServer), "发球方", nil},
	{string(RoleReceiver), "接球方", nil},
	{string(RoleStakeholder), "相关方", nil},
	{string(RoleExpertOrPublic), "专家、基层群众", []string{"专家", "基层群众", "专家和基层群众"}},
}}

// Valid reports whether r is one of the five parties.
func (r PartyRole) Valid() bool { return partyRoleEnum.Has(string(r)) }

// Label is the party's name in Chinese.
func (r PartyRole) Label() string { return partyRoleEnum.Label(string(r)) }

package catalog

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SubmissionState says how far a submission has come.
type SubmissionState string

// The states of a submission. The last three but WITHDRAWN are the caller's decision,
// which nobody else sees before the selection is published.
const (
	SubmissionSubmitted   SubmissionState = "SUBMITTED"
	SubmissionReturned    SubmissionState = "RETURNED"
	SubmissionAccepted    SubmissionState = "ACCEPTED"
	SubmissionShortlisted SubmissionState = "SHORTLISTED"
	SubmissionSelected    SubmissionState = "SELECTED"
	SubmissionNotSelected SubmissionState = "NOT_SELECTED"
	SubmissionWithdrawn   SubmissionState = "WITHDRAWN"
)

// SubmissionStates are all states, in the order of a submission's life.
var SubmissionStates = []SubmissionState{
	SubmissionSubmitted, SubmissionReturned, SubmissionAccepted, SubmissionShortlisted, SubmissionSelected, SubmissionNotSelected, SubmissionWithdrawn,
}

// Label is the state's name in Chinese.
func (s SubmissionState) Label() string {
	return map[SubmissionState]string{
		SubmissionSubmitted: "已报送", SubmissionReturned: "已退回", SubmissionAccepted: "已接收", SubmissionShortlisted: "入围",
		SubmissionSelected: "入选", SubmissionNotSelected: "未入选", SubmissionWithdrawn: "已撤回",
	}[s]
}

// Decision is what a caller decides of a submission.
type Decision string

// The decisions.
const (
	DecisionShortlisted Decision = "SHORTLISTED"
	DecisionSelected    Decision = "SELECTED"
	DecisionNotSelected Decision = "NOT_SELECTED"
)

// Valid reports whether d is one of the decisions.
func (d Decision) Valid() bool {
	return slices.Contains([]Decision{DecisionShortlisted, DecisionSelected, DecisionNotSelected}, d)
}

// Submission is a case that a committee recommends to a call, at one revision (报送).
// It holds what its reader may see of it: a store reads it for one viewer.
type Submission struct {
	ID          ID
	Version     int
	CallID      ID
	CaseID      *ID // nil for reviewers of a blind call
	CommitteeID *ID // likewise
	CaseVersion int
	SubmittedAt time.Time
	State       SubmissionState
	Note        *string // the submitter's; of a return, the caller's reason
	Decision    *string // the caller's word on its decision
	Mean        *float64
	Spread      *float64
	Rank        *int
	// Sees says as what the reader sees it.
	Sees Standing
	// ScoresShown says whether the reader may see the scores of others.
	ScoresShown bool
	Text        *JudgedText
	Newer       *int // for its committee: the case's version, where that is newer than what is judged
}

// Standing is as what somebody reads a submission.
type Standing string

// The standings, from the most to the least.
const (
	StandsCaller    Standing = "CALLER"
	StandsSubmitter Standing = "SUBMITTER"
	StandsReviewer  Standing = "REVIEWER"
	StandsPublic    Standing = "PUBLIC"
)

// SubmissionOrder is an order of a call's submissions.
type SubmissionOrder struct {
	Field     SubmissionOrderField
	Direction Direction
}

// SubmissionOrderField is what submissions can be ordered by.
type SubmissionOrderField string

// The orders of submissions.
const (
	SubmissionsAsSent SubmissionOrderField = "SENT"
	SubmissionsByRank SubmissionOrderField = "RANK"
)

// IsNode marks a submission as a GraphQL Node.
func (*Submission) IsNode() {}

// GlobalID is the opaque id by which clients know the submission.
func (s *Submission) GlobalID() string { return EncodeSubmissionID(s.ID) }

const submissionPrefix = "SUBMISSION:"

// EncodeSubmissionID makes the opaque, global, stable id of a submission, which is
// no record.
func EncodeSubmissionID(id ID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(submissionPrefix + strconv.FormatInt(int64(id), 10)))
}

// DecodeSubmissionID reads what EncodeSubmissionID made; anything else is a NOT_FOUND
// error.
func DecodeSubmissionID(global string) (ID, error) {
	raw, err := base64.RawURLEncoding.DecodeString(global)
	number, ok := strings.CutPrefix(string(raw), submissionPrefix)
	id, notNumber := strconv.ParseInt(number, 10, 64)
	if err != nil || !ok || notNumber != nil || id <= 0 || EncodeSubmissionID(ID(id)) != global {
		return 0, NoSubmission(global)
	}
	return ID(id), nil
}

// NoSubmission says that there is no submission by that id, for whoever asks.
func NoSubmission(global string) *Error {
	return &Error{
		Kind: KindNotFound, Path: "id",
		Zh: fmt.Sprintf("没有找到报送“%s”", Clip(global, 80)), En: fmt.Sprintf("there is no submission %q", Clip(global, 80)),
	}
}

// JudgedText is what of a case is judged.
type JudgedText struct {
	Title      string
	Summary    *string
	Background *string
	Approach   *string
	Results    *string
	Lessons    *string
	Characters int  // of the parts, with punctuation
	Synthetic  bool // a generator made it up
}

// Judged returns the texts of a case that are judged.
func Judged(in *CaseInput) *JudgedText {
	t := &JudgedText{Title: in.Title, Synthetic: in.Origin == OriginSynthetic}
	for _, p := range CaseParts {
		text := PartOf(in, p)
		t.Characters += CountCharacters(text).All
		if text != "" {
			*t.part(p) = &text
		}
	}
	return t
}

func (t *JudgedText) part(p CasePart) **string {
	switch p {
	case PartBackground:
		return &t.Background
	case PartApproach:
		return &t.Approach
	case PartResults:
		return &t.Results
	case PartLessons:
		return &t.Lessons
	}
	return &t.Summary
}

// PartOf returns a part of a case's written form.
func PartOf(in *CaseInput, p CasePart) string {
	switch p {
	case PartSummary:
		return in.Summary
	case PartBackground:
		return in.Background
	case PartApproach:
		return in.Approach
	case PartResults:
		return in.Results
	case PartLessons:
		return in.Lessons
	}
	return ""
}

// Score is a reviewer's figure for one criterion of a submission.
type Score struct {
	SubmissionID ID
	Reviewer     string
	Criterion    string
	Value        float64
	Comment      *string
}

// ScoreInput is a Score as it is written.
type ScoreInput struct {
	Criterion string
	Value     float64
	Comment   *string
}

// ValidateScores checks scores on their own, each by its place.
func ValidateScores(scores []ScoreInput) error {
	var c checker
	if len(scores) == 0 {
		c.invalid("scores", "请至少给一项评分", "give a score")
	}
	names := make([]string, len(scores))
	for i, s := range scores {
		names[i] = s.Criterion
		if math.IsNaN(s.Value) || s.Value < 0 || s.Value > 100 {
			c.invalid(at("scores", i)+".value", "评分须在 0 至 100 之间", "a score is from 0 to 100")
		}
		if s.Comment != nil {
			c.text(at("scores", i)+".comment", *s.Comment, MaxReason)
		}
	}
	unique(&c, "scores", names)
	return c.problems.Or()
}

// CallReviewer is who scores for one call.
type CallReviewer struct {
	ID     ID
	Name   string
	Done   int // submissions that it has scored by every criterion
	Left   int
	EndsOn Day // until when its link or account is good for the call
}

// CallProgress is what a committee that is asked has sent.
type CallProgress struct {
	CommitteeID ID
	Submitted   int // all that were sent and not withdrawn
	Returned    int
	Accepted    int
	Selected    int
}

// CallCheck is one thing that a call demands of a submission.
type CallCheck struct {
	Code      string
	OK        bool
	Message   string
	MessageZh string
	// Refuses says that a submission that fails it is not taken.
	Refuses bool
}

// The codes of checks.
const (
	CheckOpen       = "OPEN"       // the call is open
	CheckParts      = "PARTS"      // the parts that it wants are there
	CheckCharacters = "CHARACTERS" // it is as long as is wanted
	CheckTopics     = "TOPICS"     // it is about one of the call's topics
	CheckFigures    = "FIGURES"    // figures have a date near
	CheckElsewhere  = "ELSEWHERE"  // it stands in no other call
	CheckSimilar    = "SIMILAR"    // no other submission or public case is much the same
	CheckQuota      = "QUOTA"      // the committee has not sent as many as it may
	CheckNames      = "NAMES"      // a blind text does not name whose it is
)

func passed(code, zh, en string) CallCheck {
	return CallCheck{Code: code, OK: true, MessageZh: zh, Message: en}
}

func failed(code string, refuses bool, zh, en string) CallCheck {
	return CallCheck{Code: code, MessageZh: zh, Message: en, Refuses: refuses}
}

// CheckText checks a case's text by what the call demands of texts; names are what a
// blind text should not say.
func CheckText(call *Call, in *CaseInput, names []string) []CallCheck {
	checks := []CallCheck{checkParts(call, in), checkCharacters(call, in), checkFigures(in)}
	if call.Blind {
		checks = append(checks, checkNames(in, names))
	}
	return checks
}

func checkParts(call *Call, in *CaseInput) CallCheck {
	var zh, en []string
	for _, p := range call.Parts {
		if strings.TrimSpace(PartOf(in, CasePart(p))) == "" {
			zh, en = append(zh, CasePart(p).Label()), append(en, p)
		}
	}
	if len(zh) > 0 {
		return failed(CheckParts, true, "还缺："+strings.Join(zh, "、"), "is without "+strings.Join(en, ", "))
	}
	return passed(CheckParts, "要求的部分都有", "has all parts that are wanted")
}

func checkCharacters(call *Call, in *CaseInput) CallCheck {
	var n Characters
	for _, p := range CaseParts {
		one := CountCharacters(PartOf(in, p))
		n.All, n.Bare = n.All+one.All, n.Bare+one.Bare
	}
	zh := fmt.Sprintf("正文 %d 字（不计标点 %d 字）", n.All, n.Bare)
	en := fmt.Sprintf("%d characters (%d without punctuation)", n.All, n.Bare)
	switch {
	case call.MinCharacters != nil && n.All < *call.MinCharacters:
		return failed(CheckCharacters, true, fmt.Sprintf("%s，至少要 %d 字", zh, *call.MinCharacters), fmt.Sprintf("%s; at least %d are wanted", en, *call.MinCharacters))
	case call.MaxCharacters != nil && n.All > *call.MaxCharacters:
		return failed(CheckCharacters, true, fmt.Sprintf("%s，最多 %d 字", zh, *call.MaxCharacters), fmt.Sprintf("%s; at most %d are wanted", en, *call.MaxCharacters))
	}
	return passed(CheckCharacters, zh, en)
}

// checkFigures looks for paragraphs of the results that give figures and no time,
// where the case does not say its own either.
func checkFigures(in *CaseInput) CallCheck {
	if in.StartedOn != "" || in.EndedOn != "" || in.Year != nil {
		return passed(CheckFigures, "案例写明了时间", "the case says when it was")
	}
	for i, line := range strings.Split(in.Results, "\n") {
		if strings.ContainsAny(line, "0123456789０１２３４５６７８９") && !strings.ContainsAny(line, "年月日") {
			return failed(CheckFigures, false, fmt.Sprintf("成效第 %d 段有数字，没有写明是何时的", i+1), fmt.Sprintf("paragraph %d of the results has figures and no date", i+1))
		}
	}
	return passed(CheckFigures, "数字都写明了时间", "figures are dated")
}

func checkNames(in *CaseInput, names []string) CallCheck {
	text := in.Title + "\n"
	for _, p := range CaseParts {
		text += PartOf(in, p) + "\n"
	}
	var found []string
	for _, name := range names {
		if name != "" && strings.Contains(text, name) && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	if len(found) > 0 {
		return failed(CheckNames, false, "匿名评审，文中出现了"+strings.Join(found, "、"), "reviewing is blind, and the text names "+strings.Join(found, ", "))
	}
	return passed(CheckNames, "文中没有出现本地名称", "the text does not name its place")
}

// RegionStems returns the names by which a text may call a region: its name, and that
// without its ending where two characters or more are left.
func RegionStems(name string) []string {
	names := []string{name}
	for _, ending := range []string{"朝鲜族自治州", "朝鲜族自治县", "蒙古族自治县", "满族自治县", "自治州", "自治县", "市", "县", "区", "旗", "省"} {
		if stem, ok := strings.CutSuffix(name, ending); ok && len([]rune(stem)) >= 2 {
			return append(names, stem)
		}
	}
	return names
}

// Shingles returns the pieces of four characters of a text, letters and digits only, by
// which texts are compared: their hashes, each once, in ascending order.
func Shingles(text string) []uint64 {
	var all []uint64
	var window [4]rune
	n := 0
	for _, r := range text {
		if !isWordRune(r) {
			continue
		}
		copy(window[:], window[1:])
		window[3] = r
		if n++; n >= 4 {
			h := uint64(14695981039346656037)
			for _, c := range window {
				h = (h ^ uint64(c)) * 1099511628211
			}
			all = append(all, h)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func isWordRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x3400 && r <= 0x9FFF || r >= 0x20000 && r <= 0x3FFFF
}

// MuchTheSame is the share of pieces from which on two texts are much the same.
const MuchTheSame = 0.5

// Alike returns which share of the smaller one's pieces stands in the other, 0 where one
// is empty. Both are as Shingles returns them.
func Alike(a, b []uint64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return float64(n) / float64(min(len(a), len(b)))
}

// WholeText returns a case's title and parts as one text.
func WholeText(in *CaseInput) string {
	parts := []string{in.Title}
	for _, p := range CaseParts {
		parts = append(parts, PartOf(in, p))
	}
	return strings.Join(parts, "\n")
}

// SimilarCheck reports whether a submission is much like something else; other is what
// may be named of that, "" for nothing.
func SimilarCheck(found bool, other string) CallCheck {
	if found {
		return failed(CheckSimilar, false, "与"+other+"大部分文字相同", "is much the same as "+other)
	}
	return passed(CheckSimilar, "没有发现大部分相同的材料", "nothing much the same was found")
}

// ElsewhereCheck reports whether the case stands in another call; calls are the titles
// of those where it does.
func ElsewhereCheck(calls []string) CallCheck {
	if len(calls) > 0 {
		return failed(CheckElsewhere, false, "这个案例还报送了："+strings.Join(calls, "、"), "the case was sent to another call too: "+strings.Join(calls, ", "))
	}
	return passed(CheckElsewhere, "没有报送其他征集", "was sent to no other call")
}

// QuotaCheck reports whether a committee that has sent so many may send one more.
func QuotaCheck(call *Call, sent int) CallCheck {
	if call.Quota == nil {
		return passed(CheckQuota, "不限报送数", "there is no quota")
	}
	zh, en := fmt.Sprintf("已报送 %d 个，限报 %d 个", sent, *call.Quota), fmt.Sprintf("%d sent of %d", sent, *call.Quota)
	if sent >= *call.Quota {
		return failed(CheckQuota, true, zh, en)
	}
	return passed(CheckQuota, zh, en)
}

// TopicsCheck reports whether a case is about one of the call's topics.
func TopicsCheck(fits bool) CallCheck {
	if fits {
		return passed(CheckTopics, "议题符合", "is about one of the call's topics")
	}
	return failed(CheckTopics, false, "案例的议题不在征集的议题之内", "is about none of the call's topics")
}

// Refusal returns the problems for which a submission is not taken, nil for none.
func Refusal(checks []CallCheck) error {
	var p Problems
	for _, c := range checks {
		if !c.OK && c.Refuses {
			p = append(p, &Error{Kind: KindInvalid, Path: "case", Zh: c.MessageZh, En: "the case " + c.Message})
		}
	}
	return p.Or()
}

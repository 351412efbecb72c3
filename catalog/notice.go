package catalog

import (
	"strconv"
	"time"
)

// NoticeKind says what somebody is told.
type NoticeKind string

// The kinds of notices that are told today.
const (
	NoticeToReview        NoticeKind = "TO_REVIEW"
	NoticeReturned        NoticeKind = "RETURNED"
	NoticePublished       NoticeKind = "PUBLISHED"
	NoticeAdopted         NoticeKind = "ADOPTED"
	NoticeThanked         NoticeKind = "THANKED"
	NoticeNeedMatched     NoticeKind = "NEED_MATCHED"
	NoticeFollowedChanged NoticeKind = "FOLLOWED_CHANGED"

	NoticeCallOpened         NoticeKind = "CALL_OPENED"
	NoticeCallChanged        NoticeKind = "CALL_CHANGED"
	NoticeCallClosing        NoticeKind = "CALL_CLOSING"
	NoticeSubmissionReturned NoticeKind = "SUBMISSION_RETURNED"
	NoticeSubmissionAccepted NoticeKind = "SUBMISSION_ACCEPTED"
	NoticeSelectionPublished NoticeKind = "SELECTION_PUBLISHED"
)

var noticeKindEnum = &Enum{Name: "NoticeKind", Values: []EnumChoice{
	{string(NoticeToReview), "待审核", nil}, {string(NoticeReturned), "被退回", nil}, {string(NoticePublished), "已发布", nil},
	{string(NoticeAdopted), "被引进", nil}, {string(NoticeThanked), "收到致谢", nil}, {string(NoticeNeedMatched), "需求有回应", nil},
	{string(NoticeFollowedChanged), "关注有更新", nil},
	{string(NoticeCallOpened), "新征集", nil}, {string(NoticeCallChanged), "征集有变动", nil}, {string(NoticeCallClosing), "征集将截止", nil},
	{string(NoticeSubmissionReturned), "报送被退回", nil}, {string(NoticeSubmissionAccepted), "报送已接收", nil}, {string(NoticeSelectionPublished), "结果已公布", nil},
}}

// KeepNotices is how long a notice is shown.
const KeepNotices = 180 * 24 * time.Hour

// Notice is what somebody is told of a record (通知). Whoever may not read the
// record is not told.
type Notice struct {
	ID       ID
	Of       NoticeKind
	Kind     RecordKind // the record's
	RecordID ID
	Slug     string // of the record; of an adoption, of its case
	Title    string // of the record; of an adoption, of its case; "" where it is not to be told
	Adopter  string // of an adoption, its committee
	Actor    string // who did it
	Detail   string // the reason of a return, the words of thanks
	At       time.Time
	Read     bool
}

// GlobalID is the opaque id by which clients know the notice.
func (n *Notice) GlobalID() string { return strconv.FormatInt(int64(n.ID), 10) }

// Text is what the notice says, in Chinese. Of a record whose title is not to be told
// it says the kind.
func (n *Notice) Text() string {
	title := "《" + Clip(n.Title, 60) + "》"
	if n.Title == "" {
		title = ""
	}
	what := n.Kind.Label() + title
	if n.Kind == KindAdoption && n.Adopter != "" {
		what = n.Adopter + "引进" + title + "的推广记录"
	}
	switch n.Of {
	case NoticeToReview:
		return what + "等待审核" + behind("，由", n.Actor, "提交")
	case NoticeReturned:
		return what + "被退回" + behind("：", n.Detail, "")
	case NoticePublished:
		return what + "已发布"
	case NoticeAdopted:
		return n.Adopter + "引进了本会的案例" + title
	case NoticeThanked:
		return "案例" + title + "所属政协向" + n.Adopter + "致谢" + behind("：", n.Detail, "")
	case NoticeNeedMatched:
		return "需求" + title + "有了可参考的案例"
	case NoticeCallOpened:
		return "新的征集" + title + "：" + n.Detail
	case NoticeCallChanged:
		return "征集" + title + "有变动：" + n.Detail
	case NoticeCallClosing:
		return "征集" + title + "请尽快报送：" + n.Detail
	case NoticeSubmissionReturned:
		return "报送征集" + title + "的案例被退回：" + n.Detail
	case NoticeSubmissionAccepted:
		return "报送征集" + title + "的案例已接收：" + n.Detail
	case NoticeSelectionPublished:
		return "征集" + title + "的结果已公布" + n.Detail
	case NoticeFollowedChanged:
		return "您关注的内容有更新：" + what
	}
	return what
}

// behind puts a text between two others, "" where there is none.
func behind(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + text + after
}

// MaxFollows is how many follows somebody may have.
const MaxFollows = 100

// Follow is what somebody asked to be told of: one of its fields is set (关注).
type Follow struct {
	TopicID     *ID
	CommitteeID *ID
	RegionCode  *string
	Query       *string // all of its words stand in the record
}

// Validate checks that one thing is followed.
func (f *Follow) Validate() error {
	var c checker
	n := 0
	for _, set := range []bool{f.TopicID != nil, f.CommitteeID != nil, f.RegionCode != nil, f.Query != nil} {
		if set {
			n++
		}
	}
	if n != 1 {
		c.invalid("", "请写议题、政协、地区、检索词中的一项", "name one of topic, committee, region and query")
	}
	if f.Query != nil {
		c.required("query", *f.Query, MaxTitle)
	}
	return c.problems.Or()
}

// Field is the name of what is followed, in the API.
func (f *Follow) Field() string {
	switch {
	case f.TopicID != nil:
		return "topic"
	case f.CommitteeID != nil:
		return "committee"
	case f.RegionCode != nil:
		return "region"
	}
	return "query"
}

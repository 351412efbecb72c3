package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Edit is one thing that a viewer does with one record.
type Edit struct {
	Action Action
	Kind   RecordKind
	// ID is the record's, 0 for CREATE and RECORD, which bring one in. Version
	// is the one that the viewer has seen; another means that somebody was
	// quicker.
	ID      ID
	Version int
	// Input is what CREATE, RECORD and UPDATE write: the whole record, but for
	// its status, which is the workflow's.
	Input Input
	// FreeSlug lets the slug of a new record have a number added where it is
	// taken: it was made from the title, nobody asked for it.
	FreeSlug bool
	Revision int    // RESTORE: the version whose content comes back
	Reason   string // RETURN and ARCHIVE: why; kept with the revision
	Thanks   string // THANK: what is said; "" takes back what was
	Case     string // ANSWER: what answers the need, by slug or id
	// ClosesOn is when a call is to close, for CLOSE; "" is at once.
	ClosesOn Day
	// Keep is the person that stays in a MERGE, and KeepVersion the version of it that
	// the viewer has seen; ID is the one that goes.
	Keep        ID
	KeepVersion int
	// Key makes the same edit sent again one change; nil where the client gave none.
	Key *IdempotencyKey
}

// IdempotencyKey names one change of one request, as its viewer did.
type IdempotencyKey struct {
	Key     string   // what the client made up
	Field   string   // which of the request's changes, by its path in the answer
	Request [32]byte // the digest of the request; the same key with another one is an error
}

type keyKey struct{}

// WithKey returns a context whose changes of submissions are known again by k; nil is
// none.
func WithKey(ctx context.Context, k *IdempotencyKey) context.Context {
	return context.WithValue(ctx, keyKey{}, k)
}

// KeyFrom returns the context's key, nil where it has none.
func KeyFrom(ctx context.Context) *IdempotencyKey {
	k, _ := ctx.Value(keyKey{}).(*IdempotencyKey)
	return k
}

// MaxIdempotencyKey is the most characters that such a key may have, and
// KeepIdempotencyKeys how long it holds.
const (
	MaxIdempotencyKey   = 255
	KeepIdempotencyKeys = 24 * time.Hour
)

// ValidIdempotencyKey reports whether a key is 1 to MaxIdempotencyKey printable
// ASCII characters.
func ValidIdempotencyKey(key string) bool {
	return len(key) > 0 && len(key) <= MaxIdempotencyKey && !strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' })
}

// Edited is what became of an edit.
type Edited struct {
	ID      ID
	Version int
	// Action is NEW or CHANGED, or SAME where the record said all that already,
	// so that there is no new version.
	Action WriteAction
	// Again says that the change was made before, by a request with the same key.
	Again bool
}

// MaxReason is how long a reason may be, in code points.
const MaxReason = 2000

// Validate checks what the edit brings beside its input.
func (e *Edit) Validate() error {
	var c checker
	if needsReason := slices.Contains([]Action{ActionReturn, ActionArchive, ActionClose, ActionRetract}, e.Action); needsReason {
		if strings.TrimSpace(e.Reason) == "" {
			c.invalid("reason", "请说明原因", "say why")
		}
		c.text("reason", e.Reason, MaxReason)
		readableText(&c, "reason", e.Reason)
	}
	if e.Action == ActionThank {
		c.text("thanks", e.Thanks, MaxReason)
		readableText(&c, "thanks", e.Thanks)
	}
	if e.ClosesOn != "" && !e.ClosesOn.Valid() {
		c.invalid("closesOn", "请写日期，例如 2026-09-30", "must be a day, as 2026-09-30")
	}
	if e.ID != 0 && e.Version < 1 {
		c.invalid("version", "版本从 1 起", "versions count from 1")
	}
	if e.Input != nil {
		checkReadable(&c, e.Input)
	}
	return c.problems.Or()
}

// checkReadable refuses texts with U+FFFD, which stands where a character could
// not be read, such as half of a surrogate pair: to keep it would be to lose
// what was meant.
func checkReadable(c *checker, in Input) {
	raw, err := json.Marshal(in)
	if err != nil {
		c.invalid("", "无法识别", "cannot be read")
		return
	}
	var fields any
	if json.Unmarshal(raw, &fields) == nil {
		eachText("", fields, func(path, text string) { readableText(c, path, text) })
	}
}

func eachText(path string, v any, visit func(path, text string)) {
	if text, ok := v.(string); ok {
		visit(path, text)
		return
	}
	fields := fieldsOf(v)
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		eachText(join(path, name), fields[name], visit)
	}
}

func readableText(c *checker, path, text string) {
	if i := strings.IndexRune(text, utf8.RuneError); i >= 0 {
		n := utf8.RuneCountInString(text[:i]) + 1
		c.invalid(path, fmt.Sprintf("第 %d 个字无法识别，可能是编码有误", n), fmt.Sprintf("character %d cannot be read; its encoding may be wrong", n))
	}
}

// SetOwner has a record belong to the committee where its input says of none: somebody of
// that committee writes it. A proposal belongs to the committees among its proposers, and
// the committee is added as one; was is what the input changes, nil for a new record, and
// a proposal that belonged to none still does.
func SetOwner(in, was Input, committee string) {
	if owner := OwnerOf(in); owner != nil {
		if *owner == "" {
			*owner = committee
		}
		return
	}
	p, ok := in.(*ProposalInput)
	if !ok || p.ofCommittee() {
		return
	}
	if old, ok := was.(*ProposalInput); ok && !old.ofCommittee() {
		return
	}
	p.Proposers = append(p.Proposers, ProposerInput{Committee: committee})
}

// ofCommittee reports whether a committee is among the proposers.
func (in *ProposalInput) ofCommittee() bool {
	return slices.ContainsFunc(in.Proposers, func(p ProposerInput) bool { return p.Committee != "" })
}

// OwnerOf returns the reference by which an input says to which committee its
// record belongs, nil for kinds that belong to none or, as proposals, to several.
func OwnerOf(in Input) *string {
	switch in := in.(type) {
	case *CaseInput:
		return &in.Committee
	case *BrandInput:
		return &in.Committee
	case *EvaluationInput:
		return &in.Committee
	case *AdoptionInput:
		return &in.Adopter
	case *VenueInput:
		return &in.Committee
	case *PersonInput:
		return &in.Committee
	case *PracticeInput:
		return &in.Committee
	case *ActivityInput:
		return &in.Committee
	case *EvaluationRoundInput:
		return &in.Committee
	case *NeedInput:
		return &in.Committee
	case *ReportInput:
		return &in.EnteredBy
	case *CallInput:
		return &in.Committee
	case *CollectionInput:
		return &in.Committee
	}
	return nil
}

// OwnersOf returns the committees to which an input's record belongs, as the input
// calls them.
func OwnersOf(in Input) []string {
	var owners []string
	if one := OwnerOf(in); one != nil && *one != "" {
		owners = append(owners, *one)
	}
	if proposal, ok := in.(*ProposalInput); ok {
		for _, p := range proposal.Proposers {
			if p.Committee != "" {
				owners = append(owners, p.Committee)
			}
		}
	}
	return owners
}

// SetOrigin settles where a record says it comes from; current is what it says
// now, "" for a new one. A committee answers for what it writes in: CONTRIBUTED.
// That a record is what a source says, DOCUMENTED, is for an admin to claim, with
// citations. The other two origins are not for people to give.
func SetOrigin(v *Viewer, in Input, current Origin) error {
	head := in.Head()
	switch {
	case head.Origin == "" && current == "":
		head.Origin = OriginContributed
		return nil
	case head.Origin == "" || head.Origin == current:
		head.Origin = current
		return nil
	case !head.Origin.Valid():
		return nil // Validate says so, with all else
	case head.Origin == OriginSynthetic || head.Origin == OriginReference:
		return &Error{Kind: KindInvalid, Path: "origin", Zh: "来源只能是 CONTRIBUTED 或 DOCUMENTED", En: "a record that is written in is CONTRIBUTED or DOCUMENTED"}
	case head.Origin == OriginContributed && current == "":
		return nil
	case v.role() != RoleAdmin:
		return &Error{Kind: KindForbidden, Path: "origin", Zh: "只有管理员能更改来源，或注明记录有出处", En: "only an admin may change the origin, or claim that a record is documented"}
	case current == OriginSynthetic || current == OriginReference:
		return &Error{Kind: KindInvalid, Path: "origin", Zh: "合成数据和基础数据不能改作别的来源", En: "what is synthetic or for reference stays so"}
	}
	return nil
}

// ConflictDetail says what happened to a record since the version that a client
// has seen.
type ConflictDetail struct {
	Kind    RecordKind
	Version int       // the record's now
	Fields  []string  // what differs, by field: "title", "outcomes"
	By      []string  // who changed it since, the last one first
	At      time.Time // when it last changed
}

// Conflict says that the record has gone on since the version that the client
// has seen.
func Conflict(seen int, d *ConflictDetail) *Error {
	if d.Version < seen {
		return &Error{
			Kind: KindConflict, Path: "version", Conflict: d,
			Zh: fmt.Sprintf("没有第 %d 版，现为第 %d 版", seen, d.Version), En: fmt.Sprintf("there is no version %d; the record is at version %d", seen, d.Version),
		}
	}
	labels := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		labels[i] = FieldLabel(d.Kind, f)
	}
	at, local := d.At.UTC().Format("2006-01-02 15:04 UTC"), d.At.In(Zone()).Format("2006年1月2日 15:04")
	zh, en := "内容没有不同", "nothing"
	if len(d.Fields) > 0 {
		zh, en = "改动了"+strings.Join(labels, "、"), strings.Join(d.Fields, ", ")
	}
	return &Error{
		Kind: KindConflict, Path: "version", Conflict: d,
		Zh: fmt.Sprintf("您看到的是第 %d 版，现为第 %d 版：%s 于 %s %s。请对照后再改", seen, d.Version, strings.Join(d.By, "、"), local, zh),
		En: fmt.Sprintf("you have seen version %d, the record is at version %d: %s changed %s, last at %s; compare and try again", seen, d.Version, strings.Join(d.By, ", "), en, at),
	}
}

// Outermost returns the names of the fields that changes are about, "outcomes" for
// "outcomes.0.effect", in their order, each once.
func Outermost(changes []FieldChange) []string {
	fields := []string{}
	for _, c := range changes {
		name, _, _ := strings.Cut(c.Path, ".")
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields
}

// Numbered returns the slug with a number, cutting it where it would be too long.
func Numbered(slug string, n int) string {
	number := "-" + strconv.Itoa(n)
	return strings.TrimRight(slug[:min(len(slug), MaxSlug-len(number))], "-") + number
}

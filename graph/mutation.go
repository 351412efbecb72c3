package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// Writer does what a request's viewer asks for with one record.
type Writer interface {
	Edit(ctx context.Context, e catalog.Edit) (catalog.Edited, error)
	Submit(ctx context.Context, call, of catalog.ID, note string) (id catalog.ID, version int, err error)
	WithdrawSubmission(ctx context.Context, id catalog.ID, version int) (int, error)
	ReturnSubmission(ctx context.Context, id catalog.ID, version int, reason string) (int, error)
	AcceptSubmission(ctx context.Context, id catalog.ID, version int) (int, error)
	Score(ctx context.Context, id catalog.ID, scores []catalog.ScoreInput) error
	Decide(ctx context.Context, id catalog.ID, version int, d catalog.Decision, note string) (int, error)
	PublishSelection(ctx context.Context, call catalog.ID, version int) (int, error)
	RetractSelection(ctx context.Context, call catalog.ID, version int, reason string) (int, error)
	NameReviewer(ctx context.Context, call catalog.ID, name, account string, until catalog.Day) (id catalog.ID, token string, err error)
	DismissReviewer(ctx context.Context, call catalog.ID, name string) error
	RemindCall(ctx context.Context, call catalog.ID, only []catalog.ID) (told int, err error)
	AskNeed(ctx context.Context, need catalog.ID) (catalog.Edited, error)
	Follow(ctx context.Context, f catalog.Follow) error
	Unfollow(ctx context.Context, f catalog.Follow) error
	MarkNoticesRead(ctx context.Context, ids []catalog.ID) (marked, unread int, err error)
	KeepWriting(ctx context.Context, w catalog.Writing, seen *time.Time) (*catalog.Writing, error)
	DiscardWriting(ctx context.Context, k catalog.WritingKey) (bool, error)
	AccountWriter
	DeliveryWriter
}

// bringIn brings a new record in. A slug that the client leaves out is made from
// what the record is called.
func bringIn[T any](ctx context.Context, r *Resolver, action catalog.Action, in catalog.Input, of func(*loaders.Loaders) loaders.One[catalog.ID, *T]) (*model.Payload[T], error) {
	e := catalog.Edit{Action: action, Kind: in.Kind(), Input: in}
	r.spellNewPersons(in)
	if round, ok := in.(*catalog.EvaluationRoundInput); ok && round.Committee == "" { // which it is called by
		if err := ownCommittee(ctx, &round.Committee); err != nil {
			return nil, err
		}
	}
	if in.Head().Slug == "" {
		in.Head().Slug, e.FreeSlug = r.slugFor(in), true
	}
	return edit(ctx, r, e, of)
}

// ownCommittee sets the owner that an input leaves out: the viewer's committee.
func ownCommittee(ctx context.Context, owner *string) error {
	v := catalog.ViewerFrom(ctx)
	if v == nil || v.Committee == 0 {
		return nil
	}
	own, err := loaders.From(ctx).CommitteeByID.Maybe(ctx, &v.Committee)
	if own != nil {
		*owner = own.Slug
	}
	return err
}

// alter does something with the record of a global id.
func alter[T any](ctx context.Context, r *Resolver, global string, e catalog.Edit, of func(*loaders.Loaders) loaders.One[catalog.ID, *T]) (*model.Payload[T], error) {
	id, err := catalog.DecodeIDOf(e.Kind, global)
	var wrong *catalog.Error
	if errors.As(err, &wrong) && catalog.ViewerFrom(ctx) != nil {
		return &model.Payload[T]{UserErrors: []*model.UserError{userError(wrong, []string{"id"})}}, nil
	}
	r.spellNewPersons(e.Input)
	e.ID = id // without a viewer, the store says that there is none
	return edit(ctx, r, e, of)
}

// edit has the store do it and returns the record as it is then. What a person can
// mend stands in the payload, all else is the request's error.
func edit[T any](ctx context.Context, r *Resolver, e catalog.Edit, of func(*loaders.Loaders) loaders.One[catalog.ID, *T]) (*model.Payload[T], error) {
	key, err := idempotencyKey(ctx)
	if err != nil {
		return nil, err
	}
	e.Key = key
	done, err := r.Writer.Edit(ctx, e)
	if err != nil {
		mend, err := userErrors(err, e)
		return &model.Payload[T]{UserErrors: mend}, err
	}
	loaders.Renew(ctx) // what was read before may not hold any more
	record, err := of(loaders.From(ctx)).Maybe(ctx, &done.ID)
	return &model.Payload[T]{Record: record, Version: &done.Version, UserErrors: []*model.UserError{}}, err
}

// userErrors returns what of an error a person can mend, or the error itself where
// nobody can.
func userErrors(err error, e catalog.Edit) ([]*model.UserError, error) {
	return mendable(err, func(path string) []string { return argumentPath(path, e) })
}

// payloadErrors is userErrors for mutations without an input: path is where an error
// without one belongs, "" for nowhere.
func payloadErrors(err error, path string) ([]*model.UserError, error) {
	return mendable(err, func(own string) []string {
		if at := cmp.Or(own, path); at != "" {
			return []string{at}
		}
		return []string{}
	})
}

// mendable returns what of an error a person can mend, each at the place that at says of
// its path, or the error itself where nobody can: where one of its problems is none of
// theirs, or of the request's header, which is no argument.
func mendable(err error, at func(path string) []string) ([]*model.UserError, error) {
	var problems catalog.Problems
	var one *catalog.Error
	switch {
	case errors.As(err, &problems):
	case errors.As(err, &one):
		problems = catalog.Problems{one}
	}
	var mend []*model.UserError
	for _, p := range problems {
		switch p.Kind {
		case catalog.KindInvalid, catalog.KindNotFound, catalog.KindConflict, catalog.KindForbidden, catalog.KindDuplicate:
		default:
			return nil, err
		}
		if p.Path == idempotencyHeader {
			return nil, err
		}
		mend = append(mend, userError(p, at(p.Path)))
	}
	if len(mend) == 0 {
		return nil, err
	}
	return mend, nil
}

func userError(e *catalog.Error, path []string) *model.UserError {
	return &model.UserError{Path: path, Code: e.Kind, Message: e.En, MessageZh: e.Zh, Conflict: e.Conflict}
}

// argumentPath puts a field of the domain in its place among a mutation's
// arguments.
func argumentPath(path string, e catalog.Edit) []string {
	switch {
	case e.Action == catalog.ActionMerge && path != "":
		return []string{path}
	case path == "version" || path == "revision" || path == "reason" || path == "id" || path == "closesOn" && e.Action == catalog.ActionClose:
		return []string{path}
	case e.Action == catalog.ActionThank && path == "thanks" || e.Action == catalog.ActionAnswer && path == "case":
		return []string{path}
	case e.Kind == catalog.KindReport && e.Input != nil && catalog.IsReportedName(path):
		return []string{"input", "record", path}
	case e.Input != nil && path != "" && path != "status":
		return append([]string{"input"}, strings.Split(path, ".")...)
	case e.Input != nil && e.ID == 0:
		return []string{"input"}
	}
	return []string{"id"}
}

const idempotencyHeader = "Idempotency-Key"

// idempotencyKey names this field's change by the request's header, nil where it
// has none.
func idempotencyKey(ctx context.Context) (*catalog.IdempotencyKey, error) {
	op := graphql.GetOperationContext(ctx)
	key := op.Headers.Get(idempotencyHeader)
	if key == "" {
		return nil, nil //nolint:nilnil // most requests have none
	}
	if !catalog.ValidIdempotencyKey(key) {
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Path: idempotencyHeader,
			Zh: "Idempotency-Key 须为 1 至 255 个可打印的 ASCII 字符", En: "Idempotency-Key must be 1 to 255 printable ASCII characters",
		}
	}
	request, err := json.Marshal([]any{op.RawQuery, op.OperationName, op.Variables})
	if err != nil {
		return nil, err
	}
	return &catalog.IdempotencyKey{Key: key, Field: graphql.GetPath(ctx).String(), Request: sha256.Sum256(request)}, nil
}

// slugFor makes a slug for a new record: the store adds a number where it is
// taken.
func (r *Resolver) slugFor(in catalog.Input) string {
	var parts []string
	switch in := in.(type) {
	case *catalog.CaseInput:
		parts = []string{r.Spell(in.Title)}
	case *catalog.BrandInput:
		parts = []string{r.Spell(in.Name)}
	case *catalog.ProposalInput:
		parts = []string{r.Spell(in.Title)}
	case *catalog.CallInput:
		parts = []string{r.Spell(in.Title)}
	case *catalog.CollectionInput:
		parts = []string{r.Spell(in.Title)}
	case *catalog.NeedInput:
		parts = []string{r.Spell(catalog.Cut(in.Problem, 30))}
	case *catalog.ReportInput:
		parts = []string{r.Spell(catalog.Cut(in.Title, 30))}
	case *catalog.AdoptionInput:
		parts = []string{r.spellName(in.Adopter), r.spellName(in.Case)}
	case *catalog.PersonInput:
		parts = []string{r.Spell(in.Name)}
	case *catalog.VenueInput:
		parts = []string{r.Spell(in.Name)}
	case *catalog.ActivityInput:
		parts = []string{r.Spell(in.Title)}
	case *catalog.PracticeInput:
		parts = []string{r.Spell(in.Title)}
	case *catalog.EvaluationRoundInput:
		parts = []string{r.spellName(in.Committee), strconv.Itoa(in.Year)}
	case *catalog.EvaluationInput:
		parts = []string{r.spellName(in.Committee), strconv.Itoa(in.Year), r.Spell(in.Department)}
	}
	slug := strings.Trim(strings.Join(parts, "-"), "-")
	if slug = strings.TrimRight(slug[:min(len(slug), catalog.MaxSlug)], "-"); !catalog.ValidSlug(slug) {
		return strings.ToLower(string(in.Kind())) // of signs only: nothing can be spelt
	}
	return slug
}

// spellName spells what a reference calls a record: its slug as it is, its id by
// its number, its name in pinyin.
func (r *Resolver) spellName(name string) string {
	if catalog.ValidSlug(name) {
		return name
	}
	if kind, id, err := catalog.DecodeID(name); err == nil {
		return strings.ToLower(string(kind)) + "-" + strconv.FormatInt(int64(id), 10)
	}
	return r.Spell(name)
}

// actions are what the viewer may do now with a record of these committees.
func actions(ctx context.Context, record catalog.Record, owners ...*catalog.ID) []catalog.Action {
	var ids []catalog.ID
	for _, o := range owners {
		if o != nil {
			ids = append(ids, *o)
		}
	}
	return catalog.ActionsFor(catalog.ViewerFrom(ctx), ids, record.Head().Status)
}

// adoptionActions are actions for an adoption: its adopter's, and the thanks of
// the committee whose case it is.
func adoptionActions(ctx context.Context, a *catalog.Adoption) ([]catalog.Action, error) {
	list := actions(ctx, a, &a.AdopterID)
	taken, err := loaders.From(ctx).CaseByID.Maybe(ctx, &a.CaseID)
	if taken == nil || err != nil {
		return list, err
	}
	if v := catalog.ViewerFrom(ctx); a.Status == catalog.StatusPublished && catalog.May(v, catalog.ActionThank, value(taken.CommitteeID), a.Status) == nil {
		list = append(list, catalog.ActionThank)
	}
	return list, nil
}

// proposalActions are actions for a proposal, which belongs to the committees
// that put it.
func proposalActions(ctx context.Context, p *catalog.Proposal) ([]catalog.Action, error) {
	put, err := loaders.From(ctx).ProposersOf.Load(ctx, p.ID)
	owners := make([]*catalog.ID, len(put))
	for i, one := range put {
		owners[i] = one.CommitteeID
	}
	return actions(ctx, p, owners...), err
}

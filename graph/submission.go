package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// keyed returns the context with this field's idempotency key.
func keyed(ctx context.Context) (context.Context, error) {
	key, err := idempotencyKey(ctx)
	return catalog.WithKey(ctx, key), err
}

// changed returns what became of a change of a submission.
func (r *Resolver) changed(ctx context.Context, global string, change func(ctx context.Context, id catalog.ID) (version int, err error)) (*model.SubmissionPayload, error) {
	ctx, err := keyed(ctx)
	if err != nil {
		return nil, err
	}
	id, err := catalog.DecodeSubmissionID(global)
	version := 0
	if err == nil || catalog.ViewerFrom(ctx) == nil { // without a viewer, the store says that there is none
		version, err = change(ctx, id)
	}
	return submissionPayload(ctx, id, version, err)
}

func submissionPayload(ctx context.Context, id catalog.ID, version int, err error) (*model.SubmissionPayload, error) {
	if err != nil {
		mend, err := payloadErrors(err, "id")
		return &model.SubmissionPayload{UserErrors: mend}, err
	}
	loaders.Renew(ctx)
	record, err := loaders.From(ctx).SubmissionByID.Maybe(ctx, &id)
	payload := &model.SubmissionPayload{Record: record, Version: &version, UserErrors: []*model.UserError{}}
	if version == 0 {
		payload.Version = nil
	}
	if record != nil { // as the caller sees it
		payload.Version = &record.Version
	}
	return payload, err
}

// submit recommends a case to a call.
func (r *Resolver) submit(ctx context.Context, call, of string, note *string) (*model.SubmissionPayload, error) {
	ctx, err := keyed(ctx)
	if err != nil {
		return nil, err
	}
	callID, caseID, err := r.callAndCase(ctx, call, of)
	id, version := catalog.ID(0), 0
	if err == nil {
		text := ""
		if note != nil {
			text = *note
		}
		id, version, err = r.Writer.Submit(ctx, callID, caseID, text)
	}
	return submissionPayload(ctx, id, version, err)
}

// callAndCase reads the ids of both; without a viewer what they name is nobody's
// business.
func (r *Resolver) callAndCase(ctx context.Context, call, of string) (callID, caseID catalog.ID, err error) {
	if catalog.ViewerFrom(ctx) == nil {
		return 0, 0, nil
	}
	if callID, err = catalog.DecodeIDOf(catalog.KindCall, call); err != nil {
		return 0, 0, at(err, "call")
	}
	caseID, err = catalog.DecodeIDOf(catalog.KindCase, of)
	return callID, caseID, at(err, "case")
}

// at puts a path into an error that has none.
func at(err error, path string) error {
	if one, ok := err.(*catalog.Error); ok && one.Path == "" { //nolint:errorlint // it is made here
		one.Path = path
	}
	return err
}

// selection publishes or retracts a selection.
func (r *Resolver) selection(ctx context.Context, global string, change func(ctx context.Context, id catalog.ID) (version int, err error)) (*model.CallPayload, error) {
	ctx, err := keyed(ctx)
	if err != nil {
		return nil, err
	}
	id, err := r.callID(ctx, global)
	version := 0
	if err == nil {
		version, err = change(ctx, id)
	}
	if err != nil {
		mend, err := payloadErrors(err, "call")
		return &model.CallPayload{UserErrors: mend}, err
	}
	loaders.Renew(ctx)
	record, err := loaders.From(ctx).CallByID.Maybe(ctx, &id)
	return &model.CallPayload{Record: record, Version: &version, UserErrors: []*model.UserError{}}, err
}

func (r *Resolver) callID(ctx context.Context, global string) (catalog.ID, error) {
	if catalog.ViewerFrom(ctx) == nil {
		return 0, nil
	}
	id, err := catalog.DecodeIDOf(catalog.KindCall, global)
	return id, at(err, "call")
}

// reviewersOf returns what became of a change of a call's reviewers.
func (r *Resolver) reviewersOf(ctx context.Context, global string, change func(ctx context.Context, id catalog.ID) (token string, err error)) (*model.CallReviewerPayload, error) {
	ctx, err := keyed(ctx)
	if err != nil {
		return nil, err
	}
	id, err := r.callID(ctx, global)
	token := ""
	if err == nil {
		token, err = change(ctx, id)
	}
	if err != nil {
		mend, err := payloadErrors(err, "call")
		return &model.CallReviewerPayload{Reviewers: []*catalog.CallReviewer{}, UserErrors: mend}, err
	}
	list, err := r.Store.CallReviewers(ctx, id)
	payload := &model.CallReviewerPayload{Reviewers: list, UserErrors: []*model.UserError{}}
	if token != "" {
		payload.Token = &token
	}
	return payload, err
}

// remind tells those of the committees that have sent nothing.
func (r *Resolver) remind(ctx context.Context, global string, committees []string) (*model.RemindPayload, error) {
	ctx, err := keyed(ctx)
	if err != nil {
		return nil, err
	}
	id, err := r.callID(ctx, global)
	var only []catalog.ID
	for _, c := range committees {
		one, wrong := catalog.DecodeIDOf(catalog.KindCommittee, c)
		if wrong != nil && err == nil && catalog.ViewerFrom(ctx) != nil {
			err = at(wrong, "committees")
		}
		only = append(only, one)
	}
	told := 0
	if err == nil {
		told, err = r.Writer.RemindCall(ctx, id, only)
	}
	if err != nil {
		mend, err := payloadErrors(err, "call")
		return &model.RemindPayload{UserErrors: mend}, err
	}
	return &model.RemindPayload{Told: told, UserErrors: []*model.UserError{}}, nil
}

// score writes the caller's own scores.
func (r *Resolver) score(ctx context.Context, global string, scores []*catalog.ScoreInput) (*model.SubmissionPayload, error) {
	list := make([]catalog.ScoreInput, len(scores))
	for i, o := range scores {
		list[i] = *o
	}
	return r.changed(ctx, global, func(ctx context.Context, id catalog.ID) (int, error) { return 0, r.Writer.Score(ctx, id, list) })
}

func (r *Resolver) decide(ctx context.Context, global string, version int, d catalog.Decision, note *string) (*model.SubmissionPayload, error) {
	text := ""
	if note != nil {
		text = *note
	}
	return r.changed(ctx, global, func(ctx context.Context, id catalog.ID) (int, error) {
		return r.Writer.Decide(ctx, id, version, d, text)
	})
}

func (r *Resolver) nameReviewer(ctx context.Context, call, name string, account *string, until catalog.Day) (*model.CallReviewerPayload, error) {
	login := ""
	if account != nil {
		login = *account
	}
	return r.reviewersOf(ctx, call, func(ctx context.Context, id catalog.ID) (string, error) {
		_, token, err := r.Writer.NameReviewer(ctx, id, name, login, until)
		return token, err
	})
}

func (r *Resolver) submissionChecks(ctx context.Context, call, of string) ([]*catalog.CallCheck, error) {
	callID, caseID, err := r.callAndCase(ctx, call, of)
	if err != nil {
		return nil, err
	}
	checks, err := r.Store.SubmissionChecks(ctx, callID, caseID)
	return pointers(checks), err
}

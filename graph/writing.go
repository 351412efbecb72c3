package graph

import (
	"context"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// writingKey reads what a client calls a writing.
func writingKey(kind string, record *string, name string) (catalog.WritingKey, error) {
	k := catalog.WritingKey{Of: catalog.RecordKind(kind), Name: name}
	var err error
	if record != nil {
		k.Record, err = catalog.DecodeIDOf(k.Of, *record)
	}
	return k, err
}

func (r *Resolver) writings(ctx context.Context, kind, record, name *string) ([]*catalog.Writing, error) {
	var of *catalog.RecordKind
	if kind != nil {
		k := catalog.RecordKind(*kind)
		of = &k
	}
	var id *catalog.ID
	if record != nil {
		_, n, err := catalog.DecodeID(*record)
		if err != nil {
			return []*catalog.Writing{}, nil //nolint:nilerr // of an id that is none there is nothing
		}
		id = &n
	}
	return r.Store.Writings(ctx, of, id, name)
}

func (r *Resolver) keepWriting(ctx context.Context, kind string, record *string, name, content string, seen *time.Time) (*model.WritingPayload, error) {
	k, err := writingKey(kind, record, name)
	var kept *catalog.Writing
	if err == nil || catalog.ViewerFrom(ctx) == nil {
		kept, err = r.Writer.KeepWriting(ctx, catalog.Writing{Of: k.Of, Record: k.Record, Name: k.Name, Content: content}, seen)
	}
	if err != nil {
		mend, err := payloadErrors(err, "record")
		return &model.WritingPayload{UserErrors: mend}, err
	}
	return &model.WritingPayload{Writing: kept, UserErrors: []*model.UserError{}}, nil
}

func (r *Resolver) discardWriting(ctx context.Context, kind string, record *string, name string) (*model.DiscardPayload, error) {
	k, err := writingKey(kind, record, name)
	done := false
	if err == nil || catalog.ViewerFrom(ctx) == nil {
		done, err = r.Writer.DiscardWriting(ctx, k)
	}
	if err != nil {
		mend, err := payloadErrors(err, "record")
		return &model.DiscardPayload{UserErrors: mend}, err
	}
	return &model.DiscardPayload{Discarded: done, UserErrors: []*model.UserError{}}, nil
}

package exchange

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

// Sink is where imported records go. Begin opens a transaction in the name of
// actor. A Sink is safe for concurrent use; its Writers are not.
type Sink interface {
	Begin(ctx context.Context, actor catalog.Actor) (Writer, error)
}

// Writer is one transaction of a Sink.
type Writer interface {
	// Put writes a batch and says, aligned with inputs, what became of each. A
	// reference may be to a record of the database or of the same batch, in any
	// order; Put replaces codes and names in the inputs by slugs. A refused
	// input leaves the others untouched: one whose references are unknown has a
	// Written.Err whose kinds are all NOT_FOUND, and may be put again. Import
	// never hands over two inputs of the same kind and slug in one batch. The error
	// is for what concerns the batch as a whole (a lost connection); nothing of
	// the transaction can be relied on after it.
	Put(ctx context.Context, inputs []catalog.Input) ([]catalog.Written, error)
	// Commit makes what was put permanent.
	Commit(ctx context.Context) error
	// Rollback takes back what was put; after Commit it does nothing.
	Rollback(ctx context.Context) error
}

package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

const (
	defaultBatch  = 500
	maxNotes      = 10_000  // that are passed on
	maxBatchBytes = 8 << 20 // of text in one batch
	progressEvery = time.Second
)

// ImportOptions say how to import. The zero value imports in batches of 500,
// each committed on its own.
type ImportOptions struct {
	// Strict puts everything in one transaction, which is taken back where any
	// record is refused.
	Strict bool
	// DryRun puts everything in one transaction and takes it back.
	DryRun bool
	// BatchSize is the number of records in one Put; 0 is 500. A batch with
	// much text is smaller.
	BatchSize int
	// Accept, where set, is asked about each input before it is validated and
	// written. It may change the input (say, make a draft of it), or refuse it
	// with an *catalog.Error or catalog.Problems. Called from one goroutine.
	Accept func(catalog.Input) error
	// StopAfter, where above 0, ends the import when so many records were refused:
	// what is wrong with a thousand is wrong with the file. What was committed stays.
	StopAfter int
	// Progress, where set, is told about once a second, between batches, how
	// far the import is, and once more at the end. Called from one goroutine.
	Progress func(Progress)
	// Keep, where set, gets the bytes of each file of a case, up to
	// catalog.MaxAttachment, before they are read, and names them; Traced then learns
	// which record came of which. Files of JSON Lines are not kept. Called from one
	// goroutine.
	Keep func(name string, content []byte) (string, error)
	// Refused, where set, gets every refusal as it comes, a JSON object a line, and
	// the first maxNotes notes.
	Refused io.Writer
}

// Import reads files in their order and writes what they hold to sink, in the
// name of actor. A record that cannot be read or is refused does no harm to the
// others; the report says where it stands and why. Records may refer to ones
// that come later, in another file as well: they are put off and written at
// the end, together, so that cycles work (as long as the records put off are
// not more than some 32 MiB of text, past which a cycle must lie close
// together). Where a file has one record twice, the last counts.
//
// Memory is bounded whatever the size of the files; what has to be put off and
// is more than 32 MiB goes to a temporary folder, which is removed at the end.
// Reading and decoding run ahead of writing by two batches.
//
// Where ctx ends, Import stops between batches: what was committed stays, and
// running it again finds that SAME. The error is then ctx's cause, and else one
// of reading a file, of the sink, of ImportOptions.Refused, or, where Strict,
// an *catalog.Error that says how many were refused; the report is right in
// each of these cases. After an error Import does not wait for a Reader that
// blocks: such a Read may end later, and what it brings is dropped.
func Import(ctx context.Context, sink Sink, actor catalog.Actor, files []reading.File, o ImportOptions) (Report, error) {
	files, err := reading.WithoutFolders(files)
	if err != nil {
		return Report{}, fmt.Errorf("import: %w", err)
	}
	if o.BatchSize <= 0 {
		o.BatchSize = defaultBatch
	}
	im := newImporter(sink, actor, files, o)
	err = im.run(ctx)
	if errors.Is(err, errEnough) {
		im.report.More = true
		err = im.enough()
	}
	return im.finish(), err
}

// batch is what the reading goroutine hands over: records of which no two with
// an input have the same kind and slug.
type batch struct {
	records []reading.Record
	err     error // the reading broke off behind the records
}

// read sends the files' records in batches, until they end or ctx does. It
// closes out.
func (im *importer) read(ctx context.Context, out chan<- batch) {
	defer close(out)
	b := newBatcher(im.o.BatchSize, maxBatchBytes)
	send := func(records []reading.Record, err error) bool {
		select {
		case out <- batch{records, err}:
			return err == nil
		case <-ctx.Done():
			return false
		}
	}
	for _, f := range im.files {
		if im.o.Keep != nil && !reading.IsJSONL(f.Name) {
			f.Keep = im.o.Keep
		}
		read := reading.ReaderOf(f)
		lazy, _ := f.Reader.(*reading.LazyFile)
		f.Reader = &counter{from: f.Reader, bytes: &im.bytes}
		for r, err := range read(ctx, f) {
			if err != nil {
				send(b.take(), err)
				return
			}
			if ctx.Err() != nil {
				return // nobody waits for it any more, nor for Accept
			}
			if note, told := im.twins.apart(&r); told {
				b.add(note)
			}
			im.prepare(&r)
			if !b.fits(r) && !send(b.take(), nil) {
				return
			}
			b.add(r)
		}
		lazy.Close()
	}
	if records := b.take(); len(records) > 0 {
		send(records, nil)
	}
}

// prepare does to an input what needs no database: defaults, the caller's
// rules, the catalog's limits.
func (im *importer) prepare(r *reading.Record) {
	if r.Err != nil {
		return
	}
	if in, ok := r.Input.(*catalog.CaseInput); ok && in.Unplaced != "" && (in.Status == "" || r.Lenient && in.Status == catalog.StatusPublished) {
		in.Status = catalog.StatusDraft
	}
	r.Input.Head().SetDefaults()
	r.Input.Head().Unfilled = true // the writer, who knows what is there, asks again
	if im.o.Accept != nil {
		if r.Err = im.o.Accept(r.Input); r.Err != nil {
			return
		}
	}
	r.Err = r.Input.Validate()
}

// counter counts what is read of a file. The count may be read by others.
type counter struct {
	from  io.Reader
	bytes *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

// run reads and writes until the files end, ctx does, or something breaks.
func (im *importer) run(ctx context.Context) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	defer im.discard(ctx)
	batches := make(chan batch, 2)
	go im.read(reading, batches)
	for {
		b, ok, err := receive(ctx, batches)
		switch {
		case err != nil:
			return err
		case !ok:
			if err := im.settle(ctx); err != nil {
				return err
			}
			return im.close(ctx)
		case len(b.records) > 0:
			if err := im.write(ctx, b.records); err != nil {
				return err
			}
		}
		if b.err != nil {
			return fmt.Errorf("import: %w", b.err)
		}
	}
}

// receive waits for a batch, but not past the end of ctx.
func receive(ctx context.Context, batches <-chan batch) (b batch, ok bool, err error) {
	select {
	case <-ctx.Done():
		return batch{}, false, stopped(ctx)
	case b, ok = <-batches:
		return b, ok, nil
	}
}

func stopped(ctx context.Context) error {
	return fmt.Errorf("import: stopped: %w", context.Cause(ctx))
}

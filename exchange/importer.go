package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// errBehind puts a record off because an earlier version of it was: the last
// one in a file counts, so it must be written last.
var errBehind = catalog.Problems{{
	Kind: catalog.KindNotFound,
	Zh:   "前面同一条记录还在等待它引用的记录",
	En:   "an earlier line of the same record still waits for what it refers to",
}}

// importer is one import as it runs. Its methods but read and prepare belong to
// the goroutine that writes.
type importer struct {
	sink    Sink
	actor   catalog.Actor
	files   []reading.File
	o       ImportOptions
	started time.Time
	told    time.Time    // when Progress was last told
	bytes   atomic.Int64 // read so far

	tx       Writer // the one transaction of a strict import or dry run
	report   Report
	putOff   *backlog
	notes    int  // that were passed on
	untried  int  // records of an earlier backlog that settle has still to put
	strictly bool // everything in one transaction
	twins    twins
}

func newImporter(sink Sink, actor catalog.Actor, files []reading.File, o ImportOptions) *importer {
	now := time.Now()
	return &importer{
		sink: sink, actor: actor, files: files, o: o, started: now, told: now,
		report:   Report{Kinds: map[catalog.RecordKind]Counts{}},
		putOff:   newBacklog(maxHeld),
		strictly: o.Strict || o.DryRun,
		twins:    twins{},
	}
}

// write writes a batch, and puts off what refers to records that have not come.
func (im *importer) write(ctx context.Context, records []reading.Record) error {
	_, err := im.put(ctx, records, im.putOff)
	return err
}

// put writes a batch in a transaction, adds to later what refers to unknown
// records, and tells how many records were decided.
func (im *importer) put(ctx context.Context, records []reading.Record, later *backlog) (decided int, err error) {
	if ctx.Err() != nil {
		return 0, stopped(ctx)
	}
	var inputs []catalog.Input
	var places []int // in records, of each input
	var from []From
	for i := range records {
		switch r := &records[i]; {
		case r.Err != nil:
		case later.has(r.Input):
			r.Err, r.Behind = errBehind, true
		default:
			inputs = append(inputs, r.Input)
			places = append(places, i)
			from = append(from, fromOf(r))
		}
	}
	written, err := im.transact(ctx, inputs, from)
	if err != nil {
		return 0, err
	}
	actions := make([]catalog.WriteAction, len(records))
	for j, w := range written {
		actions[places[j]] = w.Action
		records[places[j]].Err = w.Err
	}
	for i, r := range records {
		if r.Err != nil && r.Input != nil && catalog.ProblemsOf(r.Err).OnlyNotFound() {
			if err := later.add(r); err != nil {
				return decided, fmt.Errorf("import: put off %s: %w", r.Place, err)
			}
			continue
		}
		decided++
		if err := im.decide(r, actions[i]); err != nil {
			return decided, err
		}
	}
	im.report.Waiting = later.size() + im.untried
	im.tell(false)
	return decided, nil
}

// transact puts inputs and commits them, or, where the whole import is one
// transaction, leaves that open.
func (im *importer) transact(ctx context.Context, inputs []catalog.Input, from []From) ([]catalog.Written, error) {
	if len(inputs) == 0 {
		return nil, nil
	}
	written, err := im.putAndCommit(ctx, inputs, from)
	if err != nil && ctx.Err() != nil {
		return nil, stopped(ctx) // whatever broke, broke because of that
	}
	return written, err
}

func (im *importer) putAndCommit(ctx context.Context, inputs []catalog.Input, from []From) ([]catalog.Written, error) {
	if im.tx == nil {
		tx, err := im.sink.Begin(ctx, im.actor)
		if err != nil {
			return nil, fmt.Errorf("import: begin: %w", err)
		}
		im.tx = tx
	}
	written, err := im.tx.Put(ctx, inputs)
	if err != nil {
		return nil, fmt.Errorf("import: write %d records: %w", len(inputs), err)
	}
	if len(written) != len(inputs) {
		return nil, fmt.Errorf("import: the sink told of %d records where %d were put", len(written), len(inputs))
	}
	if traced, ok := im.tx.(Traced); ok {
		if err := traced.Came(ctx, inputs, written, from); err != nil {
			return nil, fmt.Errorf("import: trace %d records: %w", len(inputs), err)
		}
	}
	if im.strictly {
		return written, nil
	}
	if err := im.tx.Commit(ctx); err != nil {
		return nil, fmt.Errorf("import: commit %d records: %w", len(inputs), err)
	}
	im.tx = nil
	im.report.Committed = true
	return written, nil
}

// decide counts a record and, where it is refused, keeps and passes on why.
func (im *importer) decide(r reading.Record, action catalog.WriteAction) error {
	if r.Err == nil && action != catalog.WriteRefused {
		im.report.count(r.Input.Kind(), action)
		return nil
	}
	refusal := refusalOf(r)
	if !r.Note {
		im.report.count(refusal.Kind, catalog.WriteRefused)
	}
	if len(im.report.Refusals) < MaxRefusals {
		im.report.Refusals = append(im.report.Refusals, refusal)
	}
	if err := im.passOn(refusal); err != nil {
		return err
	}
	if im.o.StopAfter > 0 && im.report.Counts().Refused >= im.o.StopAfter {
		return errEnough
	}
	return nil
}

// passOn writes a refusal to whoever wants them all.
func (im *importer) passOn(refusal Refusal) error {
	if im.o.Refused == nil {
		return nil
	}
	if refusal.Note {
		if im.notes++; im.notes > maxNotes {
			return nil
		}
	}
	line, err := json.Marshal(refusal)
	if err != nil {
		return fmt.Errorf("import: note the refusal of %s: %w", refusal.Place, err)
	}
	if _, err := im.o.Refused.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("import: note the refusal of %s: %w", refusal.Place, err)
	}
	return nil
}

// errEnough ends an import that has refused ImportOptions.StopAfter records.
var errEnough = errors.New("import: enough records were refused")

// enough says, behind the last refusal, that there may be more. A strict import of
// which records were refused fails in any case.
func (im *importer) enough() error {
	zh := fmt.Sprintf("已有 %d 条记录不能导入，读到这里为止，后面可能还有；请改好后重新导入", im.o.StopAfter)
	en := fmt.Sprintf("%d records were refused, and nothing was read past this one: there may be more; put these right and import again", im.o.StopAfter)
	last := Refusal{Note: true, Problems: catalog.Problems{catalog.Invalid("", zh, en)}}
	if n := len(im.report.Refusals); n > 0 {
		last.Place = im.report.Refusals[n-1].Place
	}
	im.report.Refusals = append(im.report.Refusals, last)
	if err := im.passOn(last); err != nil {
		return err
	}
	if im.o.Strict {
		return im.strictRefusal()
	}
	return nil
}

// settle writes what was put off, the kinds in the order in which they refer to
// each other, in batches as large as they may be, so that records that refer to
// each other come together. It goes on for as long as that takes anything
// further; what is left then refers to nothing that there is.
func (im *importer) settle(ctx context.Context) error {
	for im.putOff.size() > 0 {
		waiting := im.putOff
		im.putOff = newBacklog(maxHeld)
		decided, err := im.retry(ctx, waiting)
		waiting.remove()
		if err != nil {
			return err
		}
		if decided > 0 {
			continue
		}
		if err := im.giveUp(); err != nil {
			return err
		}
	}
	im.report.Waiting = 0
	return nil
}

// retry puts again what waits, and tells how many records were decided.
func (im *importer) retry(ctx context.Context, waiting *backlog) (decided int, err error) {
	im.untried = waiting.size()
	for records, err := range waiting.batches() {
		if err != nil {
			return decided, fmt.Errorf("import: read back what was put off: %w", err)
		}
		for i := range records {
			records[i].Err, records[i].Behind = nil, false
		}
		im.untried -= len(records)
		n, err := im.put(ctx, records, im.putOff)
		if err != nil {
			im.untried += len(records)
			im.report.Waiting = im.putOff.size() + im.untried
			return decided, err
		}
		decided += n
	}
	return decided, nil
}

// giveUp refuses what is still put off. Where a record has a later version that
// waits behind it, only such records are refused: with them out of the way, the
// later versions, and what refers to them, have a chance of their own.
func (im *importer) giveUp() error {
	hopeless := im.putOff
	defer hopeless.remove()
	im.putOff = newBacklog(maxHeld)
	for records, err := range hopeless.batches() {
		if err != nil {
			return fmt.Errorf("import: read back what was put off: %w", err)
		}
		for _, r := range records {
			if notes, could := reading.LeaveOut(&r); could {
				for _, note := range notes {
					if err := im.decide(note, ""); err != nil {
						return err
					}
				}
				err = im.putOff.add(r)
			} else if hopeless.anyBehind() && (r.Behind || !hopeless.followed[keyOf(r.Input)]) {
				err = im.putOff.add(r)
			} else {
				err = im.decide(r, catalog.WriteRefused)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// close ends the one transaction of a strict import.
func (im *importer) close(ctx context.Context) error {
	refused := im.report.Counts().Refused
	if im.o.Strict && refused > 0 {
		return im.strictRefusal()
	}
	if im.tx == nil || im.o.DryRun {
		return nil
	}
	if err := im.tx.Commit(ctx); err != nil {
		return fmt.Errorf("import: commit: %w", err)
	}
	im.tx = nil
	im.report.Committed = true
	return nil
}

// strictRefusal is the error of a strict import of which records were refused.
func (im *importer) strictRefusal() error {
	refused := im.report.Counts().Refused
	return &catalog.Error{
		Kind: catalog.KindInvalid,
		Zh:   fmt.Sprintf("有 %d 条记录被拒绝，全部没有写入", refused),
		En:   fmt.Sprintf("%d records were refused, and nothing was written", refused),
	}
}

// discard takes back a transaction that is still open, also where ctx has
// ended, and removes what lies in temporary files.
func (im *importer) discard(ctx context.Context) {
	im.putOff.remove()
	if im.tx == nil {
		return
	}
	// A transaction that cannot be rolled back is on a connection that is lost,
	// and ends with it; there is nothing to add to the error that led here.
	_ = im.tx.Rollback(context.WithoutCancel(ctx))
	im.tx = nil
}

// finish completes the report.
func (im *importer) finish() Report {
	im.tell(true)
	im.report.Bytes = im.bytes.Load()
	im.report.Elapsed = time.Since(im.started)
	return im.report
}

// tell tells the progress where it is time to, or where it must.
func (im *importer) tell(now bool) {
	if im.o.Progress == nil || !now && time.Since(im.told) < progressEvery {
		return
	}
	im.told = time.Now()
	p := Progress{
		Records: im.report.Counts().Total(), Waiting: im.report.Waiting,
		Bytes: im.bytes.Load(), TotalBytes: im.totalBytes(), Elapsed: time.Since(im.started),
	}
	p.Rate = float64(p.Records) / p.Elapsed.Seconds()
	im.o.Progress(p)
}

func (im *importer) totalBytes() int64 {
	var sum int64
	for _, f := range im.files {
		if f.Size <= 0 {
			return 0
		}
		sum += f.Size
	}
	return sum
}

// refusalOf tells a record's place, name and problems.
func refusalOf(r reading.Record) Refusal {
	refusal := Refusal{Note: r.Note, Place: r.Place, Problems: catalog.ProblemsOf(r.Err)}
	if refusal.Place.Column == 0 && len(refusal.Problems) > 0 {
		field, _, _ := strings.Cut(refusal.Problems[0].Path, ".")
		refusal.Place.Column = r.Columns[field]
	}
	if r.Input != nil {
		refusal.Kind, refusal.Slug = r.Input.Kind(), r.Input.Head().Slug
		return refusal
	}
	var d *jsonl.DecodeError
	if errors.As(r.Err, &d) {
		refusal.Kind, refusal.Slug = d.Kind, d.Slug
	}
	return refusal
}

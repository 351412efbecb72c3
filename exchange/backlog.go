package exchange

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

const (
	maxHeld      = 32 << 20 // bytes of text that a backlog keeps in memory
	maxHeldCount = 20_000   // records that are put again at once
)

// backlog keeps records that were put off, in order within each kind. Past a
// number of bytes it keeps them in one file a kind, in a temporary folder.
type backlog struct {
	mostBytes int
	held      map[catalog.RecordKind][]record
	keys      map[key]bool
	followed  map[key]bool // of records with a later version behind them
	count     int          // records kept
	bytes     int          // of those held in memory
	folder    string       // "" until memory did not do
	files     map[catalog.RecordKind]*spill
}

// spill is the file of one kind, written first and read afterwards.
type spill struct {
	file *os.File
	to   *bufio.Writer
}

// spilled is one line of a spill.
type spilled struct {
	Place    Place           `json:"place"`
	Size     int             `json:"size"`
	Behind   bool            `json:"behind,omitempty"`
	Lenient  bool            `json:"lenient,omitempty"`
	Original string          `json:"original,omitempty"`
	Columns  map[string]int  `json:"columns,omitempty"`
	Problems []problemJSON   `json:"problems"`
	Record   json.RawMessage `json:"record"`
	Given    []string        `json:"given,omitempty"`
}

func newBacklog(mostBytes int) *backlog {
	return &backlog{
		mostBytes: mostBytes, held: map[catalog.RecordKind][]record{}, files: map[catalog.RecordKind]*spill{},
		keys: map[key]bool{}, followed: map[key]bool{},
	}
}

// size is the number of records kept.
func (b *backlog) size() int { return b.count }

// has reports whether a version of the record is kept.
func (b *backlog) has(in catalog.Input) bool { return b.keys[keyOf(in)] }

// anyBehind reports whether any record waits for an earlier version of its own.
func (b *backlog) anyBehind() bool { return len(b.followed) > 0 }

// add keeps a record with its err.
func (b *backlog) add(r record) error {
	b.keys[keyOf(r.input)] = true
	if r.behind {
		b.followed[keyOf(r.input)] = true
	}
	b.count++
	if b.folder != "" {
		return b.spill(r)
	}
	b.held[r.input.Kind()] = append(b.held[r.input.Kind()], r)
	if b.bytes += r.size; b.bytes <= b.mostBytes {
		return nil
	}
	folder, err := os.MkdirTemp("", "jisi-import-")
	if err != nil {
		return fmt.Errorf("make room for records: %w", err)
	}
	b.folder = folder
	for _, kind := range catalog.RecordKinds {
		for _, r := range b.held[kind] {
			if err := b.spill(r); err != nil {
				return err
			}
		}
	}
	b.held, b.bytes = nil, 0
	return nil
}

func (b *backlog) spill(r record) error {
	kind := r.input.Kind()
	s := b.files[kind]
	if s == nil {
		file, err := os.Create(filepath.Join(b.folder, jsonl.TypeName(kind)+".jsonl"))
		if err != nil {
			return fmt.Errorf("make room for records: %w", err)
		}
		s = &spill{file, bufio.NewWriterSize(file, 64<<10)}
		b.files[kind] = s
	}
	line, err := jsonl.Encode(r.input)
	if err != nil {
		return err
	}
	line, err = json.Marshal(spilled{r.place, r.size, r.behind, r.lenient, r.original, r.columns, problemsToJSON(problemsOf(r.err)), line, r.input.Head().Given})
	if err != nil {
		return fmt.Errorf("spill %s: %w", r.place, err)
	}
	if _, err = s.to.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("spill %s: %w", r.place, err)
	}
	return nil
}

// batches returns what is kept, each record with the err that it was added with,
// in as few batches as its bound allows, kinds that are referred to before those
// that refer to them.
func (b *backlog) batches() iter.Seq2[[]record, error] {
	return func(yield func([]record, error) bool) {
		full := newBatcher(maxHeldCount, b.mostBytes)
		for r, err := range b.all() {
			if err != nil {
				yield(nil, err)
				return
			}
			if !full.fits(r) && !yield(full.take(), nil) {
				return
			}
			full.add(r)
		}
		if records := full.take(); len(records) > 0 {
			yield(records, nil)
		}
	}
}

func (b *backlog) all() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for _, kind := range catalog.RecordKinds {
			for _, r := range b.held[kind] {
				if !yield(r, nil) {
					return
				}
			}
			if s := b.files[kind]; s != nil && !s.read(yield) {
				return
			}
		}
	}
}

// read returns the records of a spill; false where yield wants no more.
func (s *spill) read(yield func(record, error) bool) bool {
	if err := s.to.Flush(); err != nil {
		yield(record{}, err)
		return false
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		yield(record{}, err)
		return false
	}
	d := json.NewDecoder(bufio.NewReaderSize(s.file, 64<<10))
	for {
		var line spilled
		err := d.Decode(&line)
		if errors.Is(err, io.EOF) {
			return true
		}
		r := record{place: line.Place, size: line.Size, behind: line.Behind, lenient: line.Lenient, original: line.Original, columns: line.Columns, err: problemsFromJSON(line.Problems)}
		if err == nil {
			r.input, err = jsonl.Decode(line.Record)
		}
		if err == nil {
			r.input.Head().Given = line.Given
		}
		if err != nil {
			yield(record{}, err)
			return false
		}
		if !yield(r, nil) {
			return false
		}
	}
}

// remove forgets what is kept and removes its files. It may be called again.
func (b *backlog) remove() {
	for _, s := range b.files {
		_ = s.file.Close() // read only from here on, or not at all
	}
	if b.folder != "" {
		_ = os.RemoveAll(b.folder) // in the system's temporary folder, which is cleaned anyway
	}
	*b = *newBacklog(b.mostBytes)
}

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
	"github.com/jisiguangyi/jisi/exchange/reading"
)

const (
	maxHeld      = 32 << 20 // bytes of text that a backlog keeps in memory
	maxHeldCount = 20_000   // records that are put again at once
)

// backlog keeps records that were put off, in order within each kind. Past a
// number of bytes it keeps them in one file a kind, in a temporary folder.
type backlog struct {
	mostBytes int
	held      map[catalog.RecordKind][]reading.Record
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
	Place    reading.Place   `json:"place"`
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
		mostBytes: mostBytes, held: map[catalog.RecordKind][]reading.Record{}, files: map[catalog.RecordKind]*spill{},
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
func (b *backlog) add(r reading.Record) error {
	b.keys[keyOf(r.Input)] = true
	if r.Behind {
		b.followed[keyOf(r.Input)] = true
	}
	b.count++
	if b.folder != "" {
		return b.spill(r)
	}
	b.held[r.Input.Kind()] = append(b.held[r.Input.Kind()], r)
	if b.bytes += r.Size; b.bytes <= b.mostBytes {
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

func (b *backlog) spill(r reading.Record) error {
	kind := r.Input.Kind()
	s := b.files[kind]
	if s == nil {
		file, err := os.Create(filepath.Join(b.folder, jsonl.TypeName(kind)+".jsonl"))
		if err != nil {
			return fmt.Errorf("make room for records: %w", err)
		}
		s = &spill{file, bufio.NewWriterSize(file, 64<<10)}
		b.files[kind] = s
	}
	line, err := jsonl.Encode(r.Input)
	if err != nil {
		return err
	}
	line, err = json.Marshal(spilled{r.Place, r.Size, r.Behind, r.Lenient, r.Original, r.Columns, problemsToJSON(catalog.ProblemsOf(r.Err)), line, r.Input.Head().Given})
	if err != nil {
		return fmt.Errorf("spill %s: %w", r.Place, err)
	}
	if _, err = s.to.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("spill %s: %w", r.Place, err)
	}
	return nil
}

// batches returns what is kept, each record with the err that it was added with,
// in as few batches as its bound allows, kinds that are referred to before those
// that refer to them.
func (b *backlog) batches() iter.Seq2[[]reading.Record, error] {
	return func(yield func([]reading.Record, error) bool) {
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

func (b *backlog) all() iter.Seq2[reading.Record, error] {
	return func(yield func(reading.Record, error) bool) {
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
func (s *spill) read(yield func(reading.Record, error) bool) bool {
	if err := s.to.Flush(); err != nil {
		yield(reading.Record{}, err)
		return false
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		yield(reading.Record{}, err)
		return false
	}
	d := json.NewDecoder(bufio.NewReaderSize(s.file, 64<<10))
	for {
		var line spilled
		err := d.Decode(&line)
		if errors.Is(err, io.EOF) {
			return true
		}
		r := reading.Record{Place: line.Place, Size: line.Size, Behind: line.Behind, Lenient: line.Lenient, Original: line.Original, Columns: line.Columns, Err: problemsFromJSON(line.Problems)}
		if err == nil {
			r.Input, err = jsonl.Decode(line.Record)
		}
		if err == nil {
			r.Input.Head().Given = line.Given
		}
		if err != nil {
			yield(reading.Record{}, err)
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

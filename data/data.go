// Package data is what comes with the binary: the province's own document,
// unchanged, and the records taken from it, with the administrative divisions,
// their committees and the topics. README.md beside this file says where each
// is from and how it was read.
//
// The package knows the import format as text only; what the lines mean is
// catalog's to say, and writing them is exchange's. That, reading
// and synthetic below it call this package.
// Its data is embedded and never changes: everything here is safe to use from
// several goroutines.
package data

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
)

//go:embed records/*.jsonl source/*.txt
var files embed.FS

// Edition counts the published states of the records: one that changes what was
// given out before has the next number, by which a database that holds an earlier
// edition is brought up to this one. The first had 289 records and no number.
const Edition = 3

// loadOrder names the files of records, each after those that it refers to.
var loadOrder = []string{
	"sources", "regions", "committees", "topics", "persons", "brands",
	"proposals", "indicators", "cases", "practices", "evaluations", "reports",
}

// Records yields every file of records with its name, such as "cases.jsonl",
// and its content in the import format: JSONL, one object a line, UTF-8. The
// files come in an order, and the lines within them too, in which a record
// refers only to records that have come before. Each reader is for one use and
// needs no closing.
//
// A source's text stands in a file of its own and is put into its line here.
// Should that fail, which the tests rule out, the file's reader answers the
// error at its first Read.
func Records() iter.Seq2[string, io.Reader] {
	return func(yield func(string, io.Reader) bool) {
		for _, name := range loadOrder {
			name += ".jsonl"
			if !yield(name, open(files, name)) {
				return
			}
		}
	}
}

func open(from fs.FS, name string) io.Reader {
	lines, err := fs.ReadFile(from, path.Join("records", name))
	if err == nil {
		lines, err = joinTexts(from, lines)
	}
	if err != nil {
		return unreadable{fmt.Errorf("data: read %s: %w", name, err)}
	}
	return bytes.NewReader(lines)
}

// unreadable is a reader of a file that could not be made.
type unreadable struct{ err error }

func (u unreadable) Read([]byte) (int, error) { return 0, u.err }

// textFile is the field that says, in place of "text", where the text stands:
// a path from this folder. The import format does not know it.
const textFile = "textFile"

// joinTexts puts "text" in the place of textFile in the lines that have it.
func joinTexts(from fs.FS, lines []byte) ([]byte, error) {
	if !bytes.Contains(lines, []byte(`"`+textFile+`"`)) {
		return lines, nil
	}
	var out bytes.Buffer
	for n, line := range bytes.Split(bytes.TrimSuffix(lines, []byte("\n")), []byte("\n")) {
		joined, err := joinText(from, line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		out.Write(joined)
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

func joinText(from fs.FS, line []byte) ([]byte, error) {
	var record map[string]json.RawMessage
	if err := json.Unmarshal(line, &record); err != nil {
		return nil, err
	}
	where, ok := record[textFile]
	if !ok {
		return line, nil
	}
	var name string
	if err := json.Unmarshal(where, &name); err != nil {
		return nil, fmt.Errorf("%s: %w", textFile, err)
	}
	text, err := fs.ReadFile(from, name)
	if err != nil {
		return nil, err
	}
	delete(record, textFile)
	if record["text"], err = json.Marshal(string(text)); err != nil {
		return nil, err
	}
	return json.Marshal(record)
}

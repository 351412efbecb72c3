package backup

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"strings"
)

// quoted writes a name as SQL has it, without quotes where it needs none.
func quoted(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// pattern writes a name so that pg_dump takes it for that name and no pattern.
func pattern(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// moved returns a writer of pg_restore's SQL that names another schema than the one
// that the dump was made of; w itself where they are the same. Rows pass as they
// are. What our own migrations make mentions its schema nowhere but where
// pg_dump writes it before a name.
func moved(w io.Writer, from, to string) io.Writer {
	if from == to {
		return w
	}
	return &mover{to: w, name: regexp.MustCompile(`(^|[^A-Za-z0-9_"$.])` + regexp.QuoteMeta(quoted(from)) + `\.`), into: []byte("${1}" + strings.ReplaceAll(quoted(to), "$", "$$") + ".")}
}

type mover struct {
	to      io.Writer
	name    *regexp.Regexp
	into    []byte
	partial []byte // of a line that has not ended yet
	rows    bool   // within a COPY
}

// Write passes whole lines on.
func (m *mover) Write(p []byte) (int, error) {
	text := append(m.partial, p...)
	end := bytes.LastIndexByte(text, '\n') + 1
	var out bytes.Buffer
	for line := range bytes.Lines(text[:end]) {
		switch {
		case m.rows:
			m.rows = !bytes.Equal(line, []byte("\\.\n"))
			out.Write(line)
		default:
			m.rows = bytes.HasPrefix(line, []byte("COPY ")) && bytes.HasSuffix(line, []byte(" FROM stdin;\n"))
			out.Write(m.name.ReplaceAll(line, m.into))
		}
	}
	m.partial = bytes.Clone(text[end:])
	if _, err := m.to.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// countLines counts the rows of each table in pg_restore's SQL, by the table's
// name without its schema.
func countLines(r io.Reader) (map[string]int, error) {
	rows := map[string]int{}
	in := bufio.NewReaderSize(r, 1<<16)
	table, begins := "", true
	for {
		line, err := in.ReadSlice('\n')
		if err == io.EOF { //nolint:errorlint // a reader's own end
			return rows, nil
		}
		if err != nil && err != bufio.ErrBufferFull { //nolint:errorlint // the same
			return nil, err
		}
		whole := err == nil
		if begins {
			switch {
			case table == "":
				if found := copyLine.FindSubmatch(line); found != nil {
					table = string(found[1])
					rows[table] += 0
				}
			case whole && string(line) == "\\.\n":
				table = ""
			default:
				rows[table]++
			}
		}
		begins = whole
	}
}

// copyLine is where the rows of one of our tables begin, all of which have plain
// names.
var copyLine = regexp.MustCompile(`^COPY .*\.([a-z_][a-z0-9_]*) \(.* FROM stdin;\n$`)

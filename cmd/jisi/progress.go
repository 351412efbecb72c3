package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress writes how far a command is to stderr: on a terminal in one line that
// is written over, elsewhere a line every few seconds.
type progress struct {
	w        io.Writer
	terminal bool
	last     time.Time
	open     bool // a line on the terminal has no end yet
}

// linesEvery is how often progress comes where each is a line that stays.
const linesEvery = 5 * time.Second

func (a *app) newProgress() *progress {
	return &progress{w: a.stderr, terminal: isTerminal(a.stderr), last: time.Now()}
}

// isTerminal reports whether w is a device that shows characters, to a person.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// write shows the progress so far.
func (p *progress) write(line string) {
	if p.terminal {
		fmt.Fprintf(p.w, "\r\033[K%s", line)
		p.open = true
		return
	}
	if time.Since(p.last) >= linesEvery {
		fmt.Fprintln(p.w, line)
		p.last = time.Now()
	}
}

// end leaves what was shown last, and begins a new line.
func (p *progress) end() {
	if p.open {
		fmt.Fprintln(p.w)
		p.open = false
	}
}

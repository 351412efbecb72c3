// Command jisi is the knowledge base: its server, and what an operator does
// beside it. This package is the only one that knows all the others; it reads
// settings, puts the parts together, runs them, and turns errors into one or two
// lines and an exit code.
package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // of the setting time-zone, where the machine has no table
)

// version is set by the linker; see the Makefile.
var version = "unknown"

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1 // it did not work, and the last lines on stderr say why
	exitUsage   = 2 // the command line or a setting is wrong
	exitRefused = 3 // import: it ran to its end, but not every record was taken
)

// app is what a run of jisi has of the outside.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) (string, bool)
	// hurry ends when the user has asked a second time to stop. It is of the process, as
	// the streams are, and no call's, so that a run has it beside its own context.
	hurry context.Context
}

func main() {
	ctx, hurry, stop := signalled()
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.LookupEnv, hurry: hurry}
	code := a.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// signalled returns a context that ends at the first SIGINT or SIGTERM, and one
// that ends at the second. A third one ends the process, as signals do.
func signalled() (first, second context.Context, stop func()) {
	first, cancelFirst := context.WithCancel(context.Background())
	second, cancelSecond := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancelFirst()
		<-signals
		signal.Stop(signals)
		cancelSecond()
	}()
	return first, second, func() { signal.Stop(signals); cancelFirst(); cancelSecond() }
}

// run runs one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		return a.help(nil)
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return a.help(args[1:])
	case "-version", "--version":
		args[0] = "version"
	}
	c, ok := commandByName(args[0])
	if !ok {
		return a.fail(unknownCommand(args[0]))
	}
	return a.fail(a.start(ctx, c, args[1:]))
}

// fail shows the user an error and returns the exit code for it.
func (a *app) fail(err error) int {
	if err == nil || errors.Is(err, errHelp) {
		return exitOK
	}
	var coded *exitError
	if errors.As(err, &coded) {
		a.explain(coded.err)
		return coded.code
	}
	a.explain(err)
	return exitFailed
}

// exitError is an error with the exit code that it calls for. Its err may be
// nil where all was said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return "stopped"
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// newLog returns the log of a command, as the settings say.
func newLog(w io.Writer, c *config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.logLevel}
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// Command soak keeps a running server under a steady load and tells, minute by
// minute, what it answered, how long that took, and what memory it held. The load
// is a share of what the server can do at most, which is measured first. run.sh
// starts a server for it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

type options struct {
	url     string
	pid     int
	clients int
	measure time.Duration
	last    time.Duration
	share   float64
	writer  string
	every   time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.url, "url", "http://127.0.0.1:8080", "the server")
	flag.IntVar(&o.pid, "pid", 0, "its process, whose memory is told")
	flag.IntVar(&o.clients, "clients", 16, "requests under way at most")
	flag.DurationVar(&o.measure, "measure", 30*time.Second, "how long to measure the most that it can do")
	flag.DurationVar(&o.last, "for", 30*time.Minute, "how long to keep the load up")
	flag.Float64Var(&o.share, "share", 0.8, "share of the most")
	flag.StringVar(&o.writer, "writer", "", "a shell command that writes; N counts its runs")
	flag.DurationVar(&o.every, "every", 10*time.Second, "how often it runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func (o options) run(ctx context.Context) error {
	a := newAsker(o.url, o.clients)
	writing, stop := context.WithCancel(ctx)
	defer stop()
	w := o.write(writing) // the most that the server can do is with the writer, too
	most := a.most(ctx, o.measure)
	if seen := a.take(); seen.failed > 0 || most == 0 {
		return fmt.Errorf("%.0f requests/s and %d errors while measuring: %v", most, seen.failed, seen.reasons)
	}
	rate := most * o.share
	fmt.Printf("%.0f requests/s at most with %d clients; %.0f%% of it: %.0f/s\n\n", most, o.clients, 100*o.share, rate)
	fmt.Println("| minute | answers | errors | p50 ms | p99 ms | longest ms | late | writes | write errors | memory MiB |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	ctx, cancel := context.WithTimeout(ctx, o.last)
	defer cancel()
	ended := make(chan struct{})
	go func() { a.steady(ctx, rate); close(ended) }()
	total := o.tell(a, w, ended)
	stop()
	<-w.ended
	if total > 0 {
		return fmt.Errorf("%d errors", total)
	}
	return nil
}

// tell writes a line a minute until the load has ended, and returns the number of
// errors.
func (o options) tell(a *asker, w *writer, ended <-chan struct{}) int {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	total := 0
	for minute := 1; ; minute++ {
		over := false
		select {
		case <-tick.C:
		case <-ended:
			over = true
		}
		s := a.take()
		written, refused := w.take()
		total += s.failed + refused
		if s.answers()+s.failed > 0 {
			fmt.Printf("| %d | %d | %d | %.1f | %.1f | %.1f | %d | %d | %d | %s |\n", minute, s.answers(), s.failed,
				s.percentile(0.5), s.percentile(0.99), s.percentile(1), s.late, written, refused, memory(o.pid))
		}
		for reason, n := range s.reasons {
			fmt.Fprintf(os.Stderr, "%d × %s\n", n, reason)
		}
		if over {
			return total
		}
	}
}

// memory returns the resident memory of a process in MiB, where Linux tells.
func memory(pid int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return "–"
	}
	for _, line := range strings.Split(string(text), "\n") {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(kib)[0])
			if err == nil {
				return strconv.Itoa(n >> 10)
			}
		}
	}
	return "–"
}

// A writer runs a command again and again.
type writer struct {
	done, failed chan int
	ended        chan struct{}
}

func (o options) write(ctx context.Context) *writer {
	w := &writer{make(chan int, 1<<16), make(chan int, 1<<16), make(chan struct{})}
	if o.writer == "" {
		close(w.ended)
		return w
	}
	go func() {
		defer close(w.ended)
		tick := time.NewTicker(o.every)
		defer tick.Stop()
		for n := 1; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			c := exec.Command("sh", "-c", o.writer) //nolint:gosec,noctx // the user's own command, which is let to end
			c.Env = append(os.Environ(), "N="+strconv.Itoa(n))
			if out, err := c.CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "the writer: %v: %s\n", err, out)
				w.failed <- n
				continue
			}
			w.done <- n
		}
	}()
	return w
}

func (w *writer) take() (written, failed int) { return drain(w.done), drain(w.failed) }

func drain(c chan int) (n int) {
	for {
		select {
		case <-c:
			n++
		default:
			return n
		}
	}
}

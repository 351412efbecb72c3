package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// contender is a server under test.
type contender struct {
	name   string
	url    string
	cmd    *exec.Cmd
	client *http.Client
}

// start runs a server, and waits for the address that it prints.
func start(ctx context.Context, name string, env []string, dir string, command ...string) (*contender, error) {
	c := &contender{name: name, cmd: exec.CommandContext(ctx, command[0], command[1:]...)} //nolint:gosec // what is measured is the user's choice
	c.cmd.Env, c.cmd.Dir = append(os.Environ(), env...), dir
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	complaints, err := os.Create(filepath.Join(os.TempDir(), "bench-graphql-"+name+".log")) //nolint:gosec // of the same name at each run, for who reads it
	if err != nil {
		return nil, err
	}
	defer complaints.Close()
	c.cmd.Stderr = complaints
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if i := strings.Index(line, "http://"); i >= 0 {
			c.url = strings.TrimSuffix(strings.TrimSpace(line[i:]), "/graphql") + "/graphql"
			break
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s ended before it served; see %s", name, complaints.Name()), err)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	c.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 1000, IdleConnTimeout: 20 * time.Second, DisableCompression: true}}
	return c, nil
}

// stop ends the server as its operator would.
func (c *contender) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	_ = c.cmd.Wait() // it was told to end
}

// quiet waits until the server works at nothing by itself: what a start leaves to be done
// beside the serving is over. It waits for two minutes at most.
func (c *contender) quiet(ctx context.Context) {
	for used, tries := cpu(c.cmd.Process.Pid), 0; tries < 120 && ctx.Err() == nil; tries++ {
		time.Sleep(time.Second)
		now := cpu(c.cmd.Process.Pid)
		if now-used <= 20*time.Millisecond {
			return
		}
		used = now
	}
}

// ask sends a request and returns the answer's body.
func (c *contender) ask(body []byte) ([]byte, error) {
	r, err := c.client.Post(c.url, "application/json", strings.NewReader(string(body))) //nolint:noctx // the client has a time limit
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.500s", c.name, r.Status, answer)
	}
	return answer, err
}

// ticks is how many of the kernel's clock ticks are in a second, the same on
// every Linux that Go runs on.
const ticks = 100

// cpu returns the time that processes have used: a process with all that it has
// started, those that have ended too.
func cpu(root int) time.Duration {
	parents, used := map[int]int{}, map[int]time.Duration{}
	entries, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, path := range entries {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parents[pid], _ = strconv.Atoi(fields[1])
		sum := 0
		for _, f := range fields[11:15] { // own and ended children's, in user and system
			n, _ := strconv.Atoi(f)
			sum += n
		}
		used[pid] = time.Duration(sum) * time.Second / ticks
	}
	total := time.Duration(0)
	for pid, t := range used {
		for p := pid; p > 1; p = parents[p] {
			if p == root {
				total += t
				break
			}
		}
	}
	return total
}

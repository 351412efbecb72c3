package main

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// outside is an app with its own environment, and what it has said.
type outside struct {
	app
	out, err bytes.Buffer
}

func newOutside(env map[string]string) *outside {
	o := &outside{}
	o.app = app{
		stdin: strings.NewReader(""), stdout: &o.out, stderr: &o.err, hurry: context.Background(),
		getenv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	}
	return o
}

func TestAFlagWinsOverTheEnvironmentAndThatOverTheDefault(t *testing.T) {
	o := newOutside(map[string]string{
		"JISI_LISTEN": ":1", "JISI_DRAIN": "3s", "JISI_SEED": "false", "JISI_MAX_COST": "-1",
		"JISI_ORIGINS": "https://a.example, https://b.example", "JISI_LOG_LEVEL": "debug", "JISI_MAX_DEPTH": "",
		"JISI_PUBLIC_URL": "https://example.cn/jisi/",
	})
	c, rest, err := o.parse(serveCommand(), []string{"-listen", ":2", "-playground=false"})
	if err != nil {
		t.Fatal(err)
	}
	if len(rest) > 0 {
		t.Errorf("arguments %q", rest)
	}
	if diff := cmp.Diff(
		[]any{":2", 3 * time.Second, false, -1, 16, []string{"https://a.example", "https://b.example"}, slog.LevelDebug, false, true, "https://example.cn/jisi"},
		[]any{c.listen, c.drain, c.seed, c.limits.Cost, c.limits.Depth, c.origins, c.logLevel, c.playground, c.introspection, c.publicURL},
	); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	o := newOutside(map[string]string{"JISI_MAX_COST": "much", "DATABASE_URL": "mysql://user:hidden@host/db"})
	code := o.run(t.Context(), []string{"serve", "-listen", "nowhere", "-origins=example", "-public-url=example.cn", "-log-level=loud", "-drain", "0s", "-max-depth", "0", "-nonsense"})
	if code != exitUsage {
		t.Errorf("exit code %d, want %d", code, exitUsage)
	}
	for _, want := range []string{"JISI_MAX_COST", "-listen", "-origins", "-public-url", "-log-level", "-drain", "-max-depth", "-nonsense", "database-url", "jisi help serve"} {
		if !strings.Contains(o.err.String(), want) {
			t.Errorf("nothing is said of %s: %s", want, &o.err)
		}
	}
	if strings.Contains(o.err.String(), "hidden") {
		t.Errorf("the database's password is shown: %s", &o.err)
	}
	if lines := strings.Count(o.err.String(), "\n"); lines != 2 {
		t.Errorf("%d lines, want one in Chinese and one in English: %s", lines, &o.err)
	}
}

func TestANumberThatNothingCanHoldIsRefused(t *testing.T) {
	for name, most := range map[string]int{
		"reply-months": 120, "database-conns": 10_000, "response-cache": 1 << 20, "smtp-port": 65535, "embeddings-dimensions": 1 << 16, "max-cost": math.MaxInt32,
	} {
		if _, _, err := newOutside(nil).parse(serveCommand(), []string{"-" + name, strconv.Itoa(most)}); err != nil {
			t.Errorf("-%s %d: %v", name, most, err)
		}
		for _, more := range []string{strconv.Itoa(most + 1), "4294967299", "9223372036854775807", "9223372036854775808"} {
			if _, _, err := newOutside(nil).parse(serveCommand(), []string{"-" + name, more}); err == nil {
				t.Errorf("-%s takes %s", name, more)
			}
		}
	}
}

func TestFlagsAndFilesComeInAnyOrder(t *testing.T) {
	for _, tt := range []struct {
		args, want []string
	}{
		{[]string{"a.jsonl", "-seed=false", "b.jsonl"}, []string{"a.jsonl", "b.jsonl"}},
		{[]string{"-seed=false", "-"}, []string{"-"}},
		{[]string{"-seed=false", "--", "-odd.jsonl", "-strict"}, []string{"-odd.jsonl", "-strict"}},
	} {
		c, rest, err := newOutside(nil).parse(importCommand(), tt.args)
		if err != nil {
			t.Fatalf("%q: %v", tt.args, err)
		}
		if diff := cmp.Diff(tt.want, rest); diff != "" || c.seed {
			t.Errorf("%q: seed %v, files (-want +got):\n%s", tt.args, c.seed, diff)
		}
	}
}

func TestCommandLinesThatMakeNoSense(t *testing.T) {
	for _, args := range [][]string{
		{"nothing"}, {"import"}, {"remove"}, {"remove", "-synthetic", "x"}, {"generate", "-cases", "0"}, {"schema", "x"}, {"version", "-listen", ":1"}, {"help", "nothing"},
	} {
		o := newOutside(nil)
		if code := o.run(t.Context(), args); code != exitUsage || o.err.Len() == 0 {
			t.Errorf("%q: exit code %d, want %d; said %q", args, code, exitUsage, &o.err)
		}
	}
}

func TestHelpNamesEveryCommandAndItsSettings(t *testing.T) {
	o := newOutside(nil)
	if code := o.run(t.Context(), nil); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	for _, c := range commands() {
		if !strings.Contains(o.out.String(), "  "+c.name) {
			t.Errorf("the overview lacks %s", c.name)
		}
	}
	for _, args := range [][]string{{"help", "serve"}, {"serve", "-h"}, {"serve", "-listen", ":1", "--help"}, {"help", "query"}} {
		o := newOutside(nil)
		if code := o.run(t.Context(), args); code != exitOK {
			t.Errorf("%q: exit code %d: %s", args, code, &o.err)
		}
		for _, s := range settings {
			if asks := slices.Contains(args, "query"); asks == (s.group == ofClient) && !strings.Contains(o.out.String(), "-"+s.flag+" ("+s.env+")") {
				t.Errorf("%q lacks -%s", args, s.flag)
			}
		}
	}
}

func TestSchemaAndVersionArePrinted(t *testing.T) {
	for args, want := range map[string]string{"schema": "type Query", "version": "jisi " + version} {
		o := newOutside(nil)
		if code := o.run(t.Context(), []string{args}); code != exitOK || !strings.Contains(o.out.String(), want) {
			t.Errorf("%s: exit code %d, output %.100q", args, code, &o.out)
		}
	}
}

func TestTheSameSeedMakesTheSameFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "cases.jsonl")
	o := newOutside(nil)
	if code := o.run(t.Context(), []string{"generate", "-cases", "5", "-seed", "7", "-o", file}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &o.err)
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o = newOutside(nil)
	if code := o.run(t.Context(), []string{"generate", "-cases", "5", "-seed", "7"}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &o.err)
	}
	if !bytes.Equal(written, o.out.Bytes()) || len(written) == 0 {
		t.Errorf("%d bytes in the file, %d on standard output, and they differ", len(written), o.out.Len())
	}
	if n := bytes.Count(written, []byte(`"SYNTHETIC"`)); n != bytes.Count(written, []byte("\n")) {
		t.Errorf("%d records say that they are synthetic, of %d", n, bytes.Count(written, []byte("\n")))
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

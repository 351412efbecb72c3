package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/settings.md instead of comparing it")

const settingsHead = `# Settings · 设置

A flag wins over its environment variable, and that over the default. All mistakes are
told at once. In the limits -1 is no limit. ` + "`jisi help COMMAND`" + ` lists those that a
command takes; [operating.md](operating.md) says what to do with them.

命令行优先于环境变量，环境变量优先于默认值；有多处错误时一次全部指出。各项上限填 -1 表示不限。
用法见 [operating.zh-CN.md](operating.zh-CN.md)。

` + "<!-- Made by `make generate` from the table in cmd/jisi/config.go; not edited by hand. -->" + `
`

// sections of the page, in its order.
var sections = []struct {
	title  string
	groups []group
}{
	{"Every command that opens the database · 使用数据库的命令", []group{ofDatabase}},
	{"The server · 服务（`jisi serve`）", []group{ofServer, ofAddress}},
	{"Asking a running server · 查询运行中的服务（`jisi query`）", []group{ofClient}},
}

// settingsPage returns the text of docs/settings.md.
func settingsPage() string {
	var b strings.Builder
	b.WriteString(settingsHead)
	for _, section := range sections {
		fmt.Fprintf(&b, "\n## %s\n\n| Flag | Environment | Default | What | 说明 |\n|---|---|---|---|---|\n", section.title)
		for _, s := range settings {
			for _, g := range section.groups {
				if s.group == g {
					b.WriteString(settingsRow(s))
				}
			}
		}
	}
	return b.String()
}

func settingsRow(s setting) string {
	otherwise := s.bind(&config{}).String()
	if s.flag == "data-dir" {
		otherwise = "~/.local/share/jisi" // the default of this machine is nobody else's
	}
	if otherwise != "" {
		otherwise = "`" + otherwise + "`"
	}
	return fmt.Sprintf("| `-%s` | `%s` | %s | %s | %s |\n", s.flag, s.env, otherwise, s.en, s.zh)
}

func TestTheSettingsPageIsMadeOfTheTable(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "settings.md")
	want := settingsPage()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/settings.md is stale: run 'make generate' and commit (-want +got):\n%s", diff)
	}
}

func TestEverySettingIsInOneSectionOfThePage(t *testing.T) {
	page := settingsPage()
	for _, s := range settings {
		if n := strings.Count(page, "| `-"+s.flag+"` |"); n != 1 {
			t.Errorf("-%s stands in docs/settings.md %d times, want once", s.flag, n)
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheREADMEsNameEverySettingWithItsDefault(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		rows := map[string]string{}
		for _, line := range strings.Split(string(text), "\n") {
			if cells := strings.Split(line, "|"); len(cells) == 6 {
				rows[strings.Trim(cells[1], " `")] = strings.Trim(cells[2], " `") + " " + strings.Trim(cells[3], " `")
			}
		}
		for _, s := range settings {
			otherwise := s.bind(&config{}).String()
			if s.flag == "data-dir" {
				otherwise = "~/.local/share/jisi"
			}
			if got, want := rows["-"+s.flag], s.env+" "+otherwise; strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("%s says of -%s %q, want %q", name, s.flag, got, want)
			}
		}
	}
}

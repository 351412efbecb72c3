package docs

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	part     = regexp.MustCompile(`(?m)^## `)
	commands = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")
	remark   = regexp.MustCompile(`(^|\s+)#.*`)
	called   = regexp.MustCompile(`-name \S+`)
	setting  = regexp.MustCompile("`-[a-z]+(-[a-z]+)+`")
)

// told is what a document says in whatever language: how many parts it has, the commands
// that it shows, without remarks and without what something is to be called, and the
// settings of more than one word that it names.
type told struct {
	Parts    int
	Commands []string
	Settings map[string]bool
}

func tell(text string) told {
	d := told{Parts: len(part.FindAllString(fenced.ReplaceAllString(text, ""), -1)), Settings: map[string]bool{}}
	for _, block := range commands.FindAllStringSubmatch(text, -1) {
		for line := range strings.SplitSeq(block[1], "\n") {
			if line = strings.TrimSpace(called.ReplaceAllString(remark.ReplaceAllString(line, ""), "-name NAME")); line != "" {
				d.Commands = append(d.Commands, line)
			}
		}
	}
	for _, s := range setting.FindAllString(text, -1) {
		d.Settings[s] = true
	}
	return d
}

// What is said in English is said in Chinese too, and the other way: one of the two lacked
// a part, the other a file to download.
func TestBothLanguagesSayTheSame(t *testing.T) {
	all := documents(t)
	pairs := 0
	for name, chinese := range all {
		other, ok := strings.CutSuffix(name, ".zh-CN.md")
		if !ok {
			continue
		}
		english, there := all[other+".md"]
		if !there {
			t.Errorf("%s has no English beside it", name)
			continue
		}
		pairs++
		if diff := cmp.Diff(tell(english), tell(chinese)); diff != "" {
			t.Errorf("%s (-English +Chinese):\n%s", name, diff)
		}
	}
	if pairs < 5 {
		t.Errorf("only %d documents are in both languages", pairs)
	}
}

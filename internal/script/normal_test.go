package script_test

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/internal/script"
)

// Every character, alone and beside those that compose with what stands before them:
// the shortcut for Chinese says what the library says.
func TestNormalSaysWhatTheLibrarySays(t *testing.T) {
	for r := rune(0); r < 0x20000; r++ { // beyond are no shortcuts
		if !utf8.ValidRune(r) {
			continue
		}
		for _, s := range []string{"政" + string(r), string(r) + "\u0301", string(r) + "\u3099"} {
			if got, want := script.Normal(s), norm.NFC.IsNormalString(s); got != want {
				t.Fatalf("%q: normal %v, the library says %v", s, got, want)
			}
		}
	}
	for _, s := range []string{"", "\xe4", "\xe4e\u0301", "\xe4\xb8", "\xe4\xb8e\u0301", "政\xe4\xb8\xe4", "\xef\xbc", "\xe3\x80e\u0301"} {
		if got, want := script.Normal(s), norm.NFC.IsNormalString(s); got != want {
			t.Errorf("%q: normal %v, the library says %v", s, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("政协。，“”　（）ＡａｶﾞかがÅA\u030a\u0301\u3099é한\u1112\u1161Ω…\n 1n"))).Draw(t, "s")
		if got, want := script.Normal(s), norm.NFC.IsNormalString(s); got != want {
			t.Fatalf("%q: normal %v, the library says %v", s, got, want)
		}
	})
}

func TestNormaliseReachesEveryText(t *testing.T) {
	const apart, composed = "cafe\u0301", "caf\u00e9"
	type kind string
	type record struct {
		Head
		Title  string `json:"title"`
		Kind   kind
		Names  []string
		Parts  []struct{ Name, Says string }
		Year   *int
		Given  []string `json:"-"`
		Prose  string
		hidden string
	}
	in := &record{
		Head:  Head{Lines: []string{apart}, Note: apart},
		Title: apart, Kind: apart, Names: []string{"甲", apart}, Parts: []struct{ Name, Says string }{{}, {apart, apart}},
		Given: []string{apart}, Prose: "甲\n\u0303" + apart, hidden: apart,
	}
	if !script.Normalise(in) {
		t.Error("nothing was changed")
	}
	if script.Normalise(in) {
		t.Error("it is changed twice")
	}
	for name, got := range map[string]string{
		"embedded": in.Note, "embedded list": in.Lines[0], "title": in.Title, "kind": string(in.Kind), "list": in.Names[1], "part": in.Parts[1].Name, "says": in.Parts[1].Says,
	} {
		if got != composed {
			t.Errorf("%s is %q", name, got)
		}
	}
	if in.Given[0] != apart || in.hidden != apart {
		t.Error("what JSON does not carry was changed")
	}
	// A line break is an n in JSON, which composes with what follows; the text's does not.
	if in.Prose != "甲\n\u0303"+composed {
		t.Errorf("prose is %q", in.Prose)
	}
}

// Head is embedded in records.
type Head struct {
	Note  string
	Lines []string
}

func BenchmarkNormal(b *testing.B) {
	s := ""
	for range 1000 {
		s += "政协委员到村里走访，听取意见。"
	}
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		script.Normal(s)
	}
}

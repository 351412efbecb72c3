package text

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesEndInAnyOfThreeWays(t *testing.T) {
	for name, file := range map[string]string{"LF": "甲\n乙\n\n丙", "CR LF": "甲\r\n乙\r\n\r\n丙\r\n", "CR": "甲\r乙\r\r丙\r"} {
		lines, err := NewLines(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for {
			line, err := lines.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(line))
		}
		if diff := cmp.Diff([]string{"甲", "乙", "", "丙"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCodesOfGB18030Of2022AreRead(t *testing.T) {
	// The values are those of GB 18030-2022, table of two-byte codes.
	tests := map[string]string{
		"\xA6\xD9": "\uFE10", "\xA6\xDA": "\uFE12", "\xA6\xDB": "\uFE11", "\xA6\xDF": "\uFE16", "\xA6\xEC": "\uFE17", "\xA6\xED": "\uFE18", "\xA6\xF3": "\uFE19",
		"\xA8\xBC": "\u1E3F", "\xFE\x51": "\U00020087", "\xFE\x52": "\U00020089", "\xFE\x53": "\U000200CC", "\xFE\x59": "\u9FB4", "\xFE\x61": "\u9FB5",
		"\xFE\x6C": "\U000215D7", "\xFE\x76": "\U0002298F", "\xFE\x91": "\U000241FE", "\xFE\xA0": "\u9FBB",
		"\xB3\xA4\xB4\xBA\xFE\x51\xCA\xD0": "长春\U00020087市", "a\xFE\xA0\xFE\x59b": "a\u9FBB\u9FB4b", "\x81\x30\x81\x30\xFE\x51": "\u0080\U00020087",
	}
	for code, want := range tests {
		if got, column := FromGB18030([]byte(code)); string(got) != want || column != 0 {
			t.Errorf("% X is %q, column %d; want %q", code, got, column, want)
		}
	}
	if _, column := FromGB18030([]byte("\xB3\xA4\xFE\x51\xFF")); column != 3 {
		t.Errorf("a broken byte behind such a code is in column %d, want 3", column)
	}
}

func TestRadicalsBecomeCharacters(t *testing.T) {
	for s, want := range map[string]string{"⼈民⽣活⽔平提⾼": "人民生活水平提高", "⻓春市⽼旧⼩区": "长春市老旧小区", "⻅效⻢上办": "见效马上办", "⼀、⼆、⼗": "一、二、十"} {
		if got, changed := Ordinary(s); got != want || !changed {
			t.Errorf("%s is %s, %t; want %s", s, got, changed, want)
		}
	}
	if got, changed := Ordinary("人民㈠①"); got != "人民㈠①" || changed {
		t.Errorf("what is no radical has become %s", got)
	}
}

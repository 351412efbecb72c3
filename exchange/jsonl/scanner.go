package jsonl

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// scanner walks over JSON that is known to be well-formed, and compares it with
// the struct that it is to become. encoding/json alone would take a member in
// the wrong case, the last of two, and the first wrong type only; none of that
// tells the author of a file what to mend.
type scanner struct {
	data     []byte
	at       int // in bytes
	problems catalog.Problems
}

// head reads "type" and "slug" and goes back to the start.
func (s *scanner) head() (kind catalog.RecordKind, slug string) {
	defer func() { s.at = 0 }()
	if s.space(); s.data[s.at] != '{' {
		s.wrongType("", "对象 {…}", "an object {…}")
		return "", ""
	}
	var name string
	var found bool
	s.object(func(key string) bool {
		if start := s.at; key == "type" || key == "slug" {
			isType := key == "type"
			s.skip()
			var text string
			isText := json.Unmarshal(s.data[start:s.at], &text) == nil && s.data[start] == '"'
			switch {
			case isType && isText:
				name, found = text, true
			case isText:
				slug = text
			}
			return !found || slug == ""
		}
		s.skip()
		return true
	})
	if kind = catalog.RecordKind(strings.ToUpper(name)); !kind.Valid() || name != TypeName(kind) {
		s.unknownType(name)
		kind = ""
	}
	return kind, slug
}

func (s *scanner) unknownType(name string) {
	names := make([]string, len(catalog.RecordKinds))
	for i, k := range catalog.RecordKinds {
		names[i] = TypeName(k)
	}
	if name == "" {
		s.report("type", "缺少记录类型，可用："+strings.Join(names, "、"), "is required, as a text: one of "+strings.Join(names, ", "))
		return
	}
	s.report("type", fmt.Sprintf("没有记录类型 %s，可用：%s", catalog.Quoted(name), strings.Join(names, "、")),
		fmt.Sprintf("there is no type %s; there are %s", catalog.Quoted(name), strings.Join(names, ", ")))
}

// record compares the whole object with the input of its kind.
func (s *scanner) record(kind catalog.RecordKind) {
	s.space()
	t := reflect.TypeOf(catalog.NewInput(kind)).Elem()
	types := 0
	s.structure(t, "", func(key string) bool {
		if key != "type" {
			return false
		}
		if types++; types > 1 {
			s.twice("type")
		}
		s.skip()
		return true
	})
}

// structure compares an object with a struct type. special may take a member
// that the type does not have.
func (s *scanner) structure(t reflect.Type, path string, special func(key string) bool) {
	m := MembersOf(t)
	seen := make([]bool, len(m.List))
	s.object(func(key string) bool {
		i, ok := m.byName[key]
		switch {
		case !ok && special != nil && special(key):
		case !ok:
			s.report(Path(path, catalog.Clipped(key)), "没有这个字段"+hint(m, key, "，是不是 %s？"), "there is no such field"+hint(m, key, "; is it %s?"))
			s.skip()
		default:
			if seen[i] {
				s.twice(Path(path, key))
			}
			seen[i] = true
			s.value(m.List[i].Type, Path(path, key), true)
		}
		return len(s.problems) < MaxProblems
	})
}

// hint names the field that was meant where only its case differs.
func hint(m *Members, key, format string) string {
	for _, f := range m.List {
		if strings.EqualFold(f.Name, key) {
			return fmt.Sprintf(format, f.Name)
		}
	}
	return ""
}

// value compares one value with a type, and goes on behind it.
func (s *scanner) value(t reflect.Type, path string, nullable bool) {
	first := s.data[s.at]
	if first == 'n' && nullable {
		s.skip()
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		if first == '"' {
			s.text(path)
			return
		}
		s.wrongType(path, "文字", "a text")
	case reflect.Int, reflect.Float64:
		s.number(t, path)
		return
	case reflect.Bool:
		if first != 't' && first != 'f' {
			s.wrongType(path, "true 或 false", "true or false")
		}
	case reflect.Slice:
		if first == '[' {
			s.array(func(i int) bool {
				s.value(t.Elem(), Path(path, strconv.Itoa(i)), false)
				return len(s.problems) < MaxProblems
			})
			return
		}
		s.wrongType(path, "列表 […]", "a list […]")
	case reflect.Struct:
		if first == '{' {
			s.structure(t, path, nil)
			return
		}
		s.wrongType(path, "对象 {…}", "an object {…}")
	default:
		panic("exchange: no rule for the type " + t.String())
	}
	s.skip()
}

func (s *scanner) number(t reflect.Type, path string) {
	start := s.at
	s.skip()
	literal := string(s.data[start:s.at])
	if c := literal[0]; c != '-' && (c < '0' || c > '9') {
		s.wrongTypeOf(path, c, "数字", "a number")
		return
	}
	if t.Kind() == reflect.Int {
		if _, err := strconv.Atoi(literal); err != nil {
			s.report(path, catalog.Clipped(literal)+" 不是可用的整数", catalog.Clipped(literal)+" is not a usable whole number")
		}
		return
	}
	if _, err := strconv.ParseFloat(literal, 64); err != nil {
		s.report(path, catalog.Clipped(literal)+" 超出数的范围", catalog.Clipped(literal)+" is out of range")
	}
}

func (s *scanner) wrongType(path, zh, en string) { s.wrongTypeOf(path, s.data[s.at], zh, en) }

// wrongTypeOf says what was wanted and, by its first byte, what stands there.
func (s *scanner) wrongTypeOf(path string, first byte, zh, en string) {
	isZh, isEn := "数字", "a number"
	switch first {
	case '"':
		isZh, isEn = "文字（带引号）", "a text, in quotes"
	case '[':
		isZh, isEn = "列表", "a list"
	case '{':
		isZh, isEn = "对象", "an object"
	case 't', 'f':
		isZh, isEn = "true 或 false", "true or false"
	case 'n':
		isZh, isEn = "null", "null"
	}
	s.report(path, fmt.Sprintf("应为%s，这里是%s", zh, isZh), fmt.Sprintf("must be %s, and is %s", en, isEn))
}

func (s *scanner) twice(path string) { s.report(path, "字段重复", "stands twice") }

func (s *scanner) report(path, zh, en string) {
	if len(s.problems) < MaxProblems {
		s.problems = append(s.problems, catalog.Invalid(path, zh, en))
	}
}

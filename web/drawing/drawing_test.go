package drawing_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/web/drawing"
)

func words(s string) drawing.Cell { return drawing.Cell{Text: s} }

func count(n int) drawing.Cell {
	return drawing.Cell{Text: strconv.Itoa(n), Number: float64(n), Shade: n % 6}
}

// picture is what an SVG says and how far its shapes and words reach.
type picture struct {
	texts         []string
	elements      map[string]int
	width, height float64
}

func read(t *testing.T, svg []byte) picture {
	t.Helper()
	p := picture{elements: map[string]int{}}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			p.elements[e.Name.Local]++
			for _, a := range e.Attr {
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Errorf("%s has %s=%q", e.Name.Local, a.Name.Local, a.Value)
				}
				v, err := strconv.ParseFloat(a.Value, 64)
				if err != nil {
					continue
				}
				switch {
				case e.Name.Local == "svg" && a.Name.Local == "width":
					p.width = v
				case e.Name.Local == "svg" && a.Name.Local == "height":
					p.height = v
				case (a.Name.Local == "x" || a.Name.Local == "cx" || a.Name.Local == "x2") && v > p.width, (a.Name.Local == "y" || a.Name.Local == "cy" || a.Name.Local == "y2") && v > p.height:
					t.Errorf("%s stands outside the picture of %v × %v: %s=%v", e.Name.Local, p.width, p.height, a.Name.Local, v)
				case (a.Name.Local == "width" || a.Name.Local == "height") && v < 0:
					t.Errorf("%s is %s=%v", e.Name.Local, a.Name.Local, v)
				}
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(e)); s != "" {
				p.texts = append(p.texts, s)
			}
		}
	}
}

func TestEveryFormDrawsWhatItsTableSays(t *testing.T) {
	many := func(row func(i int) []drawing.Cell) (rows [][]drawing.Cell) {
		for i := range 300 {
			rows = append(rows, row(i))
		}
		return rows
	}
	name := func(i int) drawing.Cell {
		return words(fmt.Sprintf("某某市某某县政协第%d个<议题>&“名称”", i))
	}
	for title, test := range map[string]struct {
		form     drawing.Form
		head     []string
		rows     [][]drawing.Cell
		elements map[string]int // at least as many
		says     []string
	}{
		"bars":                {drawing.Bars, []string{"议题", "案例数"}, [][]drawing.Cell{{words("民生"), count(7)}, {words("生态"), count(0)}}, map[string]int{"rect": 3}, []string{"民生", "7", "生态", "0"}},
		"bars of nothing":     {drawing.Bars, []string{"议题", "案例数"}, [][]drawing.Cell{{words("民生"), count(0)}}, map[string]int{"rect": 2}, []string{"民生"}},
		"300 bars":            {drawing.Bars, []string{"议题", "案例数"}, many(func(i int) []drawing.Cell { return []drawing.Cell{name(i), count(i)} }), map[string]int{"rect": 301}, nil},
		"lines":               {drawing.Lines, []string{"年份", "案例数"}, [][]drawing.Cell{{words("2019"), count(2)}, {words("2021 年"), count(5)}, {words("未写明"), count(9)}}, map[string]int{"polyline": 1, "circle": 3}, []string{"2020", "5"}},
		"a line of one year":  {drawing.Lines, []string{"年份", "案例数"}, [][]drawing.Cell{{words("2021"), count(1)}}, map[string]int{"circle": 1}, []string{"2021"}},
		"a line of no year":   {drawing.Lines, []string{"年份", "案例数"}, [][]drawing.Cell{{words("未写明"), count(9)}}, nil, []string{"没有可以画出的数字。"}},
		"a line of 152 years": {drawing.Lines, []string{"年份", "案例数"}, [][]drawing.Cell{{words("1949"), count(3)}, {words("2100"), count(100000)}}, map[string]int{"circle": 152}, []string{"1949"}},
		"heat":                {drawing.Heat, []string{"议题", "省", "市", "案例数"}, [][]drawing.Cell{{words("民生"), count(4), count(0), count(4)}}, map[string]int{"rect": 3}, []string{"省", "市", "4"}},
		"heat of one column":  {drawing.Heat, []string{"议题", "案例数"}, [][]drawing.Cell{{words("民生"), count(4)}}, nil, []string{"没有可以画出的数字。"}},
		"heat of 300 rows and 60 columns": {
			drawing.Heat, append(append([]string{"议题"}, strings.Split(strings.Repeat("某某市政协,", 59)+"末", ",")...), "案例数"),
			many(func(i int) []drawing.Cell {
				row := []drawing.Cell{name(i)}
				for j := range 61 {
					row = append(row, count(i*j))
				}
				return row
			}), map[string]int{"rect": 18001}, nil,
		},
		"net":               {drawing.Net, []string{"词一", "词二", "共现"}, [][]drawing.Cell{{words("协商"), words("民生"), count(3)}, {words("协商"), words("提案"), count(1)}}, map[string]int{"circle": 3, "line": 3}, []string{"协商", "民生", "提案"}},
		"net of 300":        {drawing.Net, []string{"词一", "词二", "共现"}, many(func(i int) []drawing.Cell { return []drawing.Cell{name(i), name(i + 1), count(i)} }), map[string]int{"circle": 301}, nil},
		"net of no numbers": {drawing.Net, []string{"词一", "词二", "共现"}, [][]drawing.Cell{{words("协商"), words("民生"), words("")}}, nil, []string{"没有可以画出的数字。"}},
		"flow":              {drawing.Flow, []string{"从", "到", "次数"}, [][]drawing.Cell{{words("延吉市政协"), words("珲春市政协"), count(2)}, {words("延吉市政协"), words("延吉市政协"), count(1)}}, map[string]int{"path": 4}, []string{"延吉市政协　3", "2　珲春市政协", "1　延吉市政协"}},
		"flow of 300":       {drawing.Flow, []string{"从", "到", "次数"}, many(func(i int) []drawing.Cell { return []drawing.Cell{name(i % 7), name(i), count(i + 1)} }), map[string]int{"path": 600}, nil},
		"no rows":           {drawing.Bars, []string{"议题", "案例数"}, nil, nil, []string{"没有可以画出的数字。"}},
	} {
		t.Run(title, func(t *testing.T) {
			f := drawing.Figure{
				Title: "图 <" + title + ">", Scope: "统计范围：全部", Warning: "含合成数据", Definition: strings.Repeat("计什么，", 40), Source: "知识库，https://example.org/research?a=1&b=2", Day: "2026-11-28",
				Form: test.form, Head: test.head, Rows: test.rows,
			}
			svg := drawing.SVG(f)
			if !bytes.Equal(svg, drawing.SVG(f)) {
				t.Error("drawn twice, it is not the same")
			}
			p := read(t, svg)
			for element, least := range test.elements {
				if p.elements[element] < least {
					t.Errorf("%d elements %s, want %d", p.elements[element], element, least)
				}
			}
			for _, forbidden := range []string{"script", "style", "image", "foreignObject", "a"} {
				if p.elements[forbidden] > 0 {
					t.Errorf("there is an element %s", forbidden)
				}
			}
			all := strings.Join(p.texts, "\n")
			for _, want := range append(test.says, f.Title, f.Scope, f.Warning, "口径：计什么，", "来源：知识库，https://example.org/research?a=1&b=2", "统计于 2026-11-28") {
				if !strings.Contains(all, want) {
					t.Errorf("%q is not said", want)
				}
			}
		})
	}
}

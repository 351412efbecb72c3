package web

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// tilesFile says where each division stands on the map, and where that is from.
//
//go:embed tiles.csv
var tilesFile string

// place is a division's place in the grid.
type place struct{ Column, Row int }

// places are the divisions' places, by code.
var places = readPlaces(tilesFile)

// readPlaces panics where the embedded file is not as it should be.
func readPlaces(file string) map[string]place {
	r := csv.NewReader(strings.NewReader(file))
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		panic(fmt.Errorf("reading the places of tiles: %w", err))
	}
	read := map[string]place{}
	for _, line := range lines[1:] {
		column, err1 := strconv.Atoi(line[1])
		row, err2 := strconv.Atoi(line[2])
		if _, twice := read[line[0]]; twice || err1 != nil || err2 != nil {
			panic(fmt.Errorf("the place of tile %v is no place, or its second", line))
		}
		read[line[0]] = place{column, row}
	}
	return read
}

// The measures of the tile grid in its own units.
const (
	cellWidth  = 54
	cellHeight = 46
	cellGap    = 4
	// wideCells is how many columns a prefecture's own tile takes.
	wideCells = 2
)

// tile is a division on the map: a county, or a prefecture's own tile, which
// stands for the whole of it.
type tile struct {
	Code, Name    string // the name as it fits
	Full          string
	Count         int
	Shade         int // 0 for none to 4 for many
	Wide          bool
	X, Y          int
	Width, Height int
}

// border is a line between two prefectures.
type border struct{ X1, Y1, X2, Y2 int }

// tileMap is the province, or a prefecture, as a grid of tiles.
type tileMap struct {
	Name          string
	Width, Height int
	Tiles         []tile
	Borders       []border
}

// Shown is how wide the map is shown, in CSS pixels, where there is room: a small
// one larger than its units.
func (m tileMap) Shown() int { return max(m.Width, min(m.Width*3/2, 12*cellWidth)) }

// newTileMap puts the divisions at their places; those without one, such as the
// province, are left to the table beside the map. regions have code, name, level
// and caseCount.
func newTileMap(name string, regions []any) tileMap {
	m := tileMap{Name: name}
	mostOfLevel := map[any]int{}
	var shown []map[string]any
	first := place{Column: 1 << 20, Row: 1 << 20}
	for _, region := range regions {
		r := object(region)
		at, ok := places[text(r["code"])]
		if !ok {
			continue
		}
		shown = append(shown, r)
		first = place{min(first.Column, at.Column), min(first.Row, at.Row)}
		mostOfLevel[r["level"]] = max(mostOfLevel[r["level"]], whole(r["caseCount"]))
	}
	for _, r := range shown {
		at := places[text(r["code"])]
		t := newTile(r, place{at.Column - first.Column, at.Row - first.Row}, mostOfLevel[r["level"]])
		m.Tiles = append(m.Tiles, t)
		m.Width, m.Height = max(m.Width, t.X+t.Width), max(m.Height, t.Y+t.Height)
	}
	// West to east and north to south, which is how keys walk through the links.
	slices.SortFunc(m.Tiles, func(a, b tile) int {
		if a.Y != b.Y {
			return a.Y - b.Y
		}
		return a.X - b.X
	})
	m.Borders = borders(m.Tiles)
	return m
}

func newTile(r map[string]any, at place, most int) tile {
	t := tile{
		Code: text(r["code"]), Name: shortName(text(r["name"])), Full: text(r["name"]), Count: whole(r["caseCount"]),
		X: at.Column * (cellWidth + cellGap), Y: at.Row * (cellHeight + cellGap), Width: cellWidth, Height: cellHeight,
	}
	t.Shade = shade(t.Count, most)
	if r["level"] == "PREFECTURE" {
		t.Wide, t.Width = true, wideCells*cellWidth+(wideCells-1)*cellGap
	}
	return t
}

// borders are drawn where neighbours belong to two prefectures, in the middle of
// the gap between them.
func borders(tiles []tile) []border {
	const wide, high = cellWidth + cellGap, cellHeight + cellGap
	whose := map[place]string{}
	for _, t := range tiles {
		for i := range (t.Width + cellGap) / wide {
			whose[place{t.X/wide + i, t.Y / high}] = t.Code[:4]
		}
	}
	var lines []border
	for at, code := range whose {
		x, y := (at.Column+1)*wide-cellGap/2, (at.Row+1)*high-cellGap/2
		if east := whose[place{at.Column + 1, at.Row}]; east != "" && east != code {
			lines = append(lines, border{x, y - high, x, y})
		}
		if south := whose[place{at.Column, at.Row + 1}]; south != "" && south != code {
			lines = append(lines, border{x - wide, y, x, y})
		}
	}
	slices.SortFunc(lines, func(a, b border) int { // a map has no order, a page has
		return slices.Compare([]int{a.Y1, a.X1, a.Y2, a.X2}, []int{b.Y1, b.X1, b.Y2, b.X2})
	})
	return lines
}

// shortName is a division's name as it fits into a tile: 延边 for
// 延边朝鲜族自治州, 朝阳 for 朝阳区; 通化县 stays, since 通化 is the prefecture.
func shortName(name string) string {
	if short, ok := shortNames[name]; ok {
		return short
	}
	r := []rune(name)
	return string(r[:len(r)-1])
}

// shortNames are those that cutting off the last character does not give.
var shortNames = map[string]string{
	"延边朝鲜族自治州": "延边", "通化县": "通化县", "伊通满族自治县": "伊通", "长白朝鲜族自治县": "长白", "前郭尔罗斯蒙古族自治县": "前郭",
}

// fewCases is what the darkest shade stands for at least: where all have few,
// none is dark.
const fewCases = 8

// shade is the class of colour for a number of cases beside the most that any
// has: 0 for none, else 1 to 4 in equal steps.
func shade(n, most int) int {
	if n <= 0 {
		return 0
	}
	return min(4, 1+4*(n-1)/max(most, fewCases))
}

// regionExtra is what a region's page needs besides its data.
type regionExtra struct {
	pager
	Map    tileMap // of the divisions below; no tiles where there are none
	Follow *following
}

func shapeRegion(v *view, r *http.Request) error {
	if err := shapePages("", "cases")(v, r); err != nil {
		return err
	}
	region := object(v.Data["region"])
	extra := regionExtra{Map: newTileMap(text(region["name"]), withBelow(region))}
	extra.pager, _ = v.Extra.(pager)
	var err error
	extra.Follow, err = followingOf(v, r, "region", text(region["code"]))
	v.Extra = extra
	return err
}

// withBelow are the region and all that the answer holds below it; nothing
// where there is nothing below.
func withBelow(region map[string]any) []any {
	children := list(region["children"])
	if len(children) == 0 {
		return nil
	}
	all := []any{region}
	for _, child := range children {
		if below := withBelow(object(child)); below != nil {
			all = append(all, below...)
		} else {
			all = append(all, child)
		}
	}
	return all
}

package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// places are where the prefectures stand in the tile grid, by code, roughly as
// on the map: column and row from the upper left.
var places = map[string][2]int{
	"220800": {0, 0}, "220700": {1, 0},
	"220100": {2, 1}, "220200": {3, 1}, "222400": {4, 1},
	"220300": {1, 2}, "220400": {2, 2},
	"220500": {2, 3}, "220600": {3, 3},
}

// The measures of the tile grid in its own units.
const (
	tileWidth  = 132
	tileHeight = 106
	tileGap    = 8
	dotSize    = 9
	dotStep    = 11
	dotsInRow  = 10
)

// tile is a prefecture in the grid.
type tile struct {
	Code, Name string
	Count      int
	Shade      int // 0 for none to 4 for many
	X, Y       int
	Width      int
	Height     int
	Dots       []dot // its counties
}

// dot is a county within its prefecture's tile, filled where it has cases.
type dot struct {
	Name  string
	Count int
	X, Y  int
	Size  int
}

// tileMap is the province as a grid of tiles.
type tileMap struct {
	Name          string
	Count         int
	Width, Height int
	Tiles         []tile
}

// homeExtra is what the home page needs besides its data.
type homeExtra struct {
	Map    tileMap
	Topics []map[string]any // with most cases first
	Ledger []any            // the lines of which records are kept
}

// homeTopics is how many topics the home page names.
const homeTopics = 16

func shapeHome(v *view, _ *http.Request) error {
	v.Extra = homeExtra{
		Map:    newTileMap(list(v.Data["regions"])),
		Topics: mostCases(list(v.Data["topics"]), homeTopics),
		Ledger: held(list(v.Data["ledger"])),
	}
	return nil
}

// newTileMap puts the prefectures at their places, and their counties into
// them. A prefecture without a place is left to the table beside the map.
func newTileMap(regions []any) tileMap {
	m := tileMap{}
	counties := map[string][]map[string]any{}
	for _, region := range regions {
		r := object(region)
		switch r["level"] {
		case "PROVINCE":
			m.Name, m.Count = text(r["name"]), whole(r["caseCount"])
		case "COUNTY":
			parent := text(object(r["parent"])["code"])
			counties[parent] = append(counties[parent], r)
		}
	}
	most := mostOf(prefectures(regions))
	for _, region := range regions {
		r := object(region)
		place, ok := places[text(r["code"])]
		if !ok {
			continue
		}
		t := newTile(r, place, counties[text(r["code"])], most)
		m.Tiles = append(m.Tiles, t)
		m.Width, m.Height = max(m.Width, t.X+t.Width), max(m.Height, t.Y+t.Height)
	}
	return m
}

func newTile(r map[string]any, place [2]int, counties []map[string]any, most int) tile {
	count := whole(r["caseCount"])
	t := tile{
		Code: text(r["code"]), Name: shortName(text(r["name"])), Count: count, Shade: shade(count, most),
		X: place[0] * (tileWidth + tileGap), Y: place[1] * (tileHeight + tileGap),
		Width: tileWidth, Height: tileHeight,
	}
	for i, county := range counties {
		t.Dots = append(t.Dots, dot{
			Name: text(county["name"]), Count: whole(county["caseCount"]), Size: dotSize,
			X: 11 + i%dotsInRow*dotStep, Y: 78 + i/dotsInRow*dotStep,
		})
	}
	return t
}

// shortName is a division's name as it fits into a tile: 延边州 for
// 延边朝鲜族自治州.
func shortName(name string) string {
	if place, ok := strings.CutSuffix(name, "朝鲜族自治州"); ok {
		return place + "州"
	}
	return name
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

// mostOf is the largest number of cases that any of the regions has.
func mostOf(regions []any) int {
	most := 0
	for _, region := range regions {
		most = max(most, whole(object(region)["caseCount"]))
	}
	return most
}

// prefectures are the regions that the map has tiles for.
func prefectures(regions []any) []any {
	return slices.DeleteFunc(slices.Clone(regions), func(region any) bool {
		_, ok := places[text(object(region)["code"])]
		return !ok
	})
}

// mostCases gives the n topics with the most cases, and none without.
func mostCases(topics []any, n int) []map[string]any {
	var found []map[string]any
	for _, topic := range topics {
		if t := object(topic); whole(t["caseCount"]) > 0 {
			found = append(found, t)
		}
	}
	slices.SortStableFunc(found, func(a, b map[string]any) int {
		return cmp.Compare(whole(b["caseCount"]), whole(a["caseCount"]))
	})
	return found[:min(n, len(found))]
}

// held gives the lines of the ledger whose records the knowledge base keeps.
func held(ledger []any) []any {
	return slices.DeleteFunc(slices.Clone(ledger), func(line any) bool { return object(line)["held"] == nil })
}

// whole gives v as a whole number, 0 where it is none.
func whole(v any) int {
	n, _ := v.(int)
	return n
}

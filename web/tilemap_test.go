package web

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/data"
)

// divisions are those that come with the binary, as a page's answer has them.
func divisions(t *testing.T) []any {
	t.Helper()
	var all []any
	for name, file := range data.Records() {
		if !strings.HasSuffix(name, "regions.jsonl") {
			continue
		}
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var line map[string]any
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			line["code"], line["caseCount"] = line["slug"], 1
			all = append(all, line)
		}
	}
	return all
}

func TestEveryDivisionHasATileOfItsOwn(t *testing.T) {
	all := divisions(t)
	m := newTileMap("吉林省", all)
	counties, wide := 0, 0
	taken := map[place]string{}
	for _, tile := range m.Tiles {
		at := place{tile.X / (cellWidth + cellGap), tile.Y / (cellHeight + cellGap)}
		cells := []place{at}
		if tile.Wide {
			wide++
			cells = append(cells, place{at.Column + 1, at.Row})
		} else {
			counties++
		}
		for _, cell := range cells {
			if other, ok := taken[cell]; ok {
				t.Errorf("%s stands on %s", tile.Full, other)
			}
			taken[cell] = tile.Code
		}
		if name := []rune(tile.Name); len(name) < 2 || len(name) > 3 {
			t.Errorf("%s is called %s on its tile", tile.Full, tile.Name)
		}
	}
	if counties != 60 || wide != 9 || len(places) != 69 || len(all) != 70 {
		t.Errorf("%d counties and %d prefectures of %d divisions have tiles, and %d have places; want 60 and 9 of 70, 69", counties, wide, len(all), len(places))
	}
	for code := range prefecturesOf(taken) {
		if n := pieces(taken, code); n != 1 {
			t.Errorf("the tiles of prefecture %s00 lie in %d pieces", code, n)
		}
	}
}

func prefecturesOf(taken map[place]string) map[string]bool {
	all := map[string]bool{}
	for _, code := range taken {
		all[code[:4]] = true
	}
	return all
}

// pieces is in how many pieces a prefecture's cells lie.
func pieces(taken map[place]string, prefecture string) int {
	n, seen := 0, map[place]bool{}
	var walk func(place)
	walk = func(at place) {
		if seen[at] || !strings.HasPrefix(taken[at], prefecture) {
			return
		}
		seen[at] = true
		for _, step := range []place{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			walk(place{at.Column + step.Column, at.Row + step.Row})
		}
	}
	for at, code := range taken {
		if strings.HasPrefix(code, prefecture) && !seen[at] {
			n++
			walk(at)
		}
	}
	return n
}

// TestTilesLieAsTheDivisionsDo takes what everybody knows of the province's map.
func TestTilesLieAsTheDivisionsDo(t *testing.T) {
	at := map[string]place{}
	for _, r := range divisions(t) {
		if p, ok := places[text(object(r)["code"])]; ok {
			at[text(object(r)["name"])] = p
		}
	}
	for _, eastward := range [][]string{
		{"洮北区", "大安市", "宁江区", "扶余市"},
		{"双辽市", "公主岭市", "双阳区", "永吉县", "敦化市", "汪清县", "珲春市"},
		{"铁西区", "铁东区", "东辽县", "磐石市", "桦甸市", "安图县", "延吉市"},
		{"梅河口市", "柳河县", "靖宇县", "抚松县"},
		{"集安市", "临江市", "长白朝鲜族自治县"},
	} {
		for i, name := range eastward[1:] {
			if at[eastward[i]].Column >= at[name].Column {
				t.Errorf("%s is not west of %s", eastward[i], name)
			}
		}
	}
	for _, southward := range [][]string{
		{"镇赉县", "洮北区", "通榆县", "长岭县", "双辽市"},
		{"扶余市", "德惠市", "九台区", "双阳区", "磐石市", "辉南县", "柳河县", "通化县", "集安市"},
		{"舒兰市", "蛟河市", "敦化市", "安图县", "和龙市"},
		{"抚松县", "江源区", "长白朝鲜族自治县"},
		{"汪清县", "图们市", "龙井市"},
	} {
		for i, name := range southward[1:] {
			if at[southward[i]].Row >= at[name].Row {
				t.Errorf("%s is not north of %s", southward[i], name)
			}
		}
	}
}

func TestAPrefecturesMapHoldsItsOwnOnly(t *testing.T) {
	var inside []any
	for _, r := range divisions(t) {
		if strings.HasPrefix(text(object(r)["code"]), "2224") {
			inside = append(inside, r)
		}
	}
	m := newTileMap("延边朝鲜族自治州", inside)
	if len(m.Tiles) != 9 || len(m.Borders) != 0 || m.Width > 6*(cellWidth+cellGap) || m.Height > 5*(cellHeight+cellGap) {
		t.Errorf("the map has %d tiles, %d borders, %d × %d units", len(m.Tiles), len(m.Borders), m.Width, m.Height)
	}
}

package drawing

import (
	"math"
	"slices"
	"strconv"
)

// bars draws a bar a row.
func bars(c *canvas, f Figure) bool {
	top := 0.0
	for _, r := range f.Rows {
		top = max(top, r[1].Number)
	}
	const most = 420.0 // of a label: the longest name of a step fits
	left := margin + labels(f.Rows, most)
	long := width - margin - 64 - left
	for _, r := range f.Rows {
		w := 0.0
		if top > 0 {
			w = long * max(r[1].Number, 0) / top
		}
		c.text(left-8, c.y+19, cut(r[0].Text, most/size), size, ink, "end")
		c.shape(`<rect x="%s" y="%s" width="%s" height="18" fill="%s"/>`, n(left), n(c.y+5), n(w), strong)
		c.text(left+w+6, c.y+19, r[1].Text, size, ink, "")
		c.y += row
	}
	return true
}

// lineChart draws a line through the years. One in between that has no row counts none;
// a row that is no year is not drawn.
func lineChart(c *canvas, f Figure) bool {
	counts := map[int]float64{}
	var years []int
	top := 0.0
	for _, r := range f.Rows {
		if year, err := strconv.Atoi(firstDigits(r[0].Text)); err == nil && year > 0 {
			counts[year] = r[1].Number
			years = append(years, year)
			top = max(top, r[1].Number)
		}
	}
	if len(years) == 0 {
		return false
	}
	first, last := slices.Min(years), slices.Max(years)
	const high = 240.0
	left, right := float64(margin+48), float64(width-margin-24)
	end, step := scale(top)
	base := c.y + 24 + high
	for v := 0.0; v <= end+step/2; v += step {
		y := base - high*v/end
		c.shape(`<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s"/>`, n(left), n(y), n(right), n(y), line)
		c.text(left-8, y+5, number(v), 13, soft, "end")
	}
	between := (right - left) / float64(last-first+1)
	every := max(1, int(math.Ceil(52/between)))
	points := ""
	for year := first; year <= last; year++ {
		x, y := left+between*(float64(year-first)+0.5), base-high*counts[year]/end
		points += n(x) + "," + n(y) + " "
		c.shape(`<circle cx="%s" cy="%s" r="4" fill="%s"/>`, n(x), n(y), strong)
		if (year-first)%every == 0 {
			c.text(x, base+20, strconv.Itoa(year), 13, ink, "middle")
		}
		if last-first < 20 {
			c.text(x, y-10, number(counts[year]), 13, ink, "middle")
		}
	}
	c.shape(`<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`, points[:len(points)-1], strong)
	c.y = base + 30
	return true
}

// firstDigits returns the year that a text begins with, "" for none.
func firstDigits(s string) string {
	if len(s) < 4 {
		return ""
	}
	for _, d := range []byte(s[:4]) {
		if d < '0' || d > '9' {
			return ""
		}
	}
	return s[:4]
}

// heat draws a field a cell, all columns but the first and the last.
func heat(c *canvas, f Figure) bool {
	columns := f.Head[1:max(1, len(f.Head)-1)]
	if len(columns) == 0 {
		return false
	}
	left := margin + labels(f.Rows, 240)
	wide := min((width-margin-left)/float64(len(columns)), 160)
	slanted, high := false, 26.0
	for _, h := range columns {
		if ems(h)*13 > wide-6 {
			slanted = true
		}
	}
	if slanted {
		for _, h := range columns {
			high = max(high, min(ems(h), 12)*13*0.71+20)
		}
	}
	c.y += high
	for i, h := range columns {
		x := left + wide*(float64(i)+0.5)
		if slanted {
			c.shape(`<text transform="translate(%s,%s) rotate(-45)" font-size="13" fill="%s">%s</text>`, n(x), n(c.y-8), ink, escape(cut(h, 12)))
		} else {
			c.text(x, c.y-8, h, 13, ink, "middle")
		}
	}
	for _, r := range f.Rows {
		c.text(left-8, c.y+19, cut(r[0].Text, 240/size), size, ink, "end")
		for i := range columns {
			cell := r[i+1]
			x := left + wide*float64(i)
			shade := min(max(cell.Shade, 0), len(shades)-1)
			c.shape(`<rect x="%s" y="%s" width="%s" height="%d" fill="%s"/>`, n(x+1), n(c.y+1), n(wide-2), row-2, shades[shade])
			if cell.Number != 0 && wide >= 24 {
				colour := ink
				if shade > 2 {
					colour = "#fff"
				}
				c.text(x+wide/2, c.y+19, cell.Text, 13, colour, "middle")
			}
		}
		c.y += row
	}
	return true
}

// joint is a line of a network.
type joint struct {
	from, to int
	times    float64
}

// network reads who is joined with whom: the names by the sum of their lines, the most
// first and, where these are equal, in the order of the table.
func network(rows [][]Cell) (names []string, sums []float64, joints []joint) {
	number := map[string]int{}
	place := func(name string) int {
		if at, ok := number[name]; ok {
			return at
		}
		number[name] = len(names)
		names, sums = append(names, name), append(sums, 0)
		return len(names) - 1
	}
	for _, r := range rows {
		j := joint{place(r[0].Text), place(r[1].Text), r[2].Number}
		sums[j.from] += j.times
		sums[j.to] += j.times
		joints = append(joints, j)
	}
	return names, sums, joints
}

// net draws all names on a circle, joined by straight lines.
func net(c *canvas, f Figure) bool {
	names, sums, joints := network(f.Rows)
	top, most := slices.Max(sums), 0.0
	for _, j := range joints {
		most = max(most, j.times)
	}
	if top <= 0 || most <= 0 {
		return false
	}
	radius := min(max(float64(len(names))*9, 150), 330)
	cx, cy := float64(width)/2, c.y+radius+60
	at := func(i int) (x, y, angle float64) {
		angle = 2*math.Pi*float64(i)/float64(len(names)) - math.Pi/2
		return cx + radius*math.Cos(angle), cy + radius*math.Sin(angle), angle
	}
	for _, j := range joints {
		x1, y1, _ := at(j.from)
		x2, y2, _ := at(j.to)
		c.shape(`<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-opacity="0.45" stroke-width="%s"/>`, n(x1), n(y1), n(x2), n(y2), soft, n(1+4*j.times/most))
	}
	letters := min(max(2*math.Pi*radius/float64(len(names)), 7), 14)
	for i, name := range names {
		x, y, angle := at(i)
		r := 3 + 6*math.Sqrt(sums[i]/top)
		c.shape(`<circle cx="%s" cy="%s" r="%s" fill="%s"/>`, n(x), n(y), n(r), strong)
		degrees, anchor, off := angle*180/math.Pi, "start", r+4
		if math.Cos(angle) < -1e-9 { // on the left words are turned to be read from the left
			degrees, anchor, off = degrees+180, "end", -off
		}
		c.shape(`<text transform="translate(%s,%s) rotate(%s)" x="%s" y="%s" font-size="%s" fill="%s" text-anchor="%s">%s</text>`,
			n(x), n(y), n(degrees), n(off), n(letters*0.36), n(letters), ink, anchor, escape(cut(name, 10)))
	}
	c.y = cy + radius + 60 + letters*4
	return true
}

// flow draws who gives on the left and who takes on the right, joined by lines as wide as
// they are frequent.
func flow(c *canvas, f Figure) bool {
	var left, right []string
	given, taken := map[string]float64{}, map[string]float64{}
	most := 0.0
	for _, r := range f.Rows {
		from, to, times := r[0].Text, r[1].Text, r[2].Number
		if _, there := given[from]; !there {
			left = append(left, from)
		}
		if _, there := taken[to]; !there {
			right = append(right, to)
		}
		given[from] += times
		taken[to] += times
		most = max(most, times)
	}
	if most <= 0 {
		return false
	}
	const x1, x2 = 330.0, 630.0
	c.y += 18
	c.text(x1-12, c.y, f.Head[0], 13, soft, "end")
	c.text(x2+12, c.y, f.Head[1], 13, soft, "")
	c.y += 6
	rows := max(len(left), len(right))
	place := func(names []string) map[string]float64 {
		at := map[string]float64{}
		between := float64(rows*row) / float64(len(names))
		for i, name := range names {
			at[name] = c.y + between*(float64(i)+0.5)
		}
		return at
	}
	from, to := place(left), place(right)
	for _, r := range f.Rows {
		y1, y2 := from[r[0].Text], to[r[1].Text]
		c.shape(`<path d="M%s %s C%s %s %s %s %s %s" fill="none" stroke="%s" stroke-opacity="0.5" stroke-width="%s"/>`,
			n(x1), n(y1), n((x1+x2)/2), n(y1), n((x1+x2)/2), n(y2), n(x2), n(y2), strong, n(1+7*r[2].Number/most))
	}
	for _, name := range left {
		c.text(x1-12, from[name]+5, cut(name, 15)+"　"+number(given[name]), size, ink, "end")
	}
	for _, name := range right {
		c.shape(`<path d="M%s %s l-9 -5 v10 z" fill="%s"/>`, n(x2+4), n(to[name]), strong)
		c.text(x2+12, to[name]+5, number(taken[name])+"　"+cut(name, 15), size, ink, "")
	}
	c.y += float64(rows * row)
	return true
}

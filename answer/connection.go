package answer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// connection writes the expression of a page of a list of the row, or of all
// records where row is "". It reads one record more than the page has only where
// somebody asks whether there are more.
func (s *statement) connection(name, row string, l store.List, page catalog.PageArgs, sel *catalog.Selection) {
	c := connection{statement: s, name: name, list: l, page: page, row: s.row()}
	if page.Validate() != nil {
		s.leave("a page that is none")
		return
	}
	all := l.Conditions()
	cut, err := l.Cut(page)
	if err != nil {
		s.leave("a cursor of another list")
		return
	}
	offset := len(s.args)
	s.args = append(s.args, l.Args()...)
	c.offset = offset
	c.cursor, c.where = cut, placed(l.Conditions(), offset, row)
	c.total = `SELECT count(*) FROM ` + l.From() + ` WHERE ` + placed(all, offset, row)
	c.read(sel.Below)
}

// placeHolder is a parameter's place in a condition.
var placeHolder = regexp.MustCompile(`\$(\d+)`)

// placed returns a list's condition with the places that its parameters have in
// this statement, behind offset others, and with the row that the list belongs to.
func placed(condition string, offset int, row string) string {
	if offset > 0 {
		condition = placeHolder.ReplaceAllStringFunc(condition, func(place string) string {
			n, _ := strconv.Atoi(place[1:]) // it is made of digits
			return "$" + strconv.Itoa(n+offset)
		})
	}
	return strings.ReplaceAll(condition, `parent.id`, row+`.id`)
}

// connection is a page of a list being written.
type connection struct {
	*statement
	name     string // of its records' type: Case
	list     store.List
	where    string // its condition, as it stands in this statement
	page     catalog.PageArgs
	row      string
	offset   int    // how many parameters the statement has before the list's
	total    string // the statement that counts the whole list
	cursor   bool   // a cursor was given
	numbered bool   // which of the page's rows a row is has to be known
	// What is asked for decides what must be read.
	more, cursors, last, counted, totalled bool
}

// read writes the statement that reads the page's rows into an object. With
// nothing asked of them, as for totalCount alone, they are not read.
func (c *connection) read(selected []catalog.Selection) {
	c.numbered = c.page.Backward() || slices.ContainsFunc(selected, func(sel catalog.Selection) bool { return sel.Field == "pageInfo" })
	c.write(`(SELECT `)
	c.fields(selected)
	switch {
	case c.more || c.cursors || c.last || c.counted:
		c.write(` FROM (`, c.rows(), `) `, c.row)
	case c.cursor: // whether the cursor is one that can be read is seen by reading
		c.leave("a cursor that nothing is read by")
	case !c.totalled: // no statement takes the list's parameters
		c.args = c.args[:c.offset]
	}
	c.write(`)`)
}

// rows is the statement that reads the page. Where they are wanted, its rows have
// page_key, the order's value, page_n, which counts from the end that the page is
// counted from, and page_rows, how many there are.
func (c *connection) rows() string {
	key, rows, size := "", "", c.page.Size()
	if c.cursors {
		key = `, (` + c.list.SortKey() + `)::text AS page_key`
	}
	if c.last {
		rows = `, count(*) OVER () AS page_rows`
	}
	if c.more {
		size++
	}
	page := `SELECT r.*` + key + ` FROM ` + c.list.From() + ` WHERE ` + c.where +
		` ORDER BY ` + c.list.OrderBy(c.page) + ` LIMIT ` + strconv.Itoa(size)
	if !c.numbered {
		return page
	}
	return `SELECT r.*, row_number() OVER () AS page_n` + rows + ` FROM (` + page + `) r`
}

// part writes a field of a page that is being written.
type part func(c *connection, p *parts, sel *catalog.Selection)

// pageParts, edgeParts and infoParts are the fields of every list's connection,
// of its edges, and of PageInfo.
var pageParts = map[string]part{
	"nodes": func(c *connection, p *parts, sel *catalog.Selection) {
		c.each(p, func() { c.statement.object(c.name, c.row, sel.Below) })
	},
	"edges": func(c *connection, p *parts, sel *catalog.Selection) {
		c.each(p, func() { c.object(edgeName(c.name), edgeParts, sel.Below) })
	},
	"pageInfo": func(c *connection, p *parts, sel *catalog.Selection) { c.members(p, "PageInfo", infoParts, sel.Below) },
	"totalCount": func(c *connection, p *parts, _ *catalog.Selection) {
		c.totalled = true
		p.expression()
		c.write(`(`, c.total, `)`)
	},
}

var edgeParts = map[string]part{
	"node": func(c *connection, p *parts, sel *catalog.Selection) {
		p.expression()
		c.statement.object(c.name, c.row, sel.Below)
	},
	"cursor": func(c *connection, p *parts, _ *catalog.Selection) {
		p.expression()
		c.write(c.cursorOf())
	},
}

var infoParts = map[string]part{
	"hasNextPage": func(c *connection, p *parts, _ *catalog.Selection) {
		c.hasMore(p, !c.page.Backward(), c.page.Before != nil)
	},
	"hasPreviousPage": func(c *connection, p *parts, _ *catalog.Selection) {
		c.hasMore(p, c.page.Backward(), c.page.After != nil)
	},
	"startCursor": func(c *connection, p *parts, _ *catalog.Selection) { c.endCursor(p, c.page.Backward()) },
	"endCursor":   func(c *connection, p *parts, _ *catalog.Selection) { c.endCursor(p, !c.page.Backward()) },
}

// fields writes the connection itself.
func (c *connection) fields(selected []catalog.Selection) {
	c.object(c.name+"Connection", pageParts, selected)
}

// object writes the expression of an object of the page's.
func (c *connection) object(of string, known map[string]part, selected []catalog.Selection) {
	p := parts{statement: c.statement}
	c.members(&p, of, known, selected)
	p.end()
}

// members writes an object of the page's into p.
func (c *connection) members(p *parts, of string, known map[string]part, selected []catalog.Selection) {
	p.text("{")
	for i := range selected {
		sel := &selected[i]
		p.key(i, sel.Key)
		switch write := known[sel.Field]; {
		case sel.Field == "__typename":
			p.text(`"`, of, `"`)
		case write == nil:
			c.leave(unknownField)
		default:
			write(c, p, sel)
		}
		if c.left != nil {
			c.left.at(of, sel.Field)
			return
		}
	}
	p.text("}")
}

// each writes a list of what is written for each row of the page.
func (c *connection) each(p *parts, element func()) {
	c.counted = true
	p.text("[")
	p.expression()
	c.write(`string_agg(`)
	element()
	c.write(`, ','`)
	if c.page.Backward() {
		c.write(` ORDER BY `, c.row, `.page_n DESC`)
	}
	c.write(`)`)
	if c.numbered {
		c.write(` FILTER (WHERE `, c.row, `.page_n <= `, strconv.Itoa(c.page.Size()), `)`)
	}
	p.text("]")
}

// edgeName returns the type of a list's edges.
func edgeName(noun string) string {
	if noun == "Adoption" {
		return "AdoptionListEdge"
	}
	return noun + "Edge"
}

// cursorOf writes what the store makes of a row.
func (c *connection) cursorOf() string {
	c.cursors = true
	key := c.row + strings.TrimPrefix(c.list.Key(), `r`)
	return `'"' || ` + base64url(literal(`["`+c.list.CursorName()+`",`)+` || to_json(`+c.row+`.page_key) || ',"' || `+key+` || '"]'`) + ` || '"'`
}

// hasMore reports whether there are records past an end of the page: past the far
// one where one more was found, past the near one where a cursor was given.
func (c *connection) hasMore(p *parts, far, cursor bool) {
	if !far {
		p.text(strconv.FormatBool(cursor))
		return
	}
	c.more, c.counted = true, true
	p.expression()
	c.write(`(count(*) > `, strconv.Itoa(c.page.Size()), `)::text`)
}

// endCursor returns the cursor of an end of the page, the far one where far.
func (c *connection) endCursor(p *parts, far bool) {
	cursor, which := c.cursorOf(), `1`
	if far {
		c.last = true
		which = fmt.Sprintf(`least(%s.page_rows, %d)`, c.row, c.page.Size())
	}
	p.expression()
	c.write(`coalesce(max(`, cursor, `) FILTER (WHERE `, c.row, `.page_n = `, which, `), 'null')`)
}

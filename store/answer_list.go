package store

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// connection writes the expression of a page of a list below the row, or of all
// records where row is "". It reads one record more than the page has only where
// somebody asks whether there are more.
func (a *answer) connection(shape, row string, l list, page catalog.PageArgs, sel *catalog.Selection) {
	c := connection{answer: a, shape: shape, name: strings.TrimSuffix(shape, "Connection"), list: l, page: page, row: a.row()}
	if page.Validate() != nil {
		a.unfit = true
		return
	}
	c.where = a.adopt(c.list, row)
	c.total = `SELECT count(*) FROM ` + c.list.from + ` WHERE ` + c.where
	c.cut()
	if !a.unfit {
		c.read(sel.Below)
	}
}

// placeHolder is a parameter's place in a condition.
var placeHolder = regexp.MustCompile(`\$(\d+)`)

// adopt takes a list's parameters over and gives its condition with their places
// in this statement, and with the row that the list is below.
func (a *answer) adopt(l list, row string) string {
	offset := len(a.args)
	a.args = append(a.args, l.args...)
	condition := l.conditions()
	if offset > 0 && len(l.args) > 0 {
		condition = placeHolder.ReplaceAllStringFunc(condition, func(place string) string {
			n, _ := strconv.Atoi(place[1:]) // it is made of digits
			return "$" + strconv.Itoa(n+offset)
		})
	}
	return strings.ReplaceAll(condition, `parent.id`, row+`.id`)
}

// connection is a page of a list being written.
type connection struct {
	*answer
	shape, name string // CaseConnection, Case
	list        list
	where       string // its condition, as it stands in this statement
	page        catalog.PageArgs
	row         string
	total       string // the statement that counts the whole list
	cursor      bool   // a cursor was given
	numbered    bool   // which of the page's rows a row is has to be known
	// What is asked for decides what must be read.
	more, cursors, last, counted bool
}

// cut narrows the list to what comes after the cursor, or before.
func (c *connection) cut() {
	given := boundary(c.page)
	if given == nil {
		return
	}
	c.cursor = true
	key, id, err := readCursor(c.list.order, *given)
	if err != nil {
		c.unfit = true
		return
	}
	_, compare := c.direction()
	c.where += ` AND (` + c.list.order.expression + `, r.id) ` + compare + ` (` + c.args.add(key) + `::` + c.list.order.cast + `, ` + c.args.add(id) + `::bigint)`
}

func (c *connection) direction() (sort, compare string) {
	if c.list.order.descending != c.page.Backward() {
		return "DESC", "<"
	}
	return "ASC", ">"
}

// read writes the statement that reads the page's rows into an object. With
// nothing asked of them, as for totalCount alone, they are not read.
func (c *connection) read(selected []catalog.Selection) {
	c.numbered = c.page.Backward() || slices.ContainsFunc(selected, func(sel catalog.Selection) bool { return sel.Field == "pageInfo" })
	c.write(`(SELECT `)
	c.object(selected)
	switch {
	case c.more || c.cursors || c.last || c.counted:
		c.write(` FROM (`, c.rows(), `) `, c.row)
	case c.cursor: // whether the cursor is one that can be read is seen by reading
		c.unfit = true
	}
	c.write(`)`)
}

// rows is the statement that reads the page. Where they are wanted, its rows have
// page_key, the order's value, page_n, which counts from the end that the page is
// counted from, and page_rows, how many there are.
func (c *connection) rows() string {
	sort, _ := c.direction()
	key, rows, size := "", "", c.page.Size()
	if c.cursors {
		key = `, (` + c.list.order.expression + `)::text AS page_key`
	}
	if c.last {
		rows = `, count(*) OVER () AS page_rows`
	}
	if c.more {
		size++
	}
	page := `SELECT r.*` + key + ` FROM ` + c.list.from + ` WHERE ` + c.where +
		` ORDER BY ` + c.list.order.expression + ` ` + sort + `, r.id ` + sort + ` LIMIT ` + strconv.Itoa(size)
	if !c.numbered {
		return page
	}
	return `SELECT r.*, row_number() OVER () AS page_n` + rows + ` FROM (` + page + `) r`
}

// object writes the connection itself.
func (c *connection) object(selected []catalog.Selection) {
	p := parts{answer: c.answer}
	p.text("{")
	for i := range selected {
		sel := &selected[i]
		p.key(i, sel.Key)
		switch sel.Field {
		case "__typename":
			p.text(`"`, c.shape, `"`)
		case "nodes":
			c.each(&p, func() { c.answer.object(c.name, c.row, sel.Below) })
		case "edges":
			c.each(&p, func() { c.edge(sel.Below) })
		case "pageInfo":
			c.pageInfo(&p, sel.Below)
		case "totalCount":
			p.expression()
			c.write(`(`, c.total, `)`)
		default:
			c.unfit = true
		}
	}
	p.text("}")
	p.end()
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

func (c *connection) edge(selected []catalog.Selection) {
	p := parts{answer: c.answer}
	p.text("{")
	for i := range selected {
		sel := &selected[i]
		p.key(i, sel.Key)
		switch sel.Field {
		case "__typename":
			p.text(`"`, edgeName(c.name), `"`)
		case "node":
			p.expression()
			c.answer.object(c.name, c.row, sel.Below)
		case "cursor":
			p.expression()
			c.write(c.cursorOf())
		default:
			c.unfit = true
		}
	}
	p.text("}")
	p.end()
}

// edgeName gives the type of a list's edges.
func edgeName(noun string) string {
	if noun == "Adoption" {
		return "AdoptionListEdge"
	}
	return noun + "Edge"
}

// cursorOf writes what order.cursor makes of a row.
func (c *connection) cursorOf() string {
	c.cursors = true
	return `'"' || ` + base64url(literal(`["`+c.list.order.name+`",`)+` || to_json(`+c.row+`.page_key) || ',"' || `+c.row+`.id || '"]'`) + ` || '"'`
}

func (c *connection) pageInfo(p *parts, selected []catalog.Selection) {
	p.text("{")
	for i := range selected {
		sel := &selected[i]
		p.key(i, sel.Key)
		switch sel.Field {
		case "__typename":
			p.text(`"PageInfo"`)
		case "hasNextPage":
			c.hasMore(p, !c.page.Backward(), c.page.Before != nil)
		case "hasPreviousPage":
			c.hasMore(p, c.page.Backward(), c.page.After != nil)
		case "startCursor":
			c.endCursor(p, c.page.Backward())
		case "endCursor":
			c.endCursor(p, !c.page.Backward())
		default:
			c.unfit = true
		}
	}
	p.text("}")
}

// hasMore says whether there are records past an end of the page: past the far
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

// endCursor gives the cursor of an end of the page, the far one where far.
func (c *connection) endCursor(p *parts, far bool) {
	cursor, which := c.cursorOf(), `1`
	if far {
		c.last = true
		which = fmt.Sprintf(`least(%s.page_rows, %d)`, c.row, c.page.Size())
	}
	p.expression()
	c.write(`coalesce(max(`, cursor, `) FILTER (WHERE `, c.row, `.page_n = `, which, `), 'null')`)
}

package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// List is a list of records being put together: what is in it and in which
// order. Paging is by keyset: a page begins after the order's value and the id
// of the one before, which an index finds at once however deep the page is, and
// which stays right while records come and go. In its conditions r is the record
// and parent.id the record that the list belongs to.
type List struct {
	from  string // `cases r`, with what else is joined
	seen  string // which of the records; "" is those that are published
	where []string
	args  Args
	order order
	key   string // the column that breaks ties; "" is r.id
}

// order is an order of a list; ties are broken by the list's key in the same
// direction.
type order struct {
	name       string // in a cursor, so that one order's is not taken for another's
	expression string // never null
	cast       string // the expression's type
	descending bool
}

// From returns what stands after FROM.
func (l *List) From() string { return l.from }

// Args returns the values of the conditions' place holders, from $1.
func (l *List) Args() Args { return l.args }

// SortKey returns the expression that the list is sorted by, which is never null.
func (l *List) SortKey() string { return l.order.expression }

// CursorName returns the name of the order, which stands in its cursors.
func (l *List) CursorName() string { return l.order.name }

// Key returns the column that breaks ties.
func (l *List) Key() string {
	if l.key == "" {
		return `r.id`
	}
	return l.key
}

// OrderBy returns what stands after ORDER BY for a page: one that is counted from
// the end is read from the end.
func (l *List) OrderBy(page catalog.PageArgs) string {
	direction, _ := l.direction(page)
	return l.order.expression + ` ` + direction + `, ` + l.Key() + ` ` + direction
}

func (l *List) direction(page catalog.PageArgs) (sort, compare string) {
	if l.order.descending != page.Backward() {
		return "DESC", "<"
	}
	return "ASC", ">"
}

// Cut narrows the list to what comes after the page's cursor, or before it where
// the page is counted from the end, and reports whether there is one. It fails
// with INVALID for a cursor of another list or order.
func (l *List) Cut(page catalog.PageArgs) (cut bool, err error) {
	cursor := page.After
	if page.Backward() {
		cursor = page.Before
	}
	if cursor == nil {
		return false, nil
	}
	key, id, err := readCursor(l.order, *cursor)
	if err != nil {
		return false, err
	}
	_, compare := l.direction(page)
	l.and(`(`+l.order.expression+`, `+l.Key()+`) `+compare+` (%s::`+l.order.cast+`, %s::bigint)`, key, id)
	return true, nil
}

// arg adds a parameter and returns its place holder.
func (l *List) arg(v any) string { return l.args.Add(v) }

// all has the list take in all that the viewer may read, and not only what is
// published.
func (l *List) all(ctx context.Context, table string) { l.seen = Readable(ctx, table, "r", &l.args) }

// inStates narrows the list to records in these states, of which the viewer gets
// those that it may read; none given is those that are published.
func (l *List) inStates(ctx context.Context, table string, states []catalog.Status) {
	if len(states) > 0 {
		l.all(ctx, table)
		l.and(`r.status = ANY (%s)`, states)
	}
}

// and narrows the list. Each %s of the condition is the place of a value.
func (l *List) and(condition string, values ...any) {
	places := make([]any, len(values))
	for i, v := range values {
		places[i] = l.arg(v)
	}
	l.where = append(l.where, fmt.Sprintf(condition, places...))
}

// andOneOf narrows the list to those whose column has one of the values, where
// values are given. A single one is compared by =, since only then does an index
// that begins with the column have the rows in the list's order.
func andOneOf[T any](l *List, column string, values []T) {
	if len(values) == 1 {
		l.and(column+` = %s`, values[0])
		return
	}
	andAny(l, column+` = ANY (%s)`, values)
}

// InRegions narrows the list to records of these regions, and of none below them.
func (l *List) InRegions(codes []string) { andOneOf(l, `r.region_code`, codes) }

// andAny narrows the list where values are given.
func andAny[T any](l *List, condition string, values []T) {
	if len(values) > 0 {
		l.and(condition, values)
	}
}

// Conditions returns what stands after WHERE.
func (l *List) Conditions() string {
	seen := l.seen
	if seen == "" {
		seen = published
	}
	return strings.Join(append([]string{seen}, l.where...), " AND ")
}

// below returns the source of one row a parent, parent.id, that lists are joined
// to.
func (l *List) below(p catalog.Parents) string {
	if p.Kind == "" {
		return `(SELECT 0::bigint AS id) parent`
	}
	return `unnest(` + l.arg(p.IDs) + `::bigint[]) AS parent (id)`
}

// pages returns a page of the list below each parent, in one statement.
func pages[T any](ctx context.Context, s *Store, n noun[T], l List, of catalog.Parents, args catalog.PageArgs) (map[catalog.ID]*catalog.Page[*T], error) {
	if err := args.Validate(); err != nil {
		return nil, err
	}
	if _, err := l.Cut(args); err != nil {
		return nil, err
	}
	parents := l.below(of)
	// A nested loop, all that a lateral join can be, keeps the order of each list.
	sql := `SELECT parent.id, r.* FROM ` + parents + ` CROSS JOIN LATERAL (
		SELECT (` + l.order.expression + `)::text AS order_key, ` + n.selectList() + `
		FROM ` + l.from + ` WHERE ` + l.Conditions() + ` ORDER BY ` + l.OrderBy(args) + ` LIMIT ` + strconv.Itoa(args.Size()+1) + `) r`
	found, err := s.pool.Query(ctx, sql, l.args...)
	if err != nil {
		return nil, wrap(n.name+" list", badCursor(err))
	}
	defer found.Close()
	lists := map[catalog.ID]*catalog.Page[*T]{}
	for found.Next() {
		var (
			parent catalog.ID
			key    string
		)
		record := new(T)
		if err := found.Scan(append([]any{&parent, &key}, n.scan(record)...)...); err != nil {
			return nil, wrap(n.name+" list", err)
		}
		page := lists[parent]
		if page == nil {
			page = &catalog.Page[*T]{}
			lists[parent] = page
		}
		page.Items = append(page.Items, record)
		page.Cursors = append(page.Cursors, l.order.cursor(key, idOf(record)))
	}
	if err := found.Err(); err != nil {
		return nil, wrap(n.name+" list", badCursor(err))
	}
	return finish(lists, of, args), nil
}

// finish cuts the row that only says that more is there, turns pages counted
// from the end around, and returns for parents without any an empty page.
func finish[T any](lists map[catalog.ID]*catalog.Page[*T], of catalog.Parents, args catalog.PageArgs) map[catalog.ID]*catalog.Page[*T] {
	ids := of.IDs
	if of.Kind == "" {
		ids = []catalog.ID{0}
	}
	for _, id := range ids {
		page := lists[id]
		if page == nil {
			page = &catalog.Page[*T]{Items: []*T{}}
			lists[id] = page
		}
		more := len(page.Items) > args.Size()
		if more {
			page.Items, page.Cursors = page.Items[:args.Size()], page.Cursors[:args.Size()]
		}
		if args.Backward() {
			slices.Reverse(page.Items)
			slices.Reverse(page.Cursors)
			page.HasPrevious, page.HasNext = more, args.Before != nil
		} else {
			page.HasNext, page.HasPrevious = more, args.After != nil
		}
	}
	return lists
}

// counts returns the length of the list below each parent, in one statement.
func counts(ctx context.Context, s *Store, l List, of catalog.Parents) (map[catalog.ID]int, error) {
	parents := l.below(of)
	return pairs[catalog.ID, int](ctx, s, "count", `SELECT parent.id, (SELECT count(*) FROM `+l.from+` WHERE `+l.Conditions()+`) FROM `+parents, l.args...)
}

// idOf returns a record's id for its cursor; what has none of its own, a
// revision, is ordered by its version.
func idOf(record any) catalog.ID {
	switch r := record.(type) {
	case catalog.Record:
		return r.Head().ID
	case *catalog.Notice:
		return r.ID
	case *catalog.Submission:
		return r.ID
	case *catalog.CallProgress:
		return r.CommitteeID
	case *revisionRow:
		return catalog.ID(r.Version)
	}
	return 0
}

// cursor tells where a record stands in the order. It is written as PostgreSQL
// writes JSON, which is how answer makes the same one.
func (o order) cursor(key string, id catalog.ID) string {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false)
	_ = e.Encode([3]string{o.name, key, strconv.FormatInt(int64(id), 10)}) // strings always encode
	return base64.RawURLEncoding.EncodeToString(bytes.TrimSuffix(raw.Bytes(), []byte("\n")))
}

func readCursor(o order, cursor string) (key string, id int64, err error) {
	var parts [3]string
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(raw, &parts)
	}
	if err == nil {
		id, err = strconv.ParseInt(parts[2], 10, 64)
	}
	if err != nil || parts[0] != o.name {
		return "", 0, errCursor
	}
	return parts[1], id, nil
}

var errCursor = &catalog.Error{
	Kind: catalog.KindInvalid,
	Zh:   "游标无效：请用同一列表、同一排序给出的 cursor",
	En:   "the cursor is not one of this list in this order",
}

// badCursor recognises a value from a made-up cursor that the database cannot
// read: all other values of a list are checked before.
func badCursor(err error) error {
	if code, class := sqlState(err); class == classDataException && code != characterNotInRepertoire {
		return errCursor
	}
	return err
}

// top takes the list of all records out of those of many parents.
func top[V any](lists map[catalog.ID]V, err error) (V, error) { return lists[0], err }

// towards names the order by its field and direction, and turns it that way.
func (o order) towards(field string, d catalog.Direction) order {
	o.name, o.descending = field+" "+string(d), d == catalog.Descending
	return o
}

// andCommittees narrows the list to those of these committees, by global id.
func (l *List) andCommittees(column string, global []string) error {
	if len(global) == 0 {
		return nil
	}
	ids, err := decodeIDs(catalog.KindCommittee, global)
	if err == nil {
		andOneOf(l, column, ids)
	}
	return err
}

// decodeIDs reads global ids of records of the kind.
func decodeIDs(kind catalog.RecordKind, global []string) ([]catalog.ID, error) {
	ids := make([]catalog.ID, len(global))
	for i, g := range global {
		id, err := catalog.DecodeIDOf(kind, g)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

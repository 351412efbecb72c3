package gqlhttp

import (
	"fmt"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jisiguangyi/jisi/catalog"
)

// Limits bound what one request may ask for. A field that is 0 has its default;
// a negative one is no limit.
type Limits struct {
	BodyBytes  int           // of a request's body
	QueryBytes int           // of the query text in it
	Tokens     int           // words and signs of the query text
	Depth      int           // of fields within fields, fragments followed; introspection has a limit of its own
	Aliases    int           // renamed fields, fragments followed
	Repeats    int           // of one field beside itself, which merge into one
	Cost       int           // fields that the answer may have at most, by the sizes of its lists
	Time       time.Duration // for an answer
	// Connections are those that one caller may keep open, WebSockets and event
	// streams together, and Subscriptions the operations under way on one of them.
	Connections   int
	Subscriptions int

	Queries int // query texts whose parsed form is kept, and persisted queries
}

// DefaultLimits let through what pages and researchers ask, and standard
// introspection, with room to spare.
var DefaultLimits = Limits{
	BodyBytes:  1 << 20,
	QueryBytes: 32 << 10,
	Tokens:     4000,
	Depth:      16,
	Aliases:    50,
	Repeats:    10,
	Cost:       100_000,
	Time:       15 * time.Second,

	Connections:   20,
	Subscriptions: 50,

	Queries: 500,
}

// withDefaults fills in the defaults, and makes no limit a very large one.
func (l Limits) withDefaults() Limits {
	const none = int(^uint(0) >> 2) // halved once more, so that sums do not overflow
	d := DefaultLimits
	for _, f := range []struct {
		field     *int
		otherwise int
	}{
		{&l.BodyBytes, d.BodyBytes},
		{&l.QueryBytes, d.QueryBytes},
		{&l.Tokens, d.Tokens},
		{&l.Depth, d.Depth},
		{&l.Aliases, d.Aliases},
		{&l.Repeats, d.Repeats},
		{&l.Cost, d.Cost},
		{&l.Connections, d.Connections},
		{&l.Subscriptions, d.Subscriptions},
	} {
		switch {
		case *f.field == 0:
			*f.field = f.otherwise
		case *f.field < 0:
			*f.field = none
		}
	}
	if l.Time == 0 {
		l.Time = d.Time
	}
	if l.Queries <= 0 {
		l.Queries = d.Queries
	}
	return l
}

// limitError says that a request goes past a limit: the code LIMIT, which limit
// it is and how far it goes as extensions, and what whoever asks can do.
type limitError struct {
	name     string // as in extensions.limit
	most     int
	zh, en   string // what goes past it
	doZh, do string
}

func (e limitError) gql() *gqlerror.Error {
	return limited(e.name, e.most, &catalog.Error{
		Kind: catalog.KindLimit,
		Zh:   fmt.Sprintf("%s超过上限 %d，%s", e.zh, e.most, e.doZh),
		En:   fmt.Sprintf("%s exceeds the limit of %d; %s", e.en, e.most, e.do),
	})
}

// Limited returns a refusal with the code LIMIT and the name of the limit as
// extensions.
func Limited(name string, refused *catalog.Error) error { return limited(name, nil, refused) }

// limited adds to a refusal which limit it is for and, where most is not nil, how
// far that goes.
func limited(name string, most any, refused *catalog.Error) *gqlerror.Error {
	err := gqlerror.Wrap(refused)
	err.Extensions = map[string]any{"code": string(catalog.KindLimit), "limit": name}
	if most != nil {
		err.Extensions["max"] = most
	}
	return err
}

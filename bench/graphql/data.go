package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// data is what the questions are about: read from the database by psql, so that
// this program needs no driver of its own.
type data struct {
	slugs      []string
	places     []place
	dates      []string
	committees []committee
	cases      int
	before     map[string]int // how many cases began at each date or later
}

// place is a county and a year of which there are cases.
type place struct {
	region string
	year   int
}

type committee struct {
	region string
	id     int64
}

// variants is how many records and dates are asked about.
const variants = 100

// depths is how many deep pages are asked for: PostGraphile has to count to each
// once, to give a cursor.
const depths = 40

func readData(ctx context.Context, url string) (*data, error) {
	d := &data{before: map[string]int{}}
	for _, q := range []struct {
		sql  string
		keep func(row []string) error
	}{
		{`SELECT count(*) FROM cases`, func(r []string) (err error) { d.cases, err = strconv.Atoi(r[0]); return err }},
		{`SELECT slug FROM cases WHERE status = 'PUBLISHED' AND brand_id IS NOT NULL ORDER BY md5(slug) LIMIT ` + strconv.Itoa(variants), func(r []string) error { d.slugs = append(d.slugs, r[0]); return nil }},
		{`SELECT region_code, year FROM cases JOIN regions g ON g.code = region_code AND g.level = 'COUNTY' WHERE cases.status = 'PUBLISHED' AND starts_on IS NOT NULL
			GROUP BY 1, 2 ORDER BY md5(region_code || year) LIMIT ` + strconv.Itoa(variants), func(r []string) error {
			year, err := strconv.Atoi(r[1])
			d.places = append(d.places, place{r[0], year})
			return err
		}},
		{`SELECT * FROM (SELECT starts_on, sum(count(*)) OVER (ORDER BY starts_on DESC) FROM cases WHERE status = 'PUBLISHED' GROUP BY 1) c WHERE starts_on BETWEEN '2018-06-01' AND '2026-01-01' ORDER BY 1`, func(r []string) (err error) {
			d.dates = append(d.dates, r[0])
			d.before[r[0]], err = strconv.Atoi(r[1])
			return err
		}},
		{`SELECT region_code, id FROM committees ORDER BY region_code`, func(r []string) error {
			id, err := strconv.ParseInt(r[1], 10, 64)
			d.committees = append(d.committees, committee{r[0], id})
			return err
		}},
	} {
		out, err := exec.CommandContext(ctx, "psql", url, "-AtqX", "-F", "\t", "-c", q.sql).Output() //nolint:gosec // statements of our own
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.sql, err)
		}
		for line := range strings.Lines(string(out)) {
			if err := q.keep(strings.Split(strings.TrimSuffix(line, "\n"), "\t")); err != nil {
				return nil, err
			}
		}
	}
	d.dates = thin(d.dates, depths)
	return d, nil
}

// thin keeps n of a list, evenly.
func thin(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	kept := make([]string, n)
	for i := range kept {
		kept[i] = list[i*len(list)/n]
	}
	return kept
}

// jisiCursor returns a cursor of jisi's, which to clients is opaque.
func jisiCursor(order, key string, id int64) string {
	raw, _ := json.Marshal([3]string{order, key, strconv.FormatInt(id, 10)}) // strings always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

// postgraphileCursor returns PostGraphile's cursor of the nth of all cases.
func postgraphileCursor(c *contender, id string, n int) (string, error) {
	body, err := json.Marshal(map[string]any{"query": fmt.Sprintf(
		`{ allCases(first: 1, offset: %d, condition: {status: "PUBLISHED"}, orderBy: [STARTS_ON_DESC, %s]) { edges { cursor } } }`, n-1, id)})
	if err != nil {
		return "", err
	}
	answer, err := c.ask(body)
	if err != nil {
		return "", err
	}
	var got struct {
		Data struct {
			AllCases struct{ Edges []struct{ Cursor string } }
		}
	}
	if err := json.Unmarshal(answer, &got); err != nil || len(got.Data.AllCases.Edges) != 1 {
		return "", fmt.Errorf("%s gives no cursor: %.300s", c.name, answer)
	}
	return got.Data.AllCases.Edges[0].Cursor, nil
}

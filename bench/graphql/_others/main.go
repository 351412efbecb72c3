// Command others serves what jisi is measured against, over the same database:
//
//	others plain     a handler that sends one hand-written statement, the practical limit
//	others graphjin  GraphJin, a compiler of GraphQL to SQL
//
// It takes DATABASE_URL, listens on a free port of the loopback and prints its
// address. It is a module of its own, so that GraphJin is no dependency of jisi.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/dosco/graphjin/core/v3"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// connections is how many each contender may have.
const connections = 8

func main() {
	if len(os.Args) != 2 {
		log.Fatal("others plain|graphjin")
	}
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	var h http.Handler
	if os.Args[1] == "plain" {
		h = plain(pool)
	} else if h, err = graphjin(pool); err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s/graphql\n", l.Addr())
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(s.Serve(l))
}

// request is a GraphQL request; the plain handler takes a statement's name for
// the query.
type request struct {
	Query     string          `json:"query"`
	Variables json.RawMessage `json:"variables"`
}

func answer(ask func(context.Context, request) (json.RawMessage, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var asked request
		if err == nil {
			err = json.Unmarshal(body, &asked)
		}
		var data json.RawMessage
		if err == nil {
			data, err = ask(r.Context(), asked)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"data":`))
		_, _ = w.Write(data)
		_, _ = w.Write([]byte(`}`))
	})
}

// statements are what somebody writes who knows the question and PostgreSQL.
var statements = map[string]string{
	"case": `
		SELECT json_build_object('case', json_build_object(
			'slug', c.slug, 'title', c.title, 'summary', c.summary, 'background', c.background, 'approach', c.approach,
			'results', c.results, 'lessons', c.lessons, 'year', c.year, 'level', c.level,
			'committee', CASE WHEN m.id IS NOT NULL THEN json_build_object('name', m.name) END,
			'region', CASE WHEN g.id IS NOT NULL THEN json_build_object('code', g.code, 'name', g.name) END,
			'brand', CASE WHEN b.id IS NOT NULL THEN json_build_object('name', b.name) END,
			'topics', coalesce((SELECT json_agg(json_build_object('name', t.name) ORDER BY ct.position)
				FROM case_topics ct JOIN topics t ON t.id = ct.topic_id WHERE ct.case_id = c.id AND t.status = 'PUBLISHED'), '[]'),
			'participants', coalesce((SELECT json_agg(json_build_object('role', p.role, 'name', p.name) ORDER BY p.position)
				FROM participants p WHERE p.case_id = c.id), '[]')))
		FROM cases c
		LEFT JOIN committees m ON m.id = c.committee_id AND m.status = 'PUBLISHED'
		LEFT JOIN regions g ON g.code = c.region_code AND g.status = 'PUBLISHED'
		LEFT JOIN brands b ON b.id = c.brand_id AND b.status = 'PUBLISHED'
		WHERE c.slug = $1 AND c.status = 'PUBLISHED'`,
	"filtered": `
		SELECT json_build_object('cases', coalesce(json_agg(json_build_object(
			'slug', c.slug, 'title', c.title, 'year', c.year,
			'committee', CASE WHEN m.id IS NOT NULL THEN json_build_object('name', m.name) END,
			'brand', CASE WHEN b.id IS NOT NULL THEN json_build_object('name', b.name) END,
			'topics', coalesce((SELECT json_agg(json_build_object('name', t.name) ORDER BY ct.position)
				FROM case_topics ct JOIN topics t ON t.id = ct.topic_id WHERE ct.case_id = c.id AND t.status = 'PUBLISHED'), '[]')) ORDER BY c.starts_on DESC, c.id DESC), '[]'))
		FROM (SELECT * FROM cases WHERE region_code = $1 AND year = $2 AND status = 'PUBLISHED' ORDER BY starts_on DESC, id DESC LIMIT 20) c
		LEFT JOIN committees m ON m.id = c.committee_id AND m.status = 'PUBLISHED'
		LEFT JOIN brands b ON b.id = c.brand_id AND b.status = 'PUBLISHED'`,
	"deep": `
		SELECT json_build_object('cases', coalesce(json_agg(json_build_object('slug', c.slug, 'title', c.title, 'year', c.year)), '[]'))
		FROM (SELECT * FROM cases WHERE (starts_on, id) < ($1::date, $2::bigint) AND status = 'PUBLISHED'
			ORDER BY starts_on DESC, id DESC LIMIT 20) c`,
	"nested": `
		SELECT json_build_object('committees', coalesce(json_agg(json_build_object('name', m.name, 'cases', coalesce((
			SELECT json_agg(json_build_object('title', c.title, 'topics', coalesce((
				SELECT json_agg(json_build_object('name', t.name) ORDER BY ct.position)
				FROM case_topics ct JOIN topics t ON t.id = ct.topic_id WHERE ct.case_id = c.id AND t.status = 'PUBLISHED'), '[]')))
			FROM (SELECT * FROM cases WHERE committee_id = m.id AND status = 'PUBLISHED' ORDER BY starts_on DESC, id DESC LIMIT 10) c), '[]'))), '[]'))
		FROM (SELECT * FROM committees WHERE region_code > $1 AND status = 'PUBLISHED' ORDER BY region_code LIMIT 10) m`,
}

func plain(pool *pgxpool.Pool) http.Handler {
	return answer(func(ctx context.Context, asked request) (json.RawMessage, error) {
		var args []any
		if err := json.Unmarshal(asked.Variables, &args); err != nil {
			return nil, err
		}
		for i, a := range args {
			if n, ok := a.(float64); ok {
				args[i] = int64(n)
			}
		}
		var data json.RawMessage
		err := pool.QueryRow(ctx, statements[asked.Query], args...).Scan(&data)
		if err == pgx.ErrNoRows {
			data, err = json.RawMessage("null"), nil
		}
		return data, err
	})
}

// graphjin runs GraphJin as in production, where it compiles a query once: those
// on its list of allowed ones, onto which each named query comes as it is first
// asked.
func graphjin(pool *pgxpool.Pool) (http.Handler, error) {
	dir, err := os.MkdirTemp("", "graphjin-")
	if err != nil {
		return nil, err
	}
	files := core.NewOsFS(dir)
	g, err := core.NewGraphJinWithFS(&core.Config{Production: true, DBSchemaPollDuration: -1, DefaultLimit: 100}, stdlib.OpenDBFromPool(pool), files)
	if err != nil {
		return nil, err
	}
	var (
		mu      sync.Mutex
		allowed sync.Map
	)
	allow := func(query string) error {
		if _, ok := allowed.Load(query); ok {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		name := strings.Fields(query)[1]
		err := files.Put("/queries/"+name+".gql", []byte(query))
		allowed.Store(query, true)
		return err
	}
	return answer(func(ctx context.Context, asked request) (json.RawMessage, error) {
		if err := allow(asked.Query); err != nil {
			return nil, err
		}
		result, err := g.GraphQL(ctx, asked.Query, asked.Variables, nil)
		if err != nil {
			return nil, err
		}
		return result.Data, nil
	}), nil
}

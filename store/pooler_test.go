package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

func TestAPoolerThatSharesConnectionsIsRefused(t *testing.T) {
	for _, mode := range []string{"session", "transaction", "statement"} {
		t.Run(mode, func(t *testing.T) {
			through := pgtest.Pooled(t, pgtest.New(t, store.Migrate), mode)
			err := store.Migrate(t.Context(), through)
			if mode != "session" {
				if catalog.ErrorKindOf(err) != catalog.KindUnavailable || !strings.Contains(err.Error(), "pool_mode") {
					t.Fatalf("not recognised: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			x, err := store.Examine(t.Context(), through)
			if err != nil || !x.Pooled {
				t.Errorf("%+v, %v", x, err)
			}
			s, err := store.Open(t.Context(), through, store.Options{MaxConns: 8})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			l := s.Listen()
			defer l.Close()
			var together sync.WaitGroup
			for i := range 20 {
				together.Go(func() {
					if err := write(t.Context(), s, fmt.Sprintf("pooled-%d", i), "经由连接池"); err != nil {
						t.Error(err)
					}
					if _, err := s.CountReleases(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			together.Wait()
			within(t, "the listener hears", func() bool { heard, err := l.Heard(t.Context()); return heard && err == nil })
		})
	}
}

// A pooler lets everybody in and has whoever it has no connection for wait, for two
// minutes: what it is shows within seconds.
func TestAPoolerWithoutAConnectionIsToldWithinSeconds(t *testing.T) {
	address := pgtest.New(t, store.Migrate)
	for _, tt := range []struct {
		mode       string
		size, held int
		says       string // "" where it works
	}{
		{"transaction", 1, 0, "pool_mode"},
		{"statement", 1, 0, "pool_mode"},
		{"session", 1, 0, ""},
		{"session", 1, 1, "default_pool_size"},
		{"session", 2, 2, "default_pool_size"},
		{"session", 3, 1, ""},
	} {
		t.Run(fmt.Sprintf("%s of %d, %d held", tt.mode, tt.size, tt.held), func(t *testing.T) {
			t.Parallel()
			through := pgtest.Pooled(t, address, tt.mode, fmt.Sprintf("default_pool_size = %d", tt.size))
			for range tt.held {
				conn, err := pgx.Connect(t.Context(), through)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close(context.WithoutCancel(t.Context()))
				if err := conn.Ping(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			asks := map[string]func() error{"migrate": func() error { return store.Migrate(t.Context(), through) }}
			if tt.held > 0 && tt.says != "" { // otherwise they would have the only one in turn
				asks["doctor"] = func() error { _, err := store.Examine(t.Context(), through); return err }
				asks["restore"] = func() error { _, err := store.Ground(t.Context(), through); return err }
			}
			var together sync.WaitGroup
			for what, ask := range asks {
				together.Go(func() {
					began := time.Now()
					err := ask()
					if took := time.Since(began); took > 20*time.Second { // of two minutes
						t.Errorf("%s took %v", what, took)
					}
					if tt.says == "" && err != nil || tt.says != "" && (catalog.ErrorKindOf(err) != catalog.KindUnavailable || !strings.Contains(err.Error(), tt.says) && !strings.Contains(err.Error(), "default_pool_size")) {
						t.Errorf("%s: %v, want %q", what, err, tt.says)
					}
				})
			}
			together.Wait()
			if tt.says != "" {
				return
			}
			s, err := store.Open(t.Context(), through, store.Options{MaxConns: 8})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.RoomToListen(t.Context()); (err == nil) != (tt.size > 1) || err != nil && !strings.Contains(err.Error(), "default_pool_size") {
				t.Errorf("to listen: %v", err)
			}
			if _, err := s.CountReleases(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

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

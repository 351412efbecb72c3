package store_test

import (
	"fmt"
	"net/url"
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

// A pooler that could not log in a moment ago refuses without asking: no fault of the
// address, and over in a while.
func TestAPoolerThatCannotReachTheDatabaseSaysSo(t *testing.T) {
	through := pgtest.Pooled(t, pgtest.New(t, store.Migrate), "session")
	u, err := url.Parse(through)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/nosuch"
	within(t, "the pooler rests before it tries again", func() bool {
		_, err := store.Examine(t.Context(), u.String())
		if catalog.ErrorKindOf(err) != catalog.KindUnavailable {
			t.Fatalf("not recognised: %v", err)
		}
		return strings.Contains(err.Error(), "server_login_retry is how long it rests")
	})
}

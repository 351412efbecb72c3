package conformance_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/release"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// patience bounds the whole suite; on an idle machine it takes some seconds, and
// half a minute more where the packages have to be fetched.
const patience = 10 * time.Minute

func TestWhatOthersWroteToCheckAndUseAnAPI(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	site := sitetest.Open(t)
	site.Follow(t)
	api := httptest.NewServer(site.Handler)
	t.Cleanup(api.Close)
	public := httptest.NewServer(site.Production)
	t.Cleanup(public.Close)
	changes := httptest.NewServer(changing(site.Store))
	t.Cleanup(changes.Close)

	token := site.Token(t, "conformance", catalog.RoleEditor, "changchun-chaoyang")

	made := t.TempDir()
	if _, err := release.Write(ctx, made, site.Store, release.Options{Name: "2026-11", Software: "test", Address: "https://example.org"}); err != nil {
		t.Fatal(err)
	}

	p := prepare(ctx, t)
	suite := exec.CommandContext(ctx, p.node, "--test", "--test-reporter=spec", "tests/")
	suite.Dir = p.dir
	suite.Env = append(os.Environ(), "JISI_URL="+api.URL, "JISI_PRODUCTION_URL="+public.URL, "JISI_CHANGE_URL="+changes.URL, "JISI_TOKEN="+token, "JISI_RELEASE="+made)
	out, err := suite.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// changing writes a made-up case for whoever asks, as another server would do.
func changing(s *store.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Slug, Title string }
		err := json.NewDecoder(r.Body).Decode(&asked)
		if err == nil {
			err = put(r.Context(), s, &catalog.CaseInput{
				InputMeta: catalog.InputMeta{Slug: asked.Slug, Origin: catalog.OriginSynthetic, Status: catalog.StatusPublished},
				Title:     asked.Title, Level: catalog.LevelCounty,
			})
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}

func put(ctx context.Context, s *store.Store, in catalog.Input) error {
	w, err := s.Begin(ctx, catalog.Actor{Name: "conformance"})
	if err != nil {
		return err
	}
	defer func() { _ = w.Rollback(ctx) }() // after a commit it does nothing
	written, err := w.Put(ctx, []catalog.Input{in})
	if err != nil {
		return err
	}
	if written[0].Err != nil {
		return written[0].Err
	}
	return w.Commit(ctx)
}

package browser

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/web"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// stage is what all tests of the pages share: one browser, one server.
type stage struct {
	browser context.Context
	site    *sitetest.Site
	server  *httptest.Server
	hostile *httptest.Server // the same with hostile text in every record
}

func (s *stage) tab(t *testing.T) *tab {
	t.Helper()
	return newTab(s.browser, t, s.server)
}

// TestInABrowser shares one browser and one server among its parts, as starting
// them takes longer than most of what is tested.
func TestInABrowser(t *testing.T) {
	s := &stage{site: sitetest.Open(t)}
	s.server = httptest.NewServer(s.site.Handler)
	t.Cleanup(s.server.Close)
	s.hostile = httptest.NewServer(web.Handler(web.Options{Query: sitetest.Changed(s.site.Handler, sitetest.Spoil), SignIn: true}))
	t.Cleanup(s.hostile.Close)
	browser, cancel, err := Start(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	s.browser = browser
	for name, part := range map[string]func(*stage, *testing.T){
		"every page is accessible and fits":        everyPage,
		"a trip from a word to a printed case":     trip,
		"back and forward after updates in place":  backAndForward,
		"going back while a page still loads":      backWhileLoading,
		"completions are walked by keys":           completions,
		"citations are copied by a click":          copying,
		"without scripts pages are read and asked": withoutScripts,
		"charts are drawn of their tables":         charts,
		"readers sign in and out":                  signingIn,
		"a case is written, reviewed and found":    writing,
		"a peer takes a case over":                 adopting,
		"what is written keeps itself":             keeping,
		"the keyboard reaches all in its order":    keyboard,
		"a working day from writing to printing":   workingDay,
		"a call becomes a book":                    calling,
		"a need is asked and answered":             needing,
		"a brand and a proposal are written":       otherForms,
		"a public report is written":               reporting,
		"files are looked at and brought in":       importing,
		"two who change one case see both texts":   conflict,
		"what no page may do is noticed":           noticing,
		"what a record holds does not run":         hostileRecords,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(s, t)
		})
	}
}

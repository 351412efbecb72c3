package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestWhoFailsToSignInAgainAndAgainIsLockedOutAndTheAuditLogSaysSo(t *testing.T) {
	s := newSite(t, nil)
	text, _ := s.token(t, catalog.RoleEditor, "changchun")
	try := func(token string, headers ...string) string {
		c := browser(t)
		got := s.send(t, c, http.MethodPost, "/sign-in", url.Values{"token": {token}, "next": {"/healthz"}}.Encode(), headers...)
		return got.at.Query().Get("error")
	}
	for range triesAtOnce {
		if got := try("jisi_x"); got != "unauthenticated" {
			t.Fatalf("a wrong token: %q", got)
		}
	}
	for _, token := range []string{"jisi_x", text} {
		if got := try(token); got != "limit" {
			t.Errorf("after %d failures: %q", triesAtOnce, got)
		}
	}
	log := s.log.String()
	for _, want := range []string{`msg=audit event="sign-in failed" from=127.0.0.1`, `event="sign-in refused: locked out"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %s", want)
		}
	}
	if strings.Contains(log, text) {
		t.Error("the log has a token")
	}
}

func TestWhatACallerChoosesMakesNoLongLineOfTheLog(t *testing.T) {
	s := newSite(t, nil)
	long := strings.Repeat("n", 5000)
	for _, query := range []string{
		"query " + long + " { __typename }", "mutation " + long + " { __typename }", "query { " + long + ": __typename }", "query " + long + "($v: Int!) { __typename }",
	} {
		s.send(t, browser(t), http.MethodPost, "/graphql", `{"query":"`+query+`"}`, "Content-Type", "application/json")
	}
	s.send(t, browser(t), http.MethodGet, "/"+long, "")
	s.send(t, browser(t), http.MethodGet, "/healthz", "", "X-Request-ID", long)
	lines := 0
	for line := range strings.Lines(s.log.String()) {
		lines++
		if len(line) > 1000 {
			t.Errorf("%d bytes: %.300s", len(line), line)
		}
	}
	if lines < 6 {
		t.Errorf("%d lines", lines)
	}
}

func TestAPathIsCutInTheLog(t *testing.T) {
	if got := cut("/" + strings.Repeat("案", 100)); len(got) > 203 || !strings.HasSuffix(got, "案…") {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}

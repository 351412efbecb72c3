package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

type tokenList []*catalog.AccessToken

func (l *tokenList) Tokens(context.Context) ([]*catalog.AccessToken, error) { return *l, nil }

func TestRightsThatAreGivenOrTakenAreAudited(t *testing.T) {
	var log bytes.Buffer
	list := &tokenList{{ID: "old", Name: "甲", Role: catalog.RoleAdmin}}
	r := &rights{tokens: list, log: slog.New(slog.NewTextHandler(&log, nil))}
	then := time.Now()
	look := func(want ...string) {
		t.Helper()
		log.Reset()
		if err := r.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(log.String(), "msg=audit"); got != len(want) {
			t.Errorf("%d lines, want %d: %s", got, len(want), log.String())
		}
		for _, line := range want {
			if !strings.Contains(log.String(), line) {
				t.Errorf("no line has %s: %s", line, log.String())
			}
		}
	}
	look() // what was so before
	look()
	*list = append(*list, &catalog.AccessToken{ID: "new", Name: "乙", Role: catalog.RoleEditor, Committee: "changchun"})
	look(`event="rights given" token=new viewer=乙 role=EDITOR committee=changchun`)
	(*list)[0].RevokedAt = &then
	look(`event="rights taken" token=old`)
	*list = append(*list, &catalog.AccessToken{ID: "both", Name: "丙", Role: catalog.RoleReader, RevokedAt: &then})
	look(`event="rights given" token=both`, `event="rights taken" token=both`)
	look()
}

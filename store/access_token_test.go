package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// guarded is a province's committee with one below it, and one below that.
func guarded(t *testing.T) (s *store.Store, sql func(string, ...any)) {
	t.Helper()
	url := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	region := func(code, name, parent string, level catalog.Level) catalog.Input {
		return &catalog.RegionInput{InputMeta: meta(code), Name: name, Parent: parent, Level: level}
	}
	committee := func(slug, name, region, parent string, level catalog.Level) catalog.Input {
		return &catalog.CommitteeInput{InputMeta: meta(slug), Name: name, Region: region, Parent: parent, Level: level}
	}
	for _, w := range put(t, s,
		region("220000", "吉林省", "", catalog.LevelProvince), region("220100", "长春市", "220000", catalog.LevelPrefecture), region("220104", "朝阳区", "220100", catalog.LevelCounty),
		committee("sheng", "政协吉林省委员会", "220000", "", catalog.LevelProvince), committee("shi", "政协长春市委员会", "220100", "sheng", catalog.LevelPrefecture),
		committee("qu", "政协长春市朝阳区委员会", "220104", "shi", catalog.LevelCounty),
	) {
		if w.Err != nil {
			t.Fatal(w.Slug, w.Err)
		}
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return s, func(statement string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
}

func tokenInput(name string, role catalog.Role, committee string) *catalog.AccessTokenInput {
	return &catalog.AccessTokenInput{Name: name, Role: role, Committee: committee, Life: time.Hour}
}

func newToken(t *testing.T, s *store.Store, name string, role catalog.Role, committee string) (catalog.Credential, *catalog.AccessToken) {
	t.Helper()
	text, made, err := s.CreateToken(t.Context(), tokenInput(name, role, committee))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := catalog.ParseCredential(catalog.TokenPrefix, text)
	if !ok || c.ID != made.ID {
		t.Fatalf("%q is not the text of token %s", text, made.ID)
	}
	return c, made
}

func TestATokenGivesItsViewerWithTheCommitteesBelow(t *testing.T) {
	s, sql := guarded(t)
	c, made := newToken(t, s, "王审核", catalog.RoleReviewer, "政协吉林省委员会")
	if made.Committee != "政协吉林省委员会" || made.LastUsedAt != nil || !made.Live(time.Now()) {
		t.Errorf("made %+v", made)
	}
	v, err := s.ViewerByToken(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if v.Name != "王审核" || v.Role != catalog.RoleReviewer || v.Committee == 0 || len(v.Below) != 2 {
		t.Errorf("viewer %+v", v)
	}
	used := func() *time.Time {
		t.Helper()
		all, err := s.Tokens(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		return all[0].LastUsedAt
	}
	first := used()
	if _, err := s.ViewerByToken(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if again := used(); first == nil || !again.Equal(*first) {
		t.Errorf("a second use within the hour was written: %v, then %v", first, again)
	}
	sql(`UPDATE access_tokens SET last_used_at = now() - interval '2 hours'`)
	if _, err := s.ViewerByToken(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if again := used(); again.Before(*first) {
		t.Errorf("a use after two hours was not written: %v", again)
	}
}

func TestTokensThatAreNotGoodAreRefusedAlike(t *testing.T) {
	s, sql := guarded(t)
	good, _ := newToken(t, s, "好", catalog.RoleEditor, "qu")
	revoked, made := newToken(t, s, "撤", catalog.RoleEditor, "qu")
	expired, _ := newToken(t, s, "过期", catalog.RoleAdmin, "")
	if ended, err := s.RevokeToken(t.Context(), made.ID); err != nil || ended.RevokedAt == nil {
		t.Fatal(ended, err)
	}
	sql(`UPDATE access_tokens SET expires_at = now() - interval '1 second' WHERE name = '过期'`)
	forged := good
	forged.Hash[31] ^= 1
	_, unknown := catalog.NewCredential(catalog.TokenPrefix)
	for name, c := range map[string]catalog.Credential{"revoked": revoked, "expired": expired, "forged": forged, "unknown": unknown} {
		v, err := s.ViewerByToken(t.Context(), c)
		if v != nil || catalog.ErrorKindOf(err) != catalog.KindUnauthenticated || err.Error() != catalog.Unauthenticated().Error() {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
	if _, err := s.ViewerByToken(t.Context(), good); err != nil {
		t.Error(err)
	}
	if _, err := s.RevokeToken(t.Context(), made.ID); catalog.ErrorKindOf(err) != catalog.KindNotFound {
		t.Errorf("revoked twice: %v", err)
	}
	// The name of a token that has expired is free again, as that of a revoked one.
	for _, name := range []string{"撤", "过期"} {
		newToken(t, s, name, catalog.RoleReader, "")
	}
}

func TestNoSecretIsKept(t *testing.T) {
	s := storetest.Empty(t)
	text, made, err := s.CreateToken(t.Context(), tokenInput("管理", catalog.RoleAdmin, ""))
	if err != nil {
		t.Fatal(err)
	}
	secret := text[len(text)-52:]
	all, err := s.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, _ := catalog.ParseCredential(catalog.TokenPrefix, text)
	for _, shown := range []string{fmt.Sprintf("%+v", made), fmt.Sprintf("%+v", all[0]), fmt.Sprintf("%+v %v %x %s", c, c, c, c)} {
		if strings.Contains(shown, secret) || strings.Contains(shown, fmt.Sprintf("%x", c.Hash[:4])) {
			t.Errorf("shows a secret: %s", shown)
		}
	}
}

func TestTokensThatCannotBeMade(t *testing.T) {
	s, _ := guarded(t)
	newToken(t, s, "李编辑", catalog.RoleEditor, "qu")
	in := func(change func(*catalog.AccessTokenInput)) *catalog.AccessTokenInput {
		i := tokenInput("新", catalog.RoleEditor, "qu")
		change(i)
		return i
	}
	for _, tt := range []struct {
		name string
		in   *catalog.AccessTokenInput
		kind catalog.ErrorKind
		path string
		says string
	}{
		{"no committee for an editor", in(func(i *catalog.AccessTokenInput) { i.Committee = "" }), catalog.KindInvalid, "committee", "needs a committee"},
		{"no such role", in(func(i *catalog.AccessTokenInput) { i.Role = "OWNER" }), catalog.KindInvalid, "role", "reader, editor, reviewer and admin"},
		{"no name", in(func(i *catalog.AccessTokenInput) { i.Name = "" }), catalog.KindInvalid, "name", "required"},
		{"for ever", in(func(i *catalog.AccessTokenInput) { i.Life = catalog.MaxTokenLife + 1 }), catalog.KindInvalid, "expires", "five years"},
		{"no such committee", in(func(i *catalog.AccessTokenInput) { i.Committee = "朝阳区" }), catalog.KindNotFound, "committee", "nearest are qu 政协长春市朝阳区委员会"},
		{"a committee mistyped", in(func(i *catalog.AccessTokenInput) { i.Committee = "政协长春巿委员会" }), catalog.KindNotFound, "committee", "nearest are shi"},
		{"a name in use", in(func(i *catalog.AccessTokenInput) { i.Name = "李编辑" }), catalog.KindConflict, "name", "choose another"},
	} {
		text, _, err := s.CreateToken(t.Context(), tt.in)
		e := firstProblem(err)
		if text != "" || e == nil || e.Kind != tt.kind || e.Path != tt.path || !strings.Contains(e.En, tt.says) || e.Zh == "" {
			t.Errorf("%s: %q, %v", tt.name, text, err)
		}
	}
}

func firstProblem(err error) *catalog.Error {
	var problems catalog.Problems
	if errors.As(err, &problems) && len(problems) > 0 {
		return problems[0]
	}
	var e *catalog.Error
	errors.As(err, &e)
	return e
}

func TestASessionEndsWithItsTokenAtSignOutWhenIdleAndAtItsEnd(t *testing.T) {
	s, sql := guarded(t)
	token, made := newToken(t, s, "李编辑", catalog.RoleEditor, "qu")
	begin := func(start catalog.SessionStart) catalog.Credential {
		t.Helper()
		text, ends, err := s.BeginSession(t.Context(), start)
		if err != nil {
			t.Fatal(err)
		}
		if start.Token != nil && !ends.Equal(made.ExpiresAt) {
			t.Errorf("ends at %v, its token at %v", ends, made.ExpiresAt)
		}
		c, ok := catalog.ParseCredential(catalog.SessionPrefix, text)
		if !ok {
			t.Fatalf("%q is not a session", text)
		}
		return c
	}
	person, err := s.ViewerOfCommittee(t.Context(), "张三（测试）", catalog.RoleReviewer, "shi")
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func(catalog.Credential){
		"sign-out": func(c catalog.Credential) {
			if err := s.EndSession(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		},
		"idle": func(catalog.Credential) { sql(`UPDATE sessions SET seen_at = now() - interval '3 hours'`) },
		"end":  func(catalog.Credential) { sql(`UPDATE sessions SET expires_at = now()`) },
	} {
		c := begin(catalog.SessionStart{Viewer: person})
		v, err := s.ViewerBySession(t.Context(), c)
		if diff := cmp.Diff(person, v); diff != "" || err != nil {
			t.Fatalf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		forged := c
		forged.Hash[0] ^= 1
		if _, err := s.ViewerBySession(t.Context(), forged); catalog.ErrorKindOf(err) != catalog.KindUnauthenticated {
			t.Errorf("%s: a forged session: %v", name, err)
		}
		end(c)
		if _, err := s.ViewerBySession(t.Context(), c); catalog.ErrorKindOf(err) != catalog.KindUnauthenticated {
			t.Errorf("after %s: %v", name, err)
		}
		if _, err := s.StandingSession(t.Context(), c); catalog.ErrorKindOf(err) != catalog.KindUnauthenticated {
			t.Errorf("after %s, looked at: %v", name, err)
		}
	}
	for look, goesOn := range map[string]bool{"a use": true, "a look": false} {
		c := begin(catalog.SessionStart{Viewer: person})
		sql(`UPDATE sessions SET seen_at = now() - interval '1 hour'`)
		ask := map[string]func(context.Context, catalog.Credential) (*catalog.Viewer, error){"a use": s.ViewerBySession, "a look": s.StandingSession}[look]
		if v, err := ask(t.Context(), c); err != nil || v.Name != person.Name {
			t.Errorf("%s: %+v, %v", look, v, err)
		}
		sql(`UPDATE sessions SET seen_at = seen_at - interval '90 minutes'`)
		if _, err := s.ViewerBySession(t.Context(), c); (err == nil) != goesOn {
			t.Errorf("an hour and a half after %s: %v", look, err)
		}
	}
	c := begin(catalog.SessionStart{Token: &token})
	if v, err := s.ViewerBySession(t.Context(), c); err != nil || v.Name != "李编辑" || v.Committee == 0 {
		t.Errorf("by a token: %+v, %v", v, err)
	}
	if _, err := s.RevokeToken(t.Context(), "李编辑"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ViewerBySession(t.Context(), c); catalog.ErrorKindOf(err) != catalog.KindUnauthenticated {
		t.Errorf("after its token was revoked: %v", err)
	}
	if _, _, err := s.BeginSession(t.Context(), catalog.SessionStart{Token: &token}); catalog.ErrorKindOf(err) != catalog.KindUnauthenticated {
		t.Errorf("a session by a revoked token: %v", err)
	}
}

func TestASessionOutlivesNothingThatItStandsFor(t *testing.T) {
	s, _ := guarded(t)
	person, err := s.ViewerOfCommittee(t.Context(), "张三（测试）", catalog.RoleReader, "")
	if err != nil {
		t.Fatal(err)
	}
	soon := time.Now().Add(5 * time.Minute).Truncate(time.Microsecond)
	for _, tt := range []struct{ asked, most time.Time }{{soon, soon}, {time.Now().Add(1000 * time.Hour), time.Now().Add(catalog.SessionLife + time.Minute)}} {
		if _, ends, err := s.BeginSession(t.Context(), catalog.SessionStart{Viewer: person, Ends: tt.asked}); err != nil || ends.After(tt.most) {
			t.Errorf("ends at %v, want %v at most; %v", ends, tt.most, err)
		}
	}
	if _, err := s.ViewerOfCommittee(t.Context(), "x", catalog.RoleEditor, "nowhere"); catalog.ErrorKindOf(err) != catalog.KindNotFound {
		t.Errorf("no such committee: %v", err)
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/identity"
)

func TestTheSettingsOfAnIdentityProvider(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("of the test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := newOutside(map[string]string{"JISI_OIDC_CLIENT_SECRET_FILE": file, "JISI_PUBLIC_URL": "https://example.cn/", "JISI_OIDC_ROLES": "/政协/编辑=editor, ou=a=admin"})
	c, _, err := o.parse(serveCommand(), []string{"-oidc-issuer", "https://id.example.cn/realms/jl/", "-oidc-client-id", "jisi", "-oidc-audiences", "api,account", "-oidc-committees", "0431=changchun"})
	if err != nil {
		t.Fatal(err)
	}
	want := identity.Settings{
		Issuer: "https://id.example.cn/realms/jl/", ClientID: "jisi", ClientSecret: "of the test", Callback: "https://example.cn/sign-in/oidc/callback",
		Scopes: []string{"profile", "email"}, Audiences: []string{"api", "account"},
		RoleClaim: "jisi_role", Roles: map[string]catalog.Role{"/政协/编辑": catalog.RoleEditor, "ou=a": catalog.RoleAdmin},
		CommitteeClaim: "jisi_committee", Committees: map[string]string{"0431": "changchun"},
	}
	if diff := cmp.Diff(want, identitySettings(c)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, args := range []string{
		"-oidc-issuer=https://id.example.cn", "-oidc-issuer=id.example.cn", "-oidc-roles=a=owner", "-oidc-roles=a", "-oidc-committees=a=Not A Slug", "-oidc-client-secret-file=" + file + ".none",
	} {
		o := newOutside(nil)
		flag, _, _ := strings.Cut(args, "=")
		if code := o.run(t.Context(), []string{"serve", args}); code != exitUsage || !strings.Contains(o.err.String(), flag) {
			t.Errorf("%s: exit code %d: %s", args, code, &o.err)
		}
	}
}

package identity

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestClaimsComeToANameARoleAndACommittee(t *testing.T) {
	mapped := Settings{
		RoleClaim: "realm_access.roles", Roles: map[string]catalog.Role{"a": catalog.RoleEditor, "b": catalog.RoleReviewer, "root": catalog.RoleAdmin},
		CommitteeClaim: "https://example.cn/unit", Committees: map[string]string{"0431": "changchun", "0431-2": "changchun"},
	}
	plain := Settings{RoleClaim: "role", CommitteeClaim: "unit"}
	for _, tt := range []struct {
		name     string
		settings Settings
		claims   string
		who      string // name, role, committee
		kind     catalog.ErrorKind
	}{
		{"the highest of several roles", mapped, `{"sub":"1","name":"甲","realm_access":{"roles":["a","other","b"]},"https://example.cn/unit":"0431"}`, "甲 (1)|REVIEWER|changchun", ""},
		{"an admin needs no committee", mapped, `{"sub":"1","realm_access":{"roles":["root"]},"https://example.cn/unit":["x","y"]}`, "1|ADMIN|", ""},
		{"two names of one committee", mapped, `{"sub":"1","realm_access":{"roles":["a"]},"https://example.cn/unit":["0431","0431-2"]}`, "1|EDITOR|changchun", ""},
		{"a committee by its name", mapped, `{"sub":"1","realm_access":{"roles":["a"]},"https://example.cn/unit":"长春市政协"}`, "1|EDITOR|长春市政协", ""},
		{"a role that is not mapped", mapped, `{"sub":"1","realm_access":{"roles":["admin"]}}`, "1|READER|", ""},
		{"a role that is a text", plain, `{"sub":"1","email":"a@example.cn","role":"editor","unit":"jilin"}`, "a@example.cn (1)|EDITOR|jilin", ""},
		{"no roles at all", plain, `{"sub":"1"}`, "1|READER|", ""},
		{"a claim of another type", plain, `{"sub":"1","role":{"admin":true},"name":7}`, "1|READER|", ""},
		{"an object where the path leads", mapped, `{"sub":"1","realm_access":"root"}`, "1|READER|", ""},
		{"no subject", plain, `{"role":"admin"}`, "", catalog.KindUnauthenticated},
		{"an editor of no committee", plain, `{"sub":"1","role":"editor"}`, "", catalog.KindForbidden},
		{"an editor of two committees", plain, `{"sub":"1","role":"editor","unit":["jilin","changchun"]}`, "", catalog.KindForbidden},
	} {
		c := claims{}
		if err := json.Unmarshal([]byte(tt.claims), (*map[string]any)(&c)); err != nil {
			t.Fatal(err)
		}
		name, role, committee, err := tt.settings.read(c)
		got := strings.Join([]string{name, string(role), committee}, "|")
		if err != nil {
			got = ""
		}
		if got != tt.who || catalog.ErrorKindOf(err) != tt.kind {
			t.Errorf("%s: %q, %v; want %q, %q", tt.name, got, err, tt.who, tt.kind)
		}
	}
}

package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

var (
	accountPage = page{name: "account", path: "/account"}
	adminPage   = page{name: "admin", path: "/admin", variables: adminVariables}
	linkPage    = page{name: "link", path: "/sign-in/link"}
	contactPage = page{name: "contact", record: "committee", variables: slugVariable}
)

// maxSmallForm bounds the forms of these pages, in bytes.
const maxSmallForm = 64 << 10

// accounts adds to the mux what a signed-in reader sets for itself, and what admins and
// reviewers do with accounts. Who may do what is the API's to say.
//
//	GET  /sign-in/link                where a link that is good once leads
//	GET  /account                     how one is told outside the site
//	POST /account/email, /confirm, /kinds
//	GET  /admin                       accounts, and for admins webhooks and deliveries
//	POST /admin/give, /link, /renew, /limit, /revoke, /webhook, /webhook/test, /webhook/remove, /retry
//	GET  /committees/SLUG/contact     whom to call, in a form; POST writes it
func (s *site) accounts(mux *http.ServeMux) {
	if !s.SignIn {
		return
	}
	mux.HandleFunc("GET /sign-in/link", s.showLink)
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /account": s.showAccount, "POST /account/email": s.takeEmail, "POST /account/confirm": s.takeCode, "POST /account/kinds": s.takeKinds,
		"GET /admin":       s.showAdmin,
		"POST /admin/give": s.giveAccess, "POST /admin/link": s.giveLink,
		"POST /admin/renew": s.administer("renewAccess", "id", "days"), "POST /admin/limit": s.administer("limitAccess", "id", "role", "committee"),
		"POST /admin/revoke":  s.administer("revokeAccess", "id"),
		"POST /admin/webhook": s.addWebhook, "POST /admin/webhook/test": s.administer("testWebhook", "id"),
		"POST /admin/webhook/remove": s.administer("removeWebhook", "id"), "POST /admin/retry": s.administer("retryDelivery", "id"),
		"GET /committees/{slug}/contact": s.showContact, "POST /committees/{slug}/contact": s.takeContact,
	} {
		mux.Handle(pattern, s.forSignedIn(h))
	}
}

// forSignedIn sends who is not signed in to do so.
func (s *site) forSignedIn(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if readerOf(r) == nil {
			http.Redirect(w, r, signInURL(r), http.StatusSeeOther)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxSmallForm)
		if err := r.ParseForm(); err != nil {
			s.fail(w, r, badAddress("表单不完整，请返回重试。"))
			return
		}
		next(w, r)
	})
}

// change runs a mutation of mutations/account.graphql, and returns its payload, and what
// is wrong in a sentence.
func (s *site) change(ctx context.Context, name string, variables map[string]any) (done map[string]any, wrong string, err error) {
	data, failed := s.Query.Query(ctx, s.mutations["account"], name, variables)
	if len(failed) > 0 {
		if catalog.ErrorKind(failed[0].Code) == catalog.KindLimit || catalog.ErrorKind(failed[0].Code) == catalog.KindInvalid {
			return nil, failed[0].Message, nil
		}
		return nil, "", &queryError{page: name, errors: failed}
	}
	var answer struct {
		Done json.RawMessage
	}
	var payload struct{ UserErrors []problem }
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, "", fmt.Errorf("reading the answer of mutation %s: %w", name, err)
	}
	if err := json.Unmarshal(answer.Done, &payload); err != nil {
		return nil, "", fmt.Errorf("reading the answer of mutation %s: %w", name, err)
	}
	texts := make([]string, len(payload.UserErrors))
	for i, p := range payload.UserErrors {
		texts[i] = p.Message
	}
	if len(texts) > 0 {
		return nil, strings.Join(texts, "；") + "。", nil
	}
	done, err = decode(answer.Done)
	return done, "", err
}

func (s *site) showLink(w http.ResponseWriter, r *http.Request) {
	v := s.newView(linkPage, r)
	v.Here, v.SignIn = "/", "/sign-in" // the address has a secret
	v.Extra = struct{ Code string }{cut(r.URL.Query().Get("code"), maxQuery)}
	w.Header().Set("X-Robots-Tag", "noindex")
	s.write(w, r, http.StatusOK, linkPage.name, v)
}

// accountExtra is what the page of one's own settings needs.
type accountExtra struct{ Done, Wrong string }

func (s *site) showAccount(w http.ResponseWriter, r *http.Request) {
	s.account(w, r, http.StatusOK, accountExtra{Done: map[string]string{"email": "确认码已发出，请查收邮件。", "forgotten": "已删除邮箱。", "confirmed": "邮箱已确认。", "kinds": "已保存。"}[r.URL.Query().Get("done")]})
}

func (s *site) account(w http.ResponseWriter, r *http.Request, status int, extra accountExtra) {
	v, err := s.ask(accountPage, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v.Playground, v.Extra = "", extra
	s.write(w, r, status, accountPage.name, v)
}

// settle runs a mutation of one's own settings, and shows what came of it.
func (s *site) settle(w http.ResponseWriter, r *http.Request, name, done string, variables map[string]any) {
	_, wrong, err := s.change(r.Context(), name, variables)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case wrong != "":
		s.account(w, r, http.StatusUnprocessableEntity, accountExtra{Wrong: wrong})
	default:
		http.Redirect(w, r, "/account?done="+done, http.StatusSeeOther)
	}
}

func (s *site) takeEmail(w http.ResponseWriter, r *http.Request) {
	if r.PostForm.Get("forget") != "" {
		s.settle(w, r, "setEmail", "forgotten", map[string]any{"email": nil})
		return
	}
	s.settle(w, r, "setEmail", "email", map[string]any{"email": strings.TrimSpace(r.PostForm.Get("email"))})
}

func (s *site) takeCode(w http.ResponseWriter, r *http.Request) {
	s.settle(w, r, "confirmEmail", "confirmed", map[string]any{"code": r.PostForm.Get("code")})
}

func (s *site) takeKinds(w http.ResponseWriter, r *http.Request) {
	var kinds []any
	for _, kind := range catalog.NoticeKinds {
		pace := catalog.EmailPace(r.PostForm.Get("email-" + string(kind)))
		if !pace.Valid() {
			pace = catalog.EmailOff
		}
		kinds = append(kinds, map[string]any{"kind": string(kind), "email": string(pace), "webhook": r.PostForm.Get("webhook-"+string(kind)) != ""})
	}
	s.settle(w, r, "chooseDelivery", "kinds", map[string]any{"kinds": kinds})
}

// adminExtra is what the page of accounts needs.
type adminExtra struct {
	Done, Wrong                     string
	Secret, SecretTitle, SecretNote string // what is shown this once
	All                             bool   // it is an admin's
	Provider                        bool
	Roles                           []catalog.Role // that the reader may give
	Slug                            map[string]string
	Open                            string // the account that something was done with
	Form                            url.Values
}

func adminVariables(r *http.Request) (map[string]any, error) {
	v := catalog.ViewerFrom(r.Context())
	if !catalog.MayAdmitAny(v) {
		return nil, refusal{http.StatusForbidden, "您不能管理账号", "账号由管理员管理；各政协的审核可以管理本会编辑和读者的账号。"}
	}
	return map[string]any{"all": catalog.MayAdmit(v, 0, catalog.RoleAdmin) == nil}, nil
}

func (s *site) showAdmin(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	extra := adminExtra{Open: query.Get("account")}
	extra.Done = administered[query.Get("done")]
	s.admin(w, r, http.StatusOK, extra)
}

func (s *site) admin(w http.ResponseWriter, r *http.Request, status int, extra adminExtra) {
	v, err := s.ask(adminPage, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v.Playground = ""
	who := catalog.ViewerFrom(r.Context())
	extra.All, extra.Provider, extra.Slug = catalog.MayAdmit(who, 0, catalog.RoleAdmin) == nil, s.Provider, map[string]string{}
	for _, role := range catalog.Roles {
		if extra.All || catalog.MayAdmit(who, who.Committee, role) == nil {
			extra.Roles = append(extra.Roles, role)
		}
	}
	if extra.Form == nil {
		extra.Form = url.Values{"role": {string(catalog.RoleEditor)}}
	}
	for _, one := range list(object(v.Data["viewer"])["accounts"]) {
		extra.Slug[text(object(one)["id"])] = text(object(object(one)["committee"])["slug"])
	}
	v.Extra = extra
	w.Header().Set("Cache-Control", "no-store")
	s.write(w, r, status, adminPage.name, v)
}

// administered are what is said after a mutation was run.
var administered = map[string]string{
	"renewAccess": "已续期。", "limitAccess": "已调整权限，几秒内生效。", "revokeAccess": "已撤销，几秒内失效。",
	"testWebhook": "测试消息已交付发送；没有收到时，请看“没有发出的通知”。", "removeWebhook": "已删除通知地址。", "retryDelivery": "已再次发送。",
}

// administer returns what runs a mutation with fields of the form as its variables.
func (s *site) administer(mutation string, fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		variables := map[string]any{}
		for _, f := range fields {
			value := strings.TrimSpace(r.PostForm.Get(f))
			switch {
			case f == "days":
				days, err := strconv.Atoi(value)
				if err != nil {
					s.admin(w, r, http.StatusUnprocessableEntity, adminExtra{Wrong: "天数请写整数。", Open: r.PostForm.Get("id")})
					return
				}
				variables[f] = days
			case value != "" || f == "id":
				variables[f] = value
			}
		}
		_, wrong, err := s.change(r.Context(), mutation, variables)
		switch {
		case err != nil:
			s.fail(w, r, err)
		case wrong != "":
			s.admin(w, r, http.StatusUnprocessableEntity, adminExtra{Wrong: wrong, Open: r.PostForm.Get("id")})
		default:
			to := url.Values{"done": {mutation}}
			if mutation == "renewAccess" || mutation == "limitAccess" {
				to.Set("account", r.PostForm.Get("id"))
			}
			http.Redirect(w, r, "/admin?"+to.Encode(), http.StatusSeeOther)
		}
	}
}

// giveAccess opens an account, and shows its link or token.
func (s *site) giveAccess(w http.ResponseWriter, r *http.Request) {
	form := r.PostForm
	days, err := strconv.Atoi(strings.TrimSpace(form.Get("days")))
	if err != nil {
		s.admin(w, r, http.StatusUnprocessableEntity, adminExtra{Wrong: "天数请写整数。", Form: form})
		return
	}
	input := map[string]any{"name": clean(form.Get("name")), "role": form.Get("role"), "days": days}
	if committee := form.Get("committee"); committee != "" {
		input["committee"] = committee
	}
	done, wrong, err := s.change(r.Context(), "giveAccess", map[string]any{"input": input})
	switch {
	case err != nil:
		s.fail(w, r, err)
		return
	case wrong != "":
		s.admin(w, r, http.StatusUnprocessableEntity, adminExtra{Wrong: wrong, Form: form})
		return
	}
	given := object(done["account"])
	if form.Get("how") == "token" {
		s.admin(w, r, http.StatusOK, adminExtra{
			Done: "已发放账号“" + text(given["name"]) + "”。", Open: text(given["id"]),
			Secret: text(done["token"]), SecretTitle: "访问令牌", SecretNote: "登录时填在“访问令牌”里；程序写在 Authorization: Bearer 后面。库里只存它的散列值，丢失后只能另发。",
		})
		return
	}
	s.link(w, r, text(given["id"]), "已发放账号“"+text(given["name"])+"”。")
}

func (s *site) giveLink(w http.ResponseWriter, r *http.Request) {
	s.link(w, r, r.PostForm.Get("id"), "已发一次性登录链接。")
}

// link makes a link for the account, and shows it.
func (s *site) link(w http.ResponseWriter, r *http.Request, id, said string) {
	done, wrong, err := s.change(r.Context(), "makeSignInLink", map[string]any{"id": id})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case wrong != "":
		s.admin(w, r, http.StatusUnprocessableEntity, adminExtra{Wrong: wrong, Open: id})
	default:
		address := text(done["link"])
		if strings.HasPrefix(address, "/") {
			address = s.address(r) + address
		}
		s.admin(w, r, http.StatusOK, adminExtra{
			Done: said, Open: id, Secret: address, SecretTitle: "一次性登录链接（" + text(object(done["account"])["name"]) + "）",
			SecretNote: "本人打开后按“登录”。只能用一次，" + instant(done["linkExpiresAt"]) + " 前有效；再发一个，前一个就作废。",
		})
	}
}

func (s *site) addWebhook(w http.ResponseWriter, r *http.Request) {
	input := map[string]any{"name": clean(r.PostForm.Get("name")), "form": r.PostForm.Get("form"), "url": strings.TrimSpace(r.PostForm.Get("url"))}
	for _, f := range []string{"secret", "committee"} {
		if value := strings.TrimSpace(r.PostForm.Get(f)); value != "" {
			input[f] = value
		}
	}
	done, wrong, err := s.change(r.Context(), "addWebhook", map[string]any{"input": input})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case wrong != "":
		s.admin(w, r, http.StatusUnprocessableEntity, adminExtra{Wrong: wrong})
	default:
		extra := adminExtra{Done: "已新增通知地址。"}
		if secret := text(done["secret"]); secret != "" {
			extra.Secret, extra.SecretTitle, extra.SecretNote = secret, "签名密钥", "接收方用它核对 webhook-signature（Standard Webhooks）。丢失后请删除再新增。"
		}
		s.admin(w, r, http.StatusOK, extra)
	}
}

// contactExtra is what the form of a contact needs.
type contactExtra struct {
	Wrong string
	Form  url.Values
}

// askContact asks for the committee, where the reader may write its contact.
func (s *site) askContact(r *http.Request) (*view, error) {
	v, err := s.ask(contactPage, r)
	if err != nil {
		return nil, err
	}
	v.Playground = ""
	if !mayContact(r, object(v.Data["committee"])) {
		return nil, refusal{http.StatusForbidden, "您不能修改这个联系人", "联系人由本会的审核或管理员填写。"}
	}
	return v, nil
}

// mayContact reports whether the reader may write the committee's contact.
func mayContact(r *http.Request, committee map[string]any) bool {
	id, err := catalog.DecodeIDOf(catalog.KindCommittee, text(committee["id"]))
	return err == nil && catalog.MayContact(catalog.ViewerFrom(r.Context()), id) == nil
}

func (s *site) showContact(w http.ResponseWriter, r *http.Request) {
	v, err := s.askContact(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	form := url.Values{}
	for name, value := range object(object(v.Data["committee"])["contact"]) {
		form.Set(name, text(value))
	}
	v.Extra = contactExtra{Form: form}
	s.write(w, r, http.StatusOK, contactPage.name, v)
}

func (s *site) takeContact(w http.ResponseWriter, r *http.Request) {
	v, err := s.askContact(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	contact := map[string]any{}
	for _, f := range []string{"name", "phone", "email"} {
		if value := clean(r.PostForm.Get(f)); value != "" {
			contact[f] = value
		}
	}
	_, wrong, err := s.change(r.Context(), "setContact", map[string]any{"committee": object(v.Data["committee"])["id"], "contact": contact})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case wrong != "":
		v.Extra = contactExtra{Wrong: wrong, Form: r.PostForm}
		s.write(w, r, http.StatusUnprocessableEntity, contactPage.name, v)
	default:
		http.Redirect(w, r, "/committees/"+url.PathEscape(r.PathValue("slug"))+"?done=contact", http.StatusSeeOther)
	}
}

package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// keptKey names what somebody writes in a form among all that they write.
type keptKey struct {
	Kind   catalog.RecordKind
	Record string // its id, "" for a new one
	Name   string // tells new ones apart
}

func (k keptKey) variables() map[string]any {
	variables := map[string]any{"kind": string(k.Kind), "name": k.Name}
	if k.Record != "" {
		variables["record"] = k.Record
	}
	return variables
}

// keptText is what somebody wrote in a form and has not saved, as the server keeps
// it. The zero value is none.
type keptText struct {
	At   string // RFC 3339, "" where nothing is kept
	JSON string // for the page's script
	keptForm
}

// keptForm is what a form's script keeps of it.
type keptForm struct {
	Form    string     `json:"form"` // where it is written
	Title   string     `json:"title"`
	Version string     `json:"version"` // of the record that was changed, "0" for a new one
	Values  url.Values `json:"values"`
}

// keepPath is where a form's script keeps what is written, and drops it.
const keepPath = "/write/keep"

// keep keeps what a form's script sends, and answers with the time, as JSON. The
// form has kind, record, name, content, seen and by, the writer to whom the page
// belongs: 401 says that nobody or somebody else is signed in by now, 409 that
// another page has kept the same since seen, with what that was.
func (s *site) keep(w http.ResponseWriter, r *http.Request) {
	k, ok := s.keeping(w, r)
	if !ok {
		return
	}
	variables := k.variables()
	variables["content"] = r.PostForm.Get("content")
	if seen := r.PostForm.Get("seen"); seen != "" {
		variables["seen"] = seen
	}
	data, failed := s.Query.Query(r.Context(), s.mutations["writing"], "keep", variables)
	if len(failed) > 0 {
		answerKept(w, explain(&queryError{page: "keep", errors: failed}).Status, map[string]any{"text": failed[0].Message})
		return
	}
	var answer struct {
		Done struct {
			Writing    *struct{ At string }
			UserErrors []problem
		}
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		s.Log.ErrorContext(r.Context(), "what is being written could not be kept", "error", err)
		answerKept(w, http.StatusInternalServerError, map[string]any{"text": "服务器出错了"})
		return
	}
	wrong := answer.Done.UserErrors
	switch {
	case len(wrong) == 0:
		answerKept(w, http.StatusOK, map[string]any{"at": answer.Done.Writing.At})
	case wrong[0].Code == catalog.KindConflict:
		there, err := s.keptOf(r.Context(), k)
		if err != nil {
			answerKept(w, http.StatusInternalServerError, map[string]any{"text": "服务器出错了"})
			return
		}
		answerKept(w, http.StatusConflict, map[string]any{"at": there.At, "values": there.Values, "version": there.Version})
	default:
		answerKept(w, http.StatusUnprocessableEntity, map[string]any{"text": wrong[0].Message})
	}
}

// drop forgets what was kept, as whoever does not want it asks for.
func (s *site) drop(w http.ResponseWriter, r *http.Request) {
	k, ok := s.keeping(w, r)
	if !ok {
		return
	}
	if err := s.forget(r.Context(), k); err != nil {
		answerKept(w, http.StatusServiceUnavailable, map[string]any{"text": "暂时没有做成"})
		return
	}
	if r.PostForm.Get("next") == "desk" { // a form of the desk's own
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, "/write?done=drop", http.StatusSeeOther)
		return
	}
	answerKept(w, http.StatusOK, map[string]any{})
}

// keeping reads whose form is kept, and refuses who is not its writer.
func (s *site) keeping(w http.ResponseWriter, r *http.Request) (keptKey, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		answerKept(w, http.StatusBadRequest, map[string]any{"text": "表单不完整"})
		return keptKey{}, false
	}
	who := readerOf(r)
	if !s.SignIn || who == nil || who.Name != r.PostForm.Get("by") {
		answerKept(w, http.StatusUnauthorized, map[string]any{"text": "登录已经过期"})
		return keptKey{}, false
	}
	return keptKey{catalog.RecordKind(r.PostForm.Get("kind")), r.PostForm.Get("record"), r.PostForm.Get("name")}, true
}

func answerKept(w http.ResponseWriter, status int, what map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(what) // the page may have gone
}

// keptOf is what the context's viewer has kept of a form.
func (s *site) keptOf(ctx context.Context, k keptKey) (keptText, error) {
	data, failed := s.Query.Query(ctx, s.mutations["writing"], "kept", k.variables())
	if len(failed) > 0 {
		return keptText{}, &queryError{page: "kept", errors: failed}
	}
	var answer struct {
		Viewer *struct {
			Writings []struct {
				Record      *string
				Content, At string
			}
		}
	}
	if err := json.Unmarshal(data, &answer); err != nil || answer.Viewer == nil {
		return keptText{}, err
	}
	for _, w := range answer.Viewer.Writings {
		if (w.Record == nil) == (k.Record == "") { // of new ones the API lists all of the name
			return newKept(w.Content, w.At), nil
		}
	}
	return keptText{}, nil
}

// newKept reads what was kept. What our pages did not write is none.
func newKept(content, at string) keptText {
	k := keptText{At: at}
	if json.Unmarshal([]byte(content), &k.keptForm) != nil || len(k.Values) == 0 || !strings.HasPrefix(k.Form, "/write/") {
		return keptText{}
	}
	rowsOfLines(k.Values)
	encoded, err := json.Marshal(map[string]any{"at": at, "version": k.Version, "values": k.Values})
	if err != nil {
		return keptText{}
	}
	k.JSON = string(encoded)
	return k
}

// forget drops what was kept of a form, as after saving it.
func (s *site) forget(ctx context.Context, k keptKey) error {
	_, failed := s.Query.Query(ctx, s.mutations["writing"], "discard", k.variables())
	if len(failed) > 0 {
		return &queryError{page: "discard", errors: failed}
	}
	return nil
}

// withKept puts into the form what was written in it and not saved: for its script, and,
// where the address asks for it, at once, so that it comes back without scripts too.
// The form then names the version that was changed, so that saving tells of what
// others have written since.
func (s *site) withKept(v *view, r *http.Request, k keptKey, form func(url.Values) formExtra, values url.Values) (formExtra, error) {
	kept, err := s.keptOf(r.Context(), k)
	if err != nil {
		return formExtra{}, err
	}
	back := kept.At != "" && r.URL.Query().Get("kept") == "1"
	if back {
		for name := range values {
			if !kept.Values.Has(name) { // room for what is repeated stays
				kept.Values[name] = []string{""}
			}
		}
		values = kept.Values
	}
	for name := range kept.Values {
		if makesRoom(name) && !values.Has(name) {
			values.Set(name, "") // the script has a place to put it
		}
	}
	extra := form(values)
	extra.Kept, extra.Back = kept, back
	if back && extra.Record != nil && kept.Version != "" {
		extra.Version = kept.Version
	}
	return extra, nil
}

// Back is the address of the form with the text in it.
func (k keptText) Back() string {
	if strings.Contains(k.Form, "?") {
		return k.Form + "&kept=1"
	}
	return k.Form + "?kept=1"
}

// keptDraft is a text on the desk that somebody wrote and has not saved.
type keptDraft struct {
	keptText
	Key   keptKey
	Label string // of its kind
}

// Called is what stands in its title.
func (d keptDraft) Called() string {
	if title := strings.TrimSpace(d.Title); title != "" {
		return catalog.Clip(title, 60)
	}
	return "（还没有标题）"
}

// Address is the form with the text in it.
func (d keptDraft) Address() string { return d.Back() }

// keptDrafts are all that the reader wrote and has not saved, the last one first.
func keptDrafts(v *view) []keptDraft {
	var all []keptDraft
	for _, writing := range list(object(v.Data["viewer"])["writings"]) {
		w := object(writing)
		kind := catalog.RecordKind(text(w["kind"]))
		d := keptDraft{newKept(text(w["content"]), text(w["at"])), keptKey{kind, text(w["record"]), text(w["name"])}, kind.Label()}
		if d.At != "" {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b keptDraft) int { return strings.Compare(b.At, a.At) })
	return all
}

// moment shows an instant by day and minute, in the time zone of the site.
func moment(v any) string {
	at, err := time.Parse(time.RFC3339, text(v))
	if err != nil {
		return text(v)
	}
	local := at.In(catalog.Zone())
	shown := date(local.Format(time.DateOnly)) + local.Format(" 15:04")
	if now := time.Now().In(catalog.Zone()); now.Format(time.DateOnly) == local.Format(time.DateOnly) {
		shown = "今天" + local.Format(" 15:04")
	}
	return shown
}

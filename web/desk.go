package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// manuscripts are the records of one state that somebody has under way.
type manuscripts struct {
	ID, Title, None string
	Verb            string // what has been so long ago as the list says
	Picks           bool   // several can be ticked and published
	Hands           bool   // several can be ticked and handed in
	Rest            int    // not listed
	List            []manuscript
}

// Total is how many there are.
func (m manuscripts) Total() int { return len(m.List) + m.Rest }

// manuscript is a record that somebody has under way.
type manuscript struct {
	Noun   noun
	Record map[string]any
}

// Label says what it is.
func (m manuscript) Label() string { return m.Noun.kind.Label() }

// Path is that of its pages.
func (m manuscript) Path() string { return m.Noun.path }

// Called is its title or name.
func (m manuscript) Called() string { return m.Noun.called(m.Record) }

// Whose are the names of whom it belongs to.
func (m manuscript) Whose() []string {
	var names []string
	for _, owner := range append(list(m.Record["proposers"]), m.Record["committee"]) {
		if name := text(object(owner)["name"]); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Waited says how long ago it came into its state.
func (m manuscript) Waited() string { return ago(text(m.Record["updatedAt"]), time.Now()) }

// Adopted is how many committees have taken it over.
func (m manuscript) Adopted() int { return whole(object(m.Record["adoptions"])["totalCount"]) }

// Returned is why it was handed back, "" where it was not, or its writers took it back.
func (m manuscript) Returned() string {
	if m.Record["status"] != string(catalog.StatusDraft) {
		return ""
	}
	for _, revision := range list(object(m.Record["revisions"])["nodes"]) {
		if reason := text(object(revision)["reason"]); reason != takenBack {
			return reason
		}
	}
	return ""
}

// Lacks are what a reviewer would miss in it.
func (m manuscript) Lacks() []string {
	if m.Noun.kind == catalog.KindCase {
		return lacks(m.Record)
	}
	return nil
}

// Pick names it, at this version, in a form that publishes several.
func (m manuscript) Pick() string {
	return fmt.Sprintf("%s/%s/%d/%s", m.Noun.path, text(m.Record["slug"]), whole(m.Record["version"]), text(m.Record["id"]))
}

// partText is one text of a record.
type partText struct{ Label, Text string }

// Texts are its long texts.
func (m manuscript) Texts() []partText {
	var all []partText
	for _, f := range catalog.NounOf(m.Noun.kind).Fields {
		if s := text(m.Record[f.Name]); s != "" && (f.Shape == catalog.ShapeProse || f.Shape == catalog.ShapeText) {
			all = append(all, partText{f.Label.Zh, s})
		}
	}
	return all
}

// takenBack is the reason with which writers take back what waits for review.
const takenBack = "由撰写方取回修改"

// ago says how long ago an instant was, by days in the time zone of the site.
func ago(instant string, t time.Time) string {
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return ""
	}
	day := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	switch days := int(day(t.In(catalog.Zone())).Sub(day(at.In(catalog.Zone()))).Hours() / 24); {
	case days <= 0:
		return "今天"
	case days == 1:
		return "昨天"
	default:
		return fmt.Sprintf("%d 天前", days)
	}
}

// deskExtra is what the page of manuscripts needs besides its data.
type deskExtra struct {
	Done      string // what was done just now
	Lists     []manuscripts
	Adoptions []takenOver
	Kept      []keptDraft // what was written and not saved
}

// draftsVariables names the reader's own committee.
func draftsVariables(r *http.Request) (map[string]any, error) {
	variables := map[string]any{"own": false}
	if who := catalog.ViewerFrom(r.Context()); who != nil && who.Committee != 0 {
		variables["own"], variables["mine"] = true, []any{catalog.EncodeID(catalog.KindCommittee, who.Committee)}
	}
	return variables, nil
}

func shapeDrafts(v *view, r *http.Request) error {
	waiting, waitingRest := underWay(v, "waiting")
	drafts, draftsRest := underWay(v, "drafts")
	published, publishedRest := underWay(v, "published")
	archived, archivedRest := underWay(v, "archived")
	forMe := func(m manuscript) bool {
		return slices.Contains(list(m.Record["actions"]), any(string(catalog.ActionPublish)))
	}
	returned := func(m manuscript) bool { return m.Returned() != "" }
	extra := deskExtra{Done: doneLabels[r.URL.Query().Get("done")], Adoptions: takenOvers(v), Kept: keptDrafts(v)}
	add := func(m manuscripts) {
		if m.Total() > 0 || len(extra.Lists) == 0 { // what is first says that there is nothing, the others need not
			extra.Lists = append(extra.Lists, m)
		}
	}
	if v.Reader.Reviews {
		mine := only(waiting, forMe)
		add(manuscripts{ID: "for-me", Title: "等我审核", None: "没有等您审核的稿件。", Verb: "提交于", Picks: len(mine) > 0, List: mine, Rest: waitingRest})
		waitingRest = 0
	}
	if others := only(waiting, func(m manuscript) bool { return !forMe(m) }); len(others) > 0 || !v.Reader.Reviews {
		add(manuscripts{ID: "waiting", Title: "审核中", None: "没有正在审核的稿件。", Verb: "提交于", List: others, Rest: waitingRest})
	}
	add(manuscripts{ID: "returned", Title: "退回修改", None: "没有退回的稿件。", Verb: "退回于", List: only(drafts, returned)})
	fresh := only(drafts, func(m manuscript) bool { return !returned(m) })
	add(manuscripts{ID: "drafts", Title: "草稿", None: "没有草稿。", Verb: "改于", Hands: len(fresh) > 1 && v.Reader.Writes, List: fresh, Rest: draftsRest})
	if v.Data["published_cases"] != nil {
		add(manuscripts{ID: "published", Title: "本政协已发布", None: "还没有发布的稿件。", Verb: "更新于", List: published, Rest: publishedRest})
	}
	add(manuscripts{ID: "archived", Title: "已归档", None: "没有归档的稿件。", Verb: "归档于", List: archived, Rest: archivedRest})
	v.Extra = extra
	return nil
}

// underWay are the records of all nouns below an alias, newest first, and how many
// more there are.
func underWay(v *view, alias string) (all []manuscript, rest int) {
	for _, n := range nouns {
		found := object(v.Data[alias+"_"+n.path])
		rest += whole(found["totalCount"]) - len(list(found["nodes"]))
		for _, record := range list(found["nodes"]) {
			all = append(all, manuscript{n, object(record)})
		}
	}
	slices.SortStableFunc(all, func(a, b manuscript) int { // RFC 3339 in UTC sorts as text
		return strings.Compare(text(b.Record["updatedAt"]), text(a.Record["updatedAt"]))
	})
	return all, max(rest, 0)
}

// only are the manuscripts of which keep is true.
func only(all []manuscript, keep func(manuscript) bool) []manuscript {
	var kept []manuscript
	for _, m := range all {
		if keep(m) {
			kept = append(kept, m)
		}
	}
	return kept
}

// severalExtra is what the page for reviewing several needs.
type severalExtra struct {
	Picked  []manuscript
	Results []publication
	Handed  bool // they were handed in, not published
}

// publication is what became of one of several.
type publication struct{ Title, URL, Wrong string }

// Published is how many were published.
func (x severalExtra) Published() int { return len(x.Results) - x.Failed() }

// Failed is how many were not.
func (x severalExtra) Failed() int {
	n := 0
	for _, p := range x.Results {
		if p.Wrong != "" {
			n++
		}
	}
	return n
}

func shapeSeveral(v *view, r *http.Request) error {
	picks := r.URL.Query()["pick"]
	waiting, _ := underWay(v, "waiting")
	v.Extra = severalExtra{Picked: only(waiting, func(m manuscript) bool {
		return slices.Contains(picks, m.Noun.path+"/"+text(m.Record["slug"])) && slices.Contains(list(m.Record["actions"]), any(string(catalog.ActionPublish)))
	})}
	return nil
}

// publishSeveral publishes what was ticked, each at the version that was shown, and
// says of each what became of it.
func (s *site) publishSeveral(w http.ResponseWriter, r *http.Request) { s.several(w, r, "publish") }

// submitSeveral hands in the drafts that were ticked, as publishSeveral publishes.
func (s *site) submitSeveral(w http.ResponseWriter, r *http.Request) { s.several(w, r, "submit") }

func (s *site) several(w http.ResponseWriter, r *http.Request, action string) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	extra := severalExtra{Handed: action == "submit"}
	for _, pick := range r.PostForm["pick"] {
		parts := strings.SplitN(pick, "/", 4)
		if len(parts) != 4 {
			s.fail(w, r, badAddress("表单不完整，请返回重试。"))
			return
		}
		n, known := nounAt(parts[0])
		var version int
		if _, err := fmt.Sscanf(parts[2], "%d", &version); err != nil || !known {
			s.fail(w, r, badAddress("表单不完整，请返回重试。"))
			return
		}
		_, wrong, err := s.mutate(r.Context(), n, action, map[string]any{"id": parts[3], "version": version})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		one := publication{Title: n.kind.Label() + "：" + parts[1], URL: "/" + n.path + "/" + parts[1]}
		for _, p := range wrong {
			one.Wrong += p.Message
		}
		if name, err := s.called(r, n, parts[1]); err == nil && name != "" {
			one.Title = name
		}
		extra.Results = append(extra.Results, one)
	}
	v := s.newView(severalPage, r)
	v.Extra = extra
	s.write(w, r, http.StatusOK, severalPage.name, v)
}

// called is a record's title or name.
func (s *site) called(r *http.Request, n noun, slug string) (string, error) {
	data, failed := s.Query.Query(r.Context(), fmt.Sprintf("query Called($slug: String!) { record: %s(slug: $slug) { name: %s } }", n.root, n.name), "", map[string]any{"slug": slug})
	if len(failed) > 0 {
		return "", &queryError{page: "several", errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return "", fmt.Errorf("reading the name of %s %s: %w", n.root, slug, err)
	}
	record := object(found["record"])
	return n.called(map[string]any{n.name: record["name"]}), nil
}

// badges are how many records wait for the reader's review, and how many notices the
// reader has not read, which stand on every page; 0 where nobody can say.
func (s *site) badges(r *http.Request, who *reader) (waiting, unread int) {
	if who == nil {
		return 0, 0
	}
	data, failed := s.Query.Query(r.Context(), s.documents["waiting"], "", map[string]any{"reviews": who.Reviews})
	if len(failed) > 0 {
		return 0, 0
	}
	found, err := decode(data)
	if err != nil {
		return 0, 0
	}
	for _, path := range append(nounPaths(nouns), adoptionForm.path) {
		waiting += whole(object(found[path])["totalCount"])
	}
	return waiting, whole(object(found["viewer"])["unread"])
}

// nounPaths are those of the nouns' pages.
func nounPaths(of []noun) []string {
	all := make([]string, len(of))
	for i, n := range of {
		all[i] = n.path
	}
	return all
}

// takenOver is an adoption that somebody has under way.
type takenOver struct {
	Path   string // of its buttons
	Record map[string]any
	From   string // the page that its buttons lead back to, "" for the desk
}

// Returned is why it was handed back, "" where it was not, or its writers took it back.
func (t takenOver) Returned() string { return manuscript{Record: t.Record}.Returned() }

// takenOvers are the adoptions that wait for review, and then those that are drafts.
func takenOvers(v *view) (all []takenOver) {
	for _, alias := range []string{"waiting", "drafts"} {
		for _, adoption := range list(object(v.Data[alias+"_"+adoptionForm.path])["nodes"]) {
			all = append(all, takenOver{adoptionForm.path, object(adoption), ""})
		}
	}
	return all
}

// doneLabels say what was done just now.
var doneLabels = map[string]string{
	"drop": "已丢弃写到一半的内容。", "thank": "已致谢。", "ask": "已记下：您也需要。", "answer": "已回应，问过的政协会收到通知。", "close": "已了结。", "follow": "已关注，有更新会在通知里告诉您。", "unfollow": "已取消关注。", "read": "已标为已读。",
	"adopt": "已登记本会引进，等待审核；审核后公开。", "adopted": "已登记本会引进，已经公开。", "create": "已保存为草稿。", "update": "已保存。", "submit": "已提交审核。", "return": "已退回修改。", "publish": "已发布。",
	"archive": "已归档。", "merge": "已合并，原来引用另一条的记录都改为引用这一条。", "restore": "已恢复到所选的版本。",
}

package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// workbook returns an .xlsx of one sheet, its first row the headings.
func workbook(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	x := xlsx.NewWriter(&b)
	columns := make([]xlsx.Column, len(rows[0]))
	for i, title := range rows[0] {
		columns[i] = xlsx.Column{Title: title, Width: 20}
	}
	err := x.Sheet("结果", columns, 0)
	for _, row := range rows[1:] {
		if err == nil {
			err = x.Write(row)
		}
	}
	if err == nil {
		err = x.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sendFile posts a file in a form, as a browser does; nil posts the form without one.
func sendFile(t *testing.T, h http.Handler, token, target string, file []byte) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if file != nil {
		part, err := form.CreateFormFile("file", "结果.xlsx")
		if err == nil {
			_, err = part.Write(file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return ask(t, h, token, http.MethodPost, target, form.FormDataContentType(), body.String())
}

// TestPagesOfCalls has one server for what is done on them.
func TestPagesOfCalls(t *testing.T) {
	site := sitetest.Open(t)
	t.Run("results of earlier years come from a workbook", func(t *testing.T) { resultsComeFromAWorkbook(t, site) })
	t.Run("what was returned has a button after closing", func(t *testing.T) { returnedHasAButton(t, site) })
	t.Run("a judge is told that it is over", func(t *testing.T) { judgeIsTold(t, site) })
	t.Run("what is made up is marked", func(t *testing.T) { madeUpIsMarked(t, site) })
	t.Run("headings count what they say", func(t *testing.T) { headingsCount(t, site) })
}

// resultsComeFromAWorkbook enters a call of earlier years by the form of its page, and
// has it refuse what is none.
func resultsComeFromAWorkbook(t *testing.T, site *sitetest.Site) {
	day := func(days int) string { return time.Now().In(catalog.Zone()).AddDate(0, 0, days).Format(time.DateOnly) }
	caller := site.Token(t, "往年征集", catalog.RoleReviewer, "liaoyuan")
	_, slug, _ := mutated(t, site.Handler, caller, fmt.Sprintf(
		`createCall(input: {title: "往年的征集", text: "补登往年结果（测试）。", opensOn: %q, closesOn: %q, parts: [RESULTS]})`, day(-30), day(-1)))
	target := "/calls/" + slug + "/results"
	good := workbook(t, []string{"序号", "案例名称", "报送单位", "等次"}, []string{"1", "从前办成的一件事", "东辽县政协", "一等奖"}, []string{"2", "=1+1", "没有登记的单位", ""}, []string{"", "", "合计", ""})
	many := make([][]string, catalog.MaxResults+2)
	for i := range many {
		many[i] = []string{fmt.Sprint("案例", i), "单位"}
	}
	many[0] = []string{"案例", "单位"}
	for _, test := range []struct {
		name, token string
		file        []byte
		status      int
		says        string
	}{
		{"no file", caller, nil, http.StatusBadRequest, "没有选择文件"},
		{"no workbook", caller, []byte("案例,报送单位\n"), http.StatusUnprocessableEntity, "没有登记"},
		{"no headings", caller, workbook(t, []string{"甲", "乙"}, []string{"一", "二"}), http.StatusUnprocessableEntity, "没有找到写着"},
		{"too many rows", caller, workbook(t, many...), http.StatusUnprocessableEntity, "超过 2000 行"},
		{"another committee's reviewer", site.Token(t, "往年外审", catalog.RoleReviewer, "siping"), good, http.StatusNotFound, ""},
		{"its own editor", site.Token(t, "往年编辑", catalog.RoleEditor, "liaoyuan"), good, http.StatusSeeOther, ""},
		{"the caller, again", caller, good, http.StatusSeeOther, ""},
		{"nobody", "", good, http.StatusSeeOther, ""}, // to sign in
	} {
		w := sendFile(t, site.Handler, test.token, target, test.file)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s: %d, want %d with %q: %.300s", test.name, w.Code, test.status, test.says, w.Body)
		}
	}
	page := ask(t, site.Handler, caller, http.MethodGet, "/calls/"+slug, "", "").Body.String()
	for _, want := range []string{"从前办成的一件事", `<a href="/committees/dongliao">东辽县政协</a>`, "一等奖", "=1&#43;1", "没有登记的单位", `往年结果 <span class="count">2</span>`, "无正文"} {
		if !strings.Contains(page, want) {
			t.Errorf("the call's page lacks %q", want)
		}
	}
	if w := ask(t, site.Handler, "", http.MethodGet, "/calls/"+slug, "", ""); w.Code != http.StatusNotFound {
		t.Errorf("nobody opens a draft: %d", w.Code)
	}
}

// returnedHasAButton has the page offer what the rule allows: to send again what was
// returned, also once the call has closed.
func returnedHasAButton(t *testing.T, site *sitetest.Site) {
	day := func(days int) string { return time.Now().In(catalog.Zone()).AddDate(0, 0, days).Format(time.DateOnly) }
	caller, county := site.Token(t, "补正征集", catalog.RoleReviewer, "liaoyuan"), site.Token(t, "补正报送", catalog.RoleReviewer, "dongliao")
	call, slug, version := mutated(t, site.Handler, caller, fmt.Sprintf(
		`createCall(input: {title: "补正的征集", text: "请报送（测试）。", opensOn: %q, closesOn: %q, parts: [RESULTS]})`, day(-1), day(3)))
	_, _, version = mutated(t, site.Handler, caller, fmt.Sprintf(`publishCall(id: %q, version: %d)`, call, version))
	of, _, _ := mutated(t, site.Handler, county, `createCase(input: {title: "要补正的案例", results: "2025年办成了。"})`)
	sent := done(t, site.Handler, county, fmt.Sprintf(`submitToCall(call: %q, case: %q)`, call, of), "record { id }")
	done(t, site.Handler, caller, fmt.Sprintf(`returnSubmission(id: %q, version: 1, reason: "请补数字")`, sent), "record { id }")
	button := "改好了，再报送《要补正的案例》"
	page := func(token string) string {
		t.Helper()
		return ask(t, site.Handler, token, http.MethodGet, "/calls/"+slug, "", "").Body.String()
	}
	if got := page(county); !strings.Contains(got, button) || strings.Contains(got, "征集虽已截止") {
		t.Error("an open call's page lacks the button, or says that it has closed")
	}
	_, _, version = mutated(t, site.Handler, caller, fmt.Sprintf(`closeCall(id: %q, version: %d, reason: "已满")`, call, version))
	if got := page(county); !strings.Contains(got, button) || !strings.Contains(got, "征集虽已截止") || strings.Contains(got, `id="case"`) {
		t.Error("a closed call's page lacks the button, or offers what is not taken")
	}
	if strings.Contains(page(caller), button) || strings.Contains(page(""), button) {
		t.Error("the button shows to who may not")
	}
	form := "call=" + call + "&case=" + of
	w := ask(t, site.Handler, county, http.MethodPost, "/calls/"+slug+"/submit", "application/x-www-form-urlencoded", form+"&do=check")
	if got := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(got, "检查结果") || !strings.Contains(got, "要求的部分都有") {
		t.Errorf("checking again: %d", w.Code)
	}
	if w = ask(t, site.Handler, county, http.MethodPost, "/calls/"+slug+"/submit", "application/x-www-form-urlencoded", form); w.Code != http.StatusSeeOther {
		t.Errorf("sending again: %d %.300s", w.Code, w.Body)
	}
	if got := page(county); strings.Contains(got, button) || !strings.Contains(got, "已报送") {
		t.Error("what was sent again still has the button")
	}
}

// judgeIsTold opens the page of a reviewer when the selection is published, by who was
// one and who was not, and has submissions in the order of their ranks before.
func judgeIsTold(t *testing.T, site *sitetest.Site) {
	day := func(days int) string { return time.Now().In(catalog.Zone()).AddDate(0, 0, days).Format(time.DateOnly) }
	caller, county := site.Token(t, "评完征集", catalog.RoleReviewer, "liaoyuan"), site.Token(t, "评完报送", catalog.RoleReviewer, "dongliao")
	call, slug, version := mutated(t, site.Handler, caller, fmt.Sprintf(
		`createCall(input: {title: "评完的征集", text: "请报送（测试）。", opensOn: %q, closesOn: %q, parts: [RESULTS], criteria: [{name: "真实"}]})`, day(-1), day(3)))
	_, _, version = mutated(t, site.Handler, caller, fmt.Sprintf(`publishCall(id: %q, version: %d)`, call, version))
	judge := done(t, site.Handler, caller, fmt.Sprintf(`nameCallReviewer(call: %q, name: "外请", until: %q)`, call, day(2)), "token")
	page := func(token, at string) string {
		t.Helper()
		return ask(t, site.Handler, token, http.MethodGet, "/calls/"+slug+at, "", "").Body.String()
	}
	for i, title := range []string{"先报的案例", "后报的案例"} {
		of, _, _ := mutated(t, site.Handler, county, fmt.Sprintf(`createCase(input: {title: %q, results: "2025年办成了第%d件。"})`, title, i))
		sent := done(t, site.Handler, county, fmt.Sprintf(`submitToCall(call: %q, case: %q)`, call, of), "record { id }")
		done(t, site.Handler, caller, fmt.Sprintf(`acceptSubmission(id: %q, version: 1)`, sent), "record { id }")
		done(t, site.Handler, judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: %d}])`, sent, 60+20*i), "record { id }")
		done(t, site.Handler, caller, fmt.Sprintf(`decideSubmission(id: %q, version: 2, decision: SELECTED)`, sent), "record { id }")
	}
	first := func(at string) bool {
		body := page(caller, at)
		return strings.Index(body, "先报的案例") < strings.Index(body, "后报的案例")
	}
	if first("") || !first("?order=sent") || first("?state=SELECTED") {
		t.Errorf("as sent: %v by default, %v as sent, %v of a state; want only the second", first(""), first("?order=sent"), first("?state=SELECTED"))
	}
	if got := page("", "/judge"); strings.Contains(got, "评审已经结束") || !strings.Contains(got, "不能评审") {
		t.Error("nobody is told more than that they may not")
	}
	done(t, site.Handler, caller, fmt.Sprintf(`publishSelection(call: %q, version: %d)`, call, version), "record { id }")
	for who, token := range map[string]string{"who judged": judge, "the caller": caller, "nobody": ""} {
		if got := page(token, "/judge"); !strings.Contains(got, "评审已经结束") || !strings.Contains(got, "/collections/") || strings.Contains(got, `name="value"`) {
			t.Errorf("%s is not told that it is over", who)
		}
	}
}

// bringIn writes a record as an import does.
func bringIn(t *testing.T, site *sitetest.Site, in catalog.Input) {
	t.Helper()
	w, err := site.Store.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	written, err := w.Put(t.Context(), []catalog.Input{in})
	if err == nil {
		err = written[0].Err
	}
	if err == nil {
		err = w.Commit(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// madeUpIsMarked looks at a made-up submission and at another: by whoever sees them,
// blind or not, before the selection is published and after.
func madeUpIsMarked(t *testing.T, site *sitetest.Site) {
	day := func(days int) string { return time.Now().In(catalog.Zone()).AddDate(0, 0, days).Format(time.DateOnly) }
	caller, county := site.Token(t, "合成征集", catalog.RoleReviewer, "liaoyuan"), site.Token(t, "合成报送", catalog.RoleReviewer, "dongliao")
	mark := `>` + catalog.OriginSynthetic.Label() + `<`
	for _, blind := range []bool{true, false} {
		madeUp, written := fmt.Sprintf("机器编的案例%v", blind), fmt.Sprintf("人写的案例%v", blind)
		slug := fmt.Sprintf("made-up-%v", blind)
		bringIn(t, site, &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: slug, Origin: catalog.OriginSynthetic, Status: catalog.StatusDraft}, Title: madeUp, Committee: "dongliao", Results: "2025年办成了。"})
		mutated(t, site.Handler, county, fmt.Sprintf(`createCase(input: {slug: %q, title: %q, results: "2025年也办成了。"})`, "written-"+slug, written))
		call, at, version := mutated(t, site.Handler, caller, fmt.Sprintf(
			`createCall(input: {title: "合成的征集%v", text: "请报送（测试）。", opensOn: %q, closesOn: %q, parts: [RESULTS], blind: %v, criteria: [{name: "真实"}]})`, blind, day(-1), day(3), blind))
		_, _, version = mutated(t, site.Handler, caller, fmt.Sprintf(`publishCall(id: %q, version: %d)`, call, version))
		judge := done(t, site.Handler, caller, fmt.Sprintf(`nameCallReviewer(call: %q, name: "外请", until: %q)`, call, day(2)), "token")
		cases, err := site.Store.CasesBySlug(catalog.WithViewer(t.Context(), &catalog.Viewer{Role: catalog.RoleAdmin}), []string{slug, "written-" + slug})
		if err != nil {
			t.Fatal(err)
		}
		for _, of := range []string{slug, "written-" + slug} {
			sent := done(t, site.Handler, county, fmt.Sprintf(`submitToCall(call: %q, case: %q)`, call, cases[of].GlobalID()), "record { id }")
			done(t, site.Handler, caller, fmt.Sprintf(`acceptSubmission(id: %q, version: 1)`, sent), "record { id }")
			done(t, site.Handler, caller, fmt.Sprintf(`decideSubmission(id: %q, version: 2, decision: SELECTED)`, sent), "record { id }")
		}
		page := func(token, target string) string {
			t.Helper()
			w := ask(t, site.Handler, token, http.MethodGet, target, "", "")
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d", target, w.Code)
			}
			return w.Body.String()
		}
		// The first is the made-up one, the second is not.
		for n, want := range []bool{true, false} {
			if got := strings.Contains(page(judge, fmt.Sprintf("/calls/%s/judge?n=%d", at, n+1)), mark); got != want {
				t.Errorf("blind %v: the reviewer's page %d is marked: %v, want %v", blind, n+1, got, want)
			}
		}
		listed := func(who, token string) {
			t.Helper()
			for _, row := range strings.Split(page(token, "/calls/"+at), "<tr>")[1:] {
				row, _, _ = strings.Cut(row, "</tr>")
				if !strings.Contains(row, madeUp) && !strings.Contains(row, written) {
					continue
				}
				if got, want := strings.Contains(row, mark), strings.Contains(row, madeUp); got != want {
					t.Errorf("blind %v: to %s %.80q is marked: %v, want %v", blind, who, row, got, want)
				}
			}
		}
		listed("the caller", caller)
		listed("the county", county)
		listed("the reviewer", judge)
		done(t, site.Handler, caller, fmt.Sprintf(`publishSelection(call: %q, version: %d)`, call, version), "record { id }")
		listed("nobody", "")
		if got := page("", "/collections/"+at); strings.Count(got, mark) != 1 {
			t.Errorf("blind %v: the book's page has the mark %d times, want once", blind, strings.Count(got, mark))
		}
	}
}

// headingsCount has the page of a call count what its heading names: of a published
// call what was selected, and beside it what a committee sees of its own alone.
func headingsCount(t *testing.T, site *sitetest.Site) {
	day := func(days int) string { return time.Now().In(catalog.Zone()).AddDate(0, 0, days).Format(time.DateOnly) }
	caller := site.Token(t, "标题征集", catalog.RoleReviewer, "liaoyuan")
	counties := map[string]string{"dongliao": site.Token(t, "标题报送", catalog.RoleReviewer, "dongliao"), "dongfeng": site.Token(t, "标题邻县", catalog.RoleReviewer, "dongfeng")}
	call, slug, version := mutated(t, site.Handler, caller, fmt.Sprintf(
		`createCall(input: {title: "标题的征集", text: "请报送（测试）。", opensOn: %q, closesOn: %q, parts: [RESULTS]})`, day(-1), day(3)))
	_, _, version = mutated(t, site.Handler, caller, fmt.Sprintf(`publishCall(id: %q, version: %d)`, call, version))
	for _, one := range []struct{ county, decision string }{{"dongliao", "SELECTED"}, {"dongliao", "NOT_SELECTED"}, {"dongliao", ""}, {"dongfeng", "SELECTED"}} {
		of, _, _ := mutated(t, site.Handler, counties[one.county], fmt.Sprintf(`createCase(input: {title: "标题案例%s%s", results: "2025年办成了。"})`, one.county, one.decision))
		sent := done(t, site.Handler, counties[one.county], fmt.Sprintf(`submitToCall(call: %q, case: %q)`, call, of), "record { id }")
		if one.decision == "" {
			done(t, site.Handler, counties[one.county], fmt.Sprintf(`withdrawSubmission(id: %q, version: 1)`, sent), "record { id }")
			continue
		}
		done(t, site.Handler, caller, fmt.Sprintf(`acceptSubmission(id: %q, version: 1)`, sent), "record { id }")
		done(t, site.Handler, caller, fmt.Sprintf(`decideSubmission(id: %q, version: 2, decision: %s)`, sent, one.decision), "record { id }")
	}
	look := func(who, token, at, heading, beside string) {
		t.Helper()
		body := ask(t, site.Handler, token, http.MethodGet, "/calls/"+slug+at, "", "").Body.String()
		_, section, found := strings.Cut(body, `<section id="submissions">`)
		section, _, _ = strings.Cut(section, `</h2>`)
		if got := strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(section, "<h2>"), `<span class="count">`, ""), "</span>", ""); found != (heading != "") || got != heading {
			t.Errorf("%s%s: the heading is %q, want %q", who, at, got, heading)
		}
		if has := strings.Contains(body, "本会没有入选的报送"); has != (beside != "") || !strings.Contains(body, beside) {
			t.Errorf("%s%s: what was not selected is counted: %v, want %q", who, at, has, beside)
		}
	}
	look("the caller", caller, "", "报送 4", "")
	look("dongliao", counties["dongliao"], "", "本会的报送 3", "")
	look("nobody", "", "", "", "")
	done(t, site.Handler, caller, fmt.Sprintf(`publishSelection(call: %q, version: %d)`, call, version), "record { id }")
	look("the caller", caller, "", "报送 4", "")
	look("the caller", caller, "?state=SELECTED", "报送 2", "")
	look("dongliao", counties["dongliao"], "", "入选 2", "本会没有入选的报送 2 个")
	look("dongliao", counties["dongliao"], "?state=NOT_SELECTED", "未入选 1", "")
	look("dongliao", counties["dongliao"], "?state=NONE", "入选 2", "本会没有入选的报送 2 个")
	look("dongfeng", counties["dongfeng"], "", "入选 2", "")
	look("nobody", "", "", "入选 2", "")
}

package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/web"
)

// describedIn returns what a page says of its record in JSON-LD.
func describedIn(t *testing.T, h http.Handler, target string) map[string]any {
	t.Helper()
	for _, n := range all(page(t, h, target), "script") {
		if attribute(n, "type") == "application/ld+json" {
			var said map[string]any
			if err := json.Unmarshal([]byte(textOf(n)), &said); err != nil {
				t.Fatalf("%s: %v in %s", target, err, textOf(n))
			}
			return said
		}
	}
	return nil
}

func TestRecordsAreDescribedInTheWordsOfSchemaOrg(t *testing.T) {
	h, _ := open(t)
	spoilt := web.Handler(web.Options{Query: sitetest.Changed(h, sitetest.Spoil)})
	for target, kind := range map[string]string{
		"/cases/siping-haodi-zhong-haoliang": "Article", "/brands/jisi-guangyi": "Brand", "/proposals/hunchun-haiyang-jingji-shifanqu": "Article",
		"/practices/dang-de-lingdao": "Article", "/sources/jilin-zhengxie-shida-tese-liangdian": "DigitalDocument",
		"/committees/jilin": "GovernmentOrganization", "/reports/renmin-zhengxie-bao-2021-11-24-timing": "Comment",
	} {
		said := describedIn(t, h, target)
		if said["@context"] != "https://schema.org" || said["@type"] != kind || said["@id"] != target || said["author"] != nil {
			t.Errorf("%s: %v", target, said)
		}
		if name, _ := said["headline"].(string); name == "" && said["name"] == nil {
			t.Errorf("%s has no title: %v", target, said)
		}
		if said := describedIn(t, spoilt, target); said["@type"] != kind || !strings.Contains(fmt.Sprint(said["headline"], said["name"]), "<script>") {
			t.Errorf("%s with hostile texts: %v", target, said)
		}
	}
	if said := describedIn(t, h, "/committees/changchun"); said["parentOrganization"] == nil || said["isPartOf"] != nil {
		t.Errorf("a committee: %v", said)
	}
	said := describedIn(t, h, "/reports/renmin-zhengxie-bao-2021-11-24-timing")
	about, _ := said["about"].(map[string]any)
	on, _ := said["isBasedOn"].(map[string]any)
	if about["@id"] != "/proposals/hunchun-haiyang-jingji-shifanqu" || on["datePublished"] != "2021-11-24" || said["creativeWorkStatus"] != "未经核实" || said["url"] != nil {
		t.Errorf("a report is described as something else than a statement of ours that is based on a page: %v", said)
	}
	if said := describedIn(t, h, "/topics/minsheng"); said != nil {
		t.Errorf("a topic: %v", said)
	}
}

func TestATopicWithoutACaseNamesThePracticesThatSpeakOfIt(t *testing.T) {
	site := sitetest.Open(t)
	if body := get(t, site.Handler, "/topics/minzhu-jiandu").Body.String(); strings.Contains(body, "还没有收录这个议题的案例") {
		t.Errorf("the topic has a case: %s", body)
	}
	body := get(t, site.Handler, "/topics/quanmin-jianshen").Body.String()
	if !strings.Contains(body, "还没有收录这个议题的案例") || !strings.Contains(body, `<a href="/practices/dang-de-lingdao">`) {
		t.Errorf("the practice that names 全民健身 is not named: %s", body)
	}
	if body := get(t, site.Handler, "/regions/220381").Body.String(); !strings.Contains(body, "代码 220184（2023 年）") {
		t.Errorf("a former code does not lead on, or the code does not name its year: %s", body)
	}
}

func TestAWithdrawnRecordLeavesATombstone(t *testing.T) {
	site := sitetest.Open(t)
	for _, status := range []catalog.Status{catalog.StatusPublished, catalog.StatusArchived} {
		w, err := site.Store.Begin(t.Context(), catalog.Actor{Name: "test"})
		if err != nil {
			t.Fatal(err)
		}
		written, err := w.Put(t.Context(), []catalog.Input{
			&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "withdrawn", Status: status}, Title: "撤回的<b>案例", Background: "不再公开的文字"},
			&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "never", Status: catalog.StatusDraft}, Title: "从未公开"},
			&catalog.ReportInput{
				InputMeta: catalog.InputMeta{Slug: "withdrawn", Status: status}, ReportedRecord: catalog.ReportedRecord{Brand: "jisi-guangyi"},
				Relation: catalog.ReportAdds, Statement: "不再公开的转述", Title: "撤回的报道", URL: "https://example.org/page",
			},
			&catalog.NeedInput{InputMeta: catalog.InputMeta{Slug: "withdrawn", Status: status}, Problem: "撤回的难题", Committee: "changchun"},
			&catalog.PracticeInput{InputMeta: catalog.InputMeta{Slug: "withdrawn", Status: status}, Title: "撤回的做法", Text: "不再公开的做法", Committee: "changchun"},
			&catalog.PersonInput{InputMeta: catalog.InputMeta{Slug: "withdrawn", Status: status}, Name: "撤回的人"},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range written {
			if one.Err != nil {
				t.Fatal(one.Err)
			}
		}
		if err := w.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got := get(t, site.Handler, "/cases/withdrawn")
	body := got.Body.String()
	if got.Code != http.StatusGone || !strings.Contains(body, "撤回的&lt;b&gt;案例") || !strings.Contains(body, "[EB/OL]") || strings.Contains(body, "不再公开的文字") {
		t.Errorf("status %d: %s", got.Code, body)
	}
	for path, title := range map[string]string{"/reports/withdrawn": "撤回的报道", "/needs/withdrawn": "撤回的难题", "/practices/withdrawn": "撤回的做法", "/persons/withdrawn": "撤回的人"} {
		got := get(t, site.Handler, path)
		if body := got.Body.String(); got.Code != http.StatusGone || !strings.Contains(body, title) || strings.Contains(body, "不再公开") {
			t.Errorf("%s: status %d: %s", path, got.Code, body)
		}
	}
	for _, path := range []string{"/reports/none", "/committees/none", "/sources/none", "/topics/none", "/withdrawn/cases/none"} {
		if got := get(t, site.Handler, path); got.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, got.Code)
		}
	}
	got = get(t, site.Handler, "/cases/heitudi-baohu")
	if body := got.Body.String(); got.Code != http.StatusGone || !strings.Contains(body, `<a href="/brands/jisi-guangyi">吉思广益</a>`) || strings.Contains(body, "培育了一批典型案例") {
		t.Errorf("what the first edition gave out does not lead on: %d %s", got.Code, body)
	}
	if got := get(t, site.Handler, "/cases/never"); got.Code != http.StatusNotFound {
		t.Errorf("a draft: status %d, want 404", got.Code)
	}
}

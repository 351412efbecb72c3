package browser

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// importing brings files in without scripts: first a look at what would change,
// then the change, then the same file with a change in it.
func importing(s *stage, t *testing.T) {
	b := s.signedIn(t, "导入的编辑", catalog.RoleEditor, "baishan")
	b.visit("/write/import", 200)
	accessible(b, "/write/import")
	b.withoutScripts()
	const title = "测试：导入的案例"
	drop(b, "标题,摘要,年份,不认识的列\n"+title+",原来的摘要。,2024,x\n"+hostileCell+",<b>摘要</b>,2024,\n测试：写错的一行,,去年,\n")
	if got := b.text("main"); !strings.Contains(got, "共读到 3 条记录") || !strings.Contains(got, "没有写入任何内容") {
		t.Errorf("the preview says %q", got)
	}
	if got := b.text("#record-2"); !strings.Contains(got, "案例.csv") || !strings.Contains(got, "第 4 行") || !strings.Contains(got, "年份") {
		t.Errorf("what cannot come in is told by %q", got)
	}
	if got := b.text("main"); !strings.Contains(got, "“不认识的列”") {
		t.Errorf("what was left out is told by %q", got)
	}
	if got := b.text("main .plainlist"); !strings.Contains(got, "<script>alert(1)</script>") {
		t.Errorf("a hostile title is shown as %q", got)
	}
	b.visit("/write", 200)
	if got := b.text("main"); strings.Contains(got, title) {
		t.Error("a preview has written something")
	}

	drop(b, "标题,摘要,背景,做法\n"+title+",写错的摘要。,其实是做法。,\n测试：不要的案例,不要。,,\n\"测试\"：坏的一行,,,\n合计,,,\n")
	b.replace("#f-r-0-startedOn", "那年夏天")
	b.replace("select[name='to.0.background']", "approach")
	b.click("input[name='drop.1']")
	b.follow("form[action$='/confirm'] button")
	if got := b.text("#errors"); !strings.Contains(got, "没有导入") || !strings.Contains(got, "开始日期") {
		t.Errorf("a date that cannot be read is told by %q", got)
	}
	if got := eval[string](b, `document.querySelector('#f-r-0-startedOn').value + '|' + document.querySelector('#f-r-0-approach').value + '|' + document.querySelector("input[name='drop.1']").checked`); got != "那年夏天|其实是做法。|true" {
		t.Errorf("shown again is %q", got)
	}
	b.replace("#f-r-0-startedOn", "2024")
	b.replace("#f-r-0-summary", "原来的摘要。")
	b.follow("form[action$='/confirm'] button")
	if got := b.text("main"); !strings.Contains(got, "新增 1 个") || !strings.Contains(got, "引号之后还有文字") || b.text(".state .bad dd") != "1" {
		t.Errorf("the result says %q", got)
	}
	if got := eval[string](b, `[...document.querySelectorAll('details.leftout')].map(d => d.open + d.textContent).join()`); !strings.Contains(got, "false") || !strings.Contains(got, "合计行，没有导入") {
		t.Errorf("the result repeats the notes as %q", got)
	}
	b.follow("main .plainlist a")
	if got := b.text("h1") + b.text(".draftbar"); !strings.Contains(got, title) || !strings.Contains(got, "草稿") {
		t.Errorf("the imported case says %q", got)
	}

	drop(b, "标题,摘要,做法,开始日期\n"+title+",改过的摘要。,其实是做法。,2024\n")
	if got := b.text(".changes"); !strings.Contains(got, "摘要") || b.text(".changes del") != "原来" || b.text(".changes ins") != "改过" {
		t.Errorf("the difference is shown as %q", got)
	}
	accessibleWithScripts(s, t, "标题,摘要,做法,开始日期\n"+title+",改过的摘要。,其实是做法。,去年\n")
	b.follow("form[action$='/confirm'] button")
	drop(b, "标题,摘要,做法,开始日期\n"+title+",改过的摘要。,其实是做法。,2024\n")
	if got := b.text("main"); !strings.Contains(got, "没有可以写入的内容") || b.count("form[action$='/confirm']") != 0 {
		t.Errorf("the same file again is told by %q", got)
	}
	b.visit("/write/import", 200)
	if file := fetch(b, eval[string](b, `document.querySelector('a[href$="template.xlsx"]').href`)); !strings.HasPrefix(file, "PK") {
		t.Errorf("the template begins with %.20q", file)
	}
}

// hostileCell is a title that tries to run, as a cell of a CSV.
const hostileCell = `"<script>alert(1)</script>""><img src=x onerror=alert(1)>"`

// drop goes to the page of imports and sends a CSV.
func drop(b *tab, content string) {
	b.t.Helper()
	b.visit("/write/import", 200)
	ctx, cancel := b.within()
	defer cancel()
	if err := Drop(ctx, "案例.csv", content); err != nil {
		b.t.Fatal(err)
	}
}

// accessibleWithScripts has axe-core look at a preview, which needs scripts.
func accessibleWithScripts(s *stage, t *testing.T, content string) {
	b := s.signedIn(t, "看预览的编辑", catalog.RoleEditor, "baishan")
	drop(b, content+"测试：另一个案例,,2024\n")
	accessible(b, "the preview of an import")
}

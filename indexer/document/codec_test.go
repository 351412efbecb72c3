package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"

	"github.com/jisiguangyi/jisi/internal/wordstest"
)

func TestADocumentIsReadAsItWasWritten(t *testing.T) {
	text := rapid.String()
	texts := rapid.SliceOfN(text, 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		d := &catalog.Document{
			ID: catalog.ID(rapid.Int64().Draw(t, "id")), Kind: catalog.KindCase, Slug: text.Draw(t, "slug"), Version: 3,
			Title: text.Draw(t, "title"), AlternativeTitles: texts.Draw(t, "alternatives"),
			Names: catalog.DocumentNames{Committee: texts.Draw(t, "committee"), Topics: texts.Draw(t, "topics")},
			Level: catalog.LevelCounty, Region: "220104", Regions: texts.Draw(t, "regions"), Year: rapid.Int().Draw(t, "year"),
			Steps: []catalog.StepCode{"PLAN_INQUIRY"}, AdoptionCount: 2, PossiblySameAs: []catalog.ID{7, -1},
		}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			d.Fields = append(d.Fields, catalog.DocumentField{Name: text.Draw(t, "name"), Text: text.Draw(t, "text")})
			if rapid.Bool().Draw(t, "part") {
				f := &d.Fields[len(d.Fields)-1]
				f.Start = rapid.IntRange(1, 1<<30).Draw(t, "start")
				if rapid.Bool().Draw(t, "article") {
					f.Section = &catalog.Section{Title: text.Draw(t, "article's title"), Start: f.Start, End: f.Start + 5}
				}
			}
		}
		written := Stored{d, ReadableTexts(wordstest.Load(), d)}
		b := Encode(written)
		got, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(written, got, cmpopts.EquateEmpty(), cmp.AllowUnexported(Stored{})); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
		texts := Texts(d)[:OwnCount(d)]
		own, err := DecodeOwn(string(b), nil)
		if err != nil || len(own) != len(texts) {
			t.Fatalf("%d own texts, %v; want %d", len(own), err, len(texts))
		}
		for i, o := range own {
			if want := (OwnText{texts[i].Name, texts[i].Text, written.Readable[i]}); o != want {
				t.Fatalf("own text %d is %+v, want %+v", i, o, want)
			}
		}
		if _, err := Decode(b[:rapid.IntRange(0, len(b)-1).Draw(t, "cut")]); err == nil {
			t.Fatal("a document that was cut short is read without an error")
		}
	})
}

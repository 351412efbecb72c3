package indexer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// formatVersion is part of the fingerprint. What is written for a document is in
// there by itself, see specimen; count this up when what is written around
// documents changes its form, or the meaning of what stays the same to the byte.
const formatVersion = 3

// fingerprint names what the index's content hangs on besides the documents: an
// index with another one is built anew. It is derived from what this code, with
// these dictionaries, writes for a specimen, so that no change of folding,
// cutting, spelling, keys or the stored form goes unnoticed.
func (x *Index) fingerprint() string {
	return fmt.Sprintf("%d-%s-%s", formatVersion, x.words.Print, x.form())
}

// specimenForm is the fingerprint of what is written for the specimen.
func specimenForm(w *Words) string {
	h := sha256.New()
	newRecord(w, specimen()).writeTo(h)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// writeTo writes all that the record brings into the index, in one order.
func (r *record) writeTo(h hash.Hash) {
	for i, f := range fields[1:] {
		v := &r.values[i+1]
		counts := v.Counts()
		if len(counts) == 0 && v.Stored == nil {
			continue
		}
		length := 0
		if len(counts) > 0 {
			length = 1
		}
		fmt.Fprintf(h, "%q %d %d %q\n", f.Name, f.Options, length, v.Stored)
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(h, "%q %d\n", name, counts[name])
		}
	}
}

// specimen is a document with something in each of its parts, in all the ways of
// writing that are told apart: both scripts, widths, letters, digits, marks,
// characters in parts and bytes that are none. It is made up.
func specimen() *catalog.Document {
	d := &catalog.Document{
		ID: 220000, Kind: catalog.KindCase, Slug: "specimen", Version: 3,
		Title: "“三点半”课后服务：协商ＢＴＸ體系", AlternativeTitles: []string{"小学生下午三点半课后怎么办", "重慶長春朝陽"},
		Level: catalog.LevelCounty, Region: "220104", Regions: []string{"220104", "220100", "220000"},
		Topics: []string{"education", "livelihood"}, OwnTopics: []string{"education"},
		Committee: "specimen-committee", Brands: []string{"specimen-brand"},
		Year: 2021, Date: 20210708, Origin: catalog.OriginSynthetic,
		Steps: []catalog.StepCode{"ASK_PRIORITY", "OUTCOME_EFFECT"}, AdoptionCount: 2, PossiblySameAs: []catalog.ID{7},
	}
	d.Names = catalog.DocumentNames{
		Committee: []string{"朝阳区政协"}, Region: []string{"朝阳区", "长春市", "吉林省"},
		Brand: []string{"谏议朝阳"}, Topics: []string{"教育", "民生"},
	}
	d.Fields = []catalog.DocumentField{
		{Name: "background", Text: "乾坤與乾燥，1,000户；皇后與以後；怎么瞭解？e\u0301té\u200b 2021年①〇㐀\U00020000 a-b\n下一段。"},
		{Name: "text", Start: 2, Section: &catalog.Section{Title: "篇章", Start: 2, End: 9}, Text: "篇章一二三四。"},
		{Name: "approach", Text: "两问三要三明确，“共识+发展”。\xff\x00吉思广益 jisi 吉思廣益的老旧小区改造，的的的。"},
	}
	return d
}

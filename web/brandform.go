package web

import (
	"net/url"

	"github.com/jisiguangyi/jisi/catalog"
)

// brandNoun is how brands are written.
var brandNoun = noun{
	path: "brands", root: "brand", kind: catalog.KindBrand, name: "name",
	groups: brandGroups, values: brandValues, input: brandInput,
	start: func(values url.Values, committee map[string]any) { values.Set("committee", text(committee["slug"])) },
}

func brandGroups(url.Values) []fieldGroup {
	groups := []fieldGroup{{Title: "基本情况", Fields: []field{
		fieldAt(catalog.KindBrand, "name", "例如：谏议朝阳", 0),
		fieldAt(catalog.KindBrand, "description", "什么时候创建、怎样协商、有什么特色", 8),
		fieldAt(catalog.KindBrand, "committee", "", 0),
		fieldAt(catalog.KindBrand, "region", "不选则为所选政协所在地", 0),
		fieldAt(catalog.KindBrand, "parent", "由哪个品牌统领；没有就不选", 0),
		fieldAt(catalog.KindBrand, "alternativeNames", "一行一个", 2),
	}}}
	groups[0].Fields = append(groups[0].Fields, restOf(catalog.KindBrand, groups)...)
	return groups
}

func brandValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.plain(record, catalog.KindBrand)
	s.set("committee", object(record["committee"])["slug"])
	s.set("region", object(record["region"])["code"])
	s.set("parent", object(record["parent"])["slug"])
	s.set("alternativeNames", join(record["alternativeNames"], "\n"))
	return s.values
}

func brandInput(values url.Values, record map[string]any) written {
	w := newWritten(record)
	w.called(values, "name")
	w.plain(values, catalog.KindBrand)
	w.texts(values, "", w.input, "committee", "region", "parent")
	w.input["alternativeNames"] = anyList(linesOf(values.Get("alternativeNames")))
	return w
}

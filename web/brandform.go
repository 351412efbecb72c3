package web

import "net/url"

// brandNoun is how brands are written.
var brandNoun = noun{
	path: "brands", root: "brand", label: "协商品牌", name: "name",
	groups: brandGroups, values: brandValues, input: brandInput,
	start: func(values url.Values, committee map[string]any) { values.Set("committee", text(committee["slug"])) },
}

func brandGroups(url.Values) []fieldGroup {
	return []fieldGroup{{Title: "基本情况", Fields: []field{
		lineField("name", "名称", "例如：谏议朝阳"),
		textField("description", "简介", "什么时候创建、怎样协商、有什么特色", 8),
		selectField("committee", "所属政协", ""),
		selectField("region", "地区", "不选则为所属政协所在地"),
		selectField("parent", "上级品牌", "由哪个品牌统领；没有就不选"),
		textField("alternativeNames", "其他名称", "一行一个", 2),
	}}}
}

func brandValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.fields(record, "name", "description")
	s.set("committee", object(record["committee"])["slug"])
	s.set("region", object(record["region"])["code"])
	s.set("parent", object(record["parent"])["slug"])
	s.set("alternativeNames", join(record["alternativeNames"], "\n"))
	return s.values
}

func brandInput(values url.Values, record map[string]any) written {
	w := newWritten(record)
	w.called(values, "name")
	w.texts(values, "", w.input, "description", "committee", "region", "parent")
	w.input["alternativeNames"] = anyList(linesOf(values.Get("alternativeNames")))
	return w
}

package web

import (
	"github.com/jisiguangyi/jisi/catalog"
	citation "github.com/jisiguangyi/jisi/catalog/cite"
)

// describe returns a page's record in the words of schema.org, as JSON-LD for
// search engines and libraries; nil for a page of no such record. It stands in
// the page as a block of data, which the content security policy has nothing
// against: no browser runs it. It says what the page says, and leaves out what
// the record does not.
func describe(p page, v *view) map[string]any {
	record := object(v.Data[p.record])
	if record == nil {
		return nil
	}
	switch p.record {
	case "case", "proposal", "practice":
		return describeText(p, record)
	case "brand":
		return described("Brand", "/brands/", record, map[string]any{"name": record["name"], "description": record["description"]})
	case "source":
		return described("DigitalDocument", "/sources/", record, map[string]any{
			"name": record["title"], "datePublished": record["publishedOn"], "publisher": named("Organization", record["publisher"]), "sameAs": safeLink(record["url"]),
		})
	case "release":
		return describeRelease(record)
	case "committee":
		out := described("GovernmentOrganization", "/committees/", record, map[string]any{
			"name": record["name"], "alternateName": someOf(record["alternativeNames"]), "areaServed": named("AdministrativeArea", object(record["region"])["name"]),
			"parentOrganization": located("GovernmentOrganization", "/committees/", record["parent"]),
		})
		delete(out, "isPartOf") // of a work, and it is the committee that is described
		delete(out, "inLanguage")
		return out
	case "report":
		return describeReport(record)
	}
	return nil
}

// safeLink returns an address that may be linked to, nil for any other.
func safeLink(v any) any {
	if safe := safeURL(v); safe != "" {
		return safe
	}
	return nil
}

// describeText describes a record that is a text.
func describeText(p page, record map[string]any) map[string]any {
	about := []any{}
	for _, t := range list(record["topics"]) {
		about = append(about, named("DefinedTerm", object(t)["name"]))
	}
	fields := map[string]any{
		"headline": record["title"], "abstract": record["summary"], "temporalCoverage": first(record["startedOn"], record["year"]),
		"contentLocation": named("AdministrativeArea", object(record["region"])["name"]), "about": nil,
	}
	if len(about) > 0 {
		fields["about"] = about
	}
	if record["origin"] == string(catalog.OriginContributed) {
		fields["author"] = named("GovernmentOrganization", object(record["committee"])["name"])
	}
	return described("Article", catalog.KindNamed(p.record).Folder(), record, fields)
}

// describeReport describes what is kept of a public page: a statement in our words, about
// a record, based on the page. The page's own title, publisher and day are those of what it
// is based on, so that nobody takes the statement for the page.
func describeReport(record map[string]any) map[string]any {
	on := map[string]any{"@type": "Article", "headline": record["title"], "url": safeLink(record["url"]), "datePublished": record["publishedOn"], "publisher": named("Organization", record["publisher"])}
	for name, value := range on {
		if value == nil {
			delete(on, name)
		}
	}
	fields := map[string]any{"name": "公开报道：" + text(record["title"]), "text": record["statement"], "isBasedOn": on}
	if of := object(record["record"]); of != nil {
		if at, err := recordURL(of["__typename"], of["slug"]); err == nil {
			fields["about"] = map[string]any{"@type": "Thing", "@id": at, "name": of["called"]}
		}
	}
	if record["checkedOn"] == nil {
		fields["creativeWorkStatus"] = "未经核实"
	}
	return described("Comment", "/reports/", record, fields)
}

// someOf returns a list, nil for an empty one.
func someOf(v any) any {
	if l := list(v); len(l) > 0 {
		return l
	}
	return nil
}

// located names a record with its address, nil for none.
func located(kind, folder string, v any) any {
	record := object(v)
	if record == nil {
		return nil
	}
	return map[string]any{"@type": kind, "@id": folder + text(record["slug"]), "name": record["name"]}
}

func describeRelease(record map[string]any) map[string]any {
	address, _ := record["name"].(string)
	files := []any{}
	for _, f := range list(record["files"]) {
		file := object(f)
		files = append(files, map[string]any{
			"@type": "DataDownload", "name": file["name"], "contentUrl": file["url"], "contentSize": file["bytes"], "sha256": file["sha256"],
		})
	}
	return map[string]any{
		"@context": "https://schema.org", "@type": "Dataset", "@id": "/releases/" + address + "/", "name": "吉思广益研究数据 " + address,
		"description": record["gbt7714"], "version": address, "dateModified": record["asOf"], "distribution": files,
	}
}

// described puts the fields of a record together, without those that say
// nothing.
func described(kind, folder string, record, fields map[string]any) map[string]any {
	slug, _ := record["slug"].(string)
	out := map[string]any{
		"@context": "https://schema.org", "@type": kind, "@id": folder + slug, "identifier": slug, "inLanguage": "zh-CN",
		"isPartOf": map[string]any{"@type": "Dataset", "name": citation.Title},
	}
	if record["origin"] == string(catalog.OriginSynthetic) {
		out["creativeWorkStatus"] = "合成数据"
	}
	for name, value := range fields {
		if value != nil && value != "" {
			out[name] = value
		}
	}
	return out
}

func named(kind string, name any) any {
	if name == nil || name == "" {
		return nil
	}
	return map[string]any{"@type": kind, "name": name}
}

func first(values ...any) any {
	for _, v := range values {
		if v != nil && v != "" {
			return v
		}
	}
	return nil
}

package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

// The files that tell repositories what a release is. None of them has a DOI, which
// a repository gives.
const (
	fileDataCite  = "metadata/datacite.json"
	fileSchemaOrg = "metadata/schema.org.jsonld"
	fileInvenio   = "metadata/invenio-rdm.json"
	fileZenodo    = "metadata/zenodo.json"
)

// object is a JSON object; its keys are written in the order of the alphabet.
type object = map[string]any

// writeMetadata writes the release's description as repositories take it: DataCite's
// metadata schema 4.6, schema.org's Dataset, InvenioRDM's record and Zenodo's
// deposit. They follow the documentation of each; what it does not know, such as a
// licence that nobody stated, is left out.
func (w *writer) writeMetadata() error {
	ref, err := cite.Release(w.o.Address, &catalog.Release{Name: w.o.Name, AsOf: w.asOf, Synthetic: w.o.Synthetic}, time.Time{})
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name    string
		content object
	}{
		{fileDataCite, w.dataCite(ref)}, {fileSchemaOrg, w.schemaOrg(ref)}, {fileInvenio, w.invenio(ref)}, {fileZenodo, w.zenodo(ref)},
	} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(f.content); err != nil {
			return err
		}
		if err := w.put(f.name, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// day is the day of the last change that is in the release, "" of an empty one.
func (w *writer) day() string { return string(catalog.DayOf(w.asOf)) }

func (w *writer) description() string {
	text := fmt.Sprintf("%s的全部 %d 条已发布记录，最后更改于 %s：JSON Lines、CSV、Parquet，附字段手册和校验和。", cite.Title, len(w.index), w.day())
	if w.o.Synthetic {
		text += "含合成数据。"
	}
	return text
}

// without takes out what is empty.
func without(o object) object {
	for name, value := range o {
		if value == "" || value == nil {
			delete(o, name)
		}
	}
	return o
}

func (w *writer) dataCite(ref cite.Reference) object {
	o := without(object{
		"schemaVersion": "http://datacite.org/schema/kernel-4",
		"types":         object{"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
		"creators":      []object{{"name": cite.Title, "nameType": "Organizational"}},
		"titles":        []object{{"title": ref.Name(), "lang": "zh"}},
		"publisher":     object{"name": cite.Title},
		"language":      "zh", "version": w.o.Name, "url": ref.URL,
		"descriptions": []object{{"description": w.description(), "descriptionType": "Abstract", "lang": "zh"}},
		"formats":      []string{"application/x-ndjson", "text/csv", "application/vnd.apache.parquet"},
	})
	if day := w.day(); day != "" {
		o["publicationYear"], _ = strconv.Atoi(day[:4])
		o["dates"] = []object{{"date": day, "dateType": "Updated"}}
	}
	if w.o.Licence != "" {
		o["rightsList"] = []object{{"rights": w.o.Licence}}
	}
	if w.o.Since != "" && w.o.Address != "" {
		o["relatedIdentifiers"] = []object{{
			"relatedIdentifier": w.o.Address + "/releases/" + w.o.Since + "/", "relatedIdentifierType": "URL", "relationType": "IsNewVersionOf", "resourceTypeGeneral": "Dataset",
		}}
	}
	return o
}

func (w *writer) schemaOrg(ref cite.Reference) object {
	o := without(object{
		"@context": "https://schema.org", "@type": "Dataset", "name": ref.Name(), "description": w.description(), "version": w.o.Name,
		"url": ref.URL, "inLanguage": "zh-CN", "dateModified": w.day(), "license": w.o.Licence,
		"creator": object{"@type": "Organization", "name": cite.Title},
	})
	if ref.URL == "" {
		return o
	}
	var files []object
	for _, f := range w.files {
		if dir := path.Dir(f.Name); dir == "csv" || dir == "jsonl" || dir == "parquet" {
			files = append(files, object{
				"@type": "DataDownload", "name": f.Name, "contentUrl": ref.URL + f.Name, "contentSize": strconv.FormatInt(f.Bytes, 10) + " B", "sha256": f.SHA256,
				"encodingFormat": map[string]string{"csv": "text/csv", "jsonl": "application/x-ndjson", "parquet": "application/vnd.apache.parquet"}[dir],
			})
		}
	}
	o["distribution"] = files
	return o
}

func (w *writer) invenio(ref cite.Reference) object {
	about := without(object{
		"resource_type": object{"id": "dataset"}, "title": ref.Name(), "publication_date": w.day(), "version": w.o.Name, "publisher": cite.Title,
		"creators":    []object{{"person_or_org": object{"type": "organizational", "name": cite.Title}}},
		"description": "<p>" + w.description() + "</p>",
		"languages":   []object{{"id": "zho"}},
	})
	if w.o.Licence != "" {
		about["rights"] = []object{{"title": object{"zh": w.o.Licence}}}
	}
	if ref.URL != "" {
		about["identifiers"] = []object{{"identifier": ref.URL, "scheme": "url"}}
	}
	return object{"access": object{"record": "public", "files": "public"}, "files": object{"enabled": true}, "metadata": about}
}

func (w *writer) zenodo(ref cite.Reference) object {
	about := without(object{
		"upload_type": "dataset", "title": ref.Name(), "publication_date": w.day(), "version": w.o.Name, "language": "zho",
		"creators": []object{{"name": cite.Title}}, "description": "<p>" + w.description() + "</p>",
		"notes": strings.TrimSpace(strings.Split(noLicence, "\n")[0]),
	})
	if w.o.Licence != "" {
		about["notes"] = "数据许可：" + w.o.Licence
	}
	if ref.URL != "" {
		about["related_identifiers"] = []object{{"identifier": ref.URL, "relation": "isIdenticalTo", "resource_type": "dataset"}}
	}
	return object{"metadata": about}
}

package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

// noLicence is what a release says where nobody has stated a licence: none is
// made up.
const noLicence = "未声明数据许可：使用前请征得知识库维护单位同意。\nNo licence of the data was stated: ask the keepers of the knowledge base before you use it.\n"

func (w *writer) writeLicence() error {
	text := noLicence
	if w.o.Licence != "" {
		text = "数据许可 · licence of the data: " + w.o.Licence + "\n"
	}
	return w.put(fileLicence, []byte(text+"\n制作本发布的软件 jisi 依 Apache-2.0 许可，与数据无关。\njisi, the program that made this release, is under Apache-2.0, which says nothing of the data.\n"))
}

// writeCitations writes how to cite the release, in every style.
func (w *writer) writeCitations() error {
	ref, err := cite.Release(w.o.Address, &catalog.Release{Name: w.o.Name, AsOf: w.asOf, Synthetic: w.o.Synthetic}, time.Time{})
	if err != nil {
		return err
	}
	text := map[cite.Style]string{}
	for _, style := range cite.Styles {
		if text[style], err = cite.Format(ref, style); err != nil {
			return err
		}
	}
	for _, f := range []struct{ name, content string }{
		{fileCitation, "GB/T 7714-2025\n" + text[cite.GBT7714] + "\n\nGB/T 7714-2015\n" + text[cite.GBT7714of15] + "\n\nAPA\n" + text[cite.APA] + "\n"},
		{fileBibTeX, text[cite.BibTeX]},
		{fileRIS, text[cite.RIS]},
		{fileCSL, text[cite.CSLJSON]},
		{fileCFF, w.cff(ref)},
	} {
		if err := w.put(f.name, []byte(f.content)); err != nil {
			return err
		}
	}
	return nil
}

// cff is the release as the Citation File Format 1.2.0 has it.
func (w *writer) cff(ref cite.Reference) string {
	quote := func(s string) string {
		b, err := json.Marshal(s) // a text of JSON is one of YAML
		if err != nil {
			return `""`
		}
		return string(b)
	}
	text := "cff-version: 1.2.0\nmessage: " + quote("请按此引用 · please cite it as below") + "\ntype: dataset\ntitle: " + quote(ref.Name()) +
		"\nauthors:\n  - name: " + quote(cite.Title) + "\nversion: " + quote(w.o.Name) + "\n"
	if !w.asOf.IsZero() {
		text += "date-released: " + string(catalog.DayOf(w.asOf)) + "\n"
	}
	if ref.URL != "" {
		text += "url: " + quote(ref.URL) + "\n"
	}
	return text
}

// The parts of a Frictionless Data Package (Data Package, Table Schema and CSV
// Dialect, version 1).
type (
	dataPackage struct {
		Profile     string           `json:"profile"`
		Name        string           `json:"name"`
		Title       string           `json:"title"`
		Description string           `json:"description"`
		Version     string           `json:"version"`
		Homepage    string           `json:"homepage,omitempty"`
		Licenses    []packageLicence `json:"licenses,omitempty"`
		Software    string           `json:"software"`
		Since       string           `json:"since,omitempty"`
		Resources   []resource       `json:"resources"`
	}
	packageLicence struct {
		Name string `json:"name"`
	}
	resource struct {
		Profile  string  `json:"profile"`
		Name     string  `json:"name"`
		Path     string  `json:"path"`
		Format   string  `json:"format"`
		Media    string  `json:"mediatype"`
		Encoding string  `json:"encoding,omitempty"`
		Bytes    int64   `json:"bytes"`
		Hash     string  `json:"hash"`
		Rows     *int    `json:"rows,omitempty"`
		Schema   *schema `json:"schema,omitempty"`
	}
	schema struct {
		Fields        []schemaField `json:"fields"`
		MissingValues []string      `json:"missingValues"`
		PrimaryKey    []string      `json:"primaryKey,omitempty"`
		ForeignKeys   []foreignKey  `json:"foreignKeys,omitempty"`
	}
	schemaField struct {
		Name          string `json:"name"`
		Type          string `json:"type"`
		Title         string `json:"title"`
		Description   string `json:"description"`
		DescriptionEn string `json:"description_en"`
		Source        string `json:"source"`
	}
	foreignKey struct {
		Fields    string    `json:"fields"`
		Reference reference `json:"reference"`
	}
	reference struct {
		Resource string `json:"resource"`
		Fields   string `json:"fields"`
	}
)

func (w *writer) writePackage() error {
	p := dataPackage{
		Profile: "data-package", Name: "jisi-" + w.o.Name, Title: cite.ReleaseTitle(w.o.Name), Version: w.o.Name, Homepage: w.o.Address,
		Description: fmt.Sprintf("%d records as of %s", len(w.index), instant(w.asOf)), Software: "jisi " + w.o.Software, Since: w.o.Since,
	}
	if w.o.Synthetic {
		p.Title += "（含合成数据）"
		p.Description += ", made-up ones (SYNTHETIC) among them"
	}
	if w.o.Licence != "" {
		p.Licenses = []packageLicence{{w.o.Licence}}
	}
	files := slices.Clone(w.files)
	slices.SortFunc(files, func(a, b *catalog.ReleaseFile) int { return strings.Compare(a.Name, b.Name) })
	tables := map[string]table{}
	for _, kind := range catalog.RecordKinds {
		for _, t := range tablesOf(kind) {
			tables[t.name] = t
		}
	}
	for _, f := range files {
		if r, ok := w.resource(f, tables); ok {
			p.Resources = append(p.Resources, r)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		return err
	}
	return w.put(filePackage, b.Bytes())
}

// resource describes a file of data; false for what tells of the release.
func (w *writer) resource(f *catalog.ReleaseFile, tables map[string]table) (resource, bool) {
	folder, base := path.Split(f.Name)
	name, ending, _ := strings.Cut(base, ".")
	r := resource{
		Profile: "data-resource", Name: strings.ToLower(name) + "-" + ending, Path: f.Name, Format: ending, Bytes: f.Bytes, Hash: "sha256:" + f.SHA256,
	}
	switch {
	case folder == "csv/":
		t, rows := tables[name], w.counts[name]
		r.Profile, r.Name, r.Media, r.Encoding, r.Rows = "tabular-data-resource", strings.ToLower(name), "text/csv", "utf-8", &rows
		r.Schema = schemaOf(t)
	case folder == "parquet/":
		rows := w.counts[name]
		r.Media, r.Rows = "application/vnd.apache.parquet", &rows
	case folder == "jsonl/":
		r.Media, r.Encoding = "application/x-ndjson", "utf-8"
	case base == fileIndex || base == fileChanges || base == fileCodebook:
		r.Media, r.Encoding = "text/csv", "utf-8"
	case base == fileDelta:
		r.Media, r.Encoding = "application/x-ndjson", "utf-8"
	default:
		return r, false
	}
	return r, true
}

// schemaOf describes a table's columns.
func schemaOf(t table) *schema {
	s := &schema{MissingValues: []string{""}, PrimaryKey: []string{"slug"}}
	if t.list != "" {
		s.PrimaryKey = []string{"record", "position"}
		if t.within != nil {
			s.PrimaryKey = append(s.PrimaryKey, "entry")
		}
		s.ForeignKeys = []foreignKey{{"record", reference{plurals[t.kind], "slug"}}}
	}
	for _, c := range t.columns {
		if f := fieldOf(t, c); f != nil && f.Shape == catalog.ShapeReference {
			s.ForeignKeys = append(s.ForeignKeys, foreignKey{c.name, reference{resourceOf(t, f.Kind), "slug"}})
		}
		m, from := meaningOf(t, c), sourceOf(t, c)
		s.Fields = append(s.Fields, schemaField{
			Name: c.name, Type: string(c.kind), Title: m.Zh, Description: m.Zh, DescriptionEn: m.En, Source: from.Zh + " · " + from.En,
		})
	}
	return s
}

// resourceOf names the table of a kind's records as a key of t refers to it: "" is the
// table itself.
func resourceOf(t table, kind catalog.RecordKind) string {
	if t.list == "" && t.kind == kind {
		return ""
	}
	return plurals[kind]
}

func (w *writer) writeReadme() error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", cite.ReleaseTitle(w.o.Name))
	if w.o.Synthetic {
		b.WriteString("**含合成数据（origin 为 SYNTHETIC 的记录由程序生成，不是真实案例）。Made-up records are among these: those whose origin is SYNTHETIC.**\n\n")
	}
	fmt.Fprintf(&b, "%d 条已发布的记录，最后更改于 %s（UTC）。由 jisi %s 制作。\n%d published records, of which the last changed at %s. Made by jisi %s.\n\n",
		len(w.index), instant(w.asOf), w.o.Software, len(w.index), instant(w.asOf), w.o.Software)
	b.WriteString("| 文件 · files | |\n|---|---|\n" +
		"| jsonl/ | 每类一个文件，每行一条完整的记录，可再导入 · a file a noun, a whole record a line; `jisi import` takes them |\n" +
		"| csv/, parquet/ | 平面表：每类一张，列表各一张，以 record 与 slug 相连，数据包说明里有全部外键；键所指的记录可能尚未发布 · flat tables: one a noun and one a list, joined by record and slug; the data package has all foreign keys, of which one may name a record that is not published |\n" +
		"| datapackage.json | Frictionless 数据包，含各表模式 · a Frictionless data package with the tables' schemas |\n" +
		"| codebook.csv | 每个字段的含义、类型、来源 · each field: meaning, type, source |\n" +
		"| records.csv | 全部记录及其版本、摘要值，以及到该版本为止的修订摘要（jisi verify -against） · every record with its version, its digest and that of its revisions up to then |\n")
	if w.o.Since != "" {
		fmt.Fprintf(&b, "| changes.csv | 自 %s 以来的变化 · what has changed since %s |\n", w.o.Since, w.o.Since)
		b.WriteString("| changes.jsonl | 同上，每行一条记录，逐字段列出前后内容；任意两次发布之间的差异见接口 Release.changes 和 changes-since-NAME.jsonl · the same with contents, each field before and after; between any two releases: Release.changes of the API, and changes-since-NAME.jsonl |\n")
	}
	b.WriteString("| metadata/ | 供存档库著录：datacite.json（DataCite 4.6）、schema.org.jsonld（Dataset）、invenio-rdm.json 与 zenodo.json（本文件夹连同它们可以整个存入）。按各自的文档编写，未在任何存档库试过 · for repositories; this folder with them is what a deposit takes. Written by their documentation, and untried with any repository |\n" +
		"| SHA256SUMS | `sha256sum -c SHA256SUMS` |\n" +
		"| CITATION.*, citation.* | 引用格式 · how to cite |\n| LICENSE.txt | 许可 · licence |\n\n" +
		"CSV 为 UTF-8，单元格与记录逐字相同；用电子表格打开时请按文本导入。\nThe CSV is UTF-8, each cell just what the record says: import it as text into a spreadsheet.\n")
	return w.put(fileReadme, []byte(b.String()))
}

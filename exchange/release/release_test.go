package release_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/release"
)

// memory returns records from memory.
type memory []*catalog.Released

func (m memory) Released(_ context.Context, origins []catalog.Origin, yield func(*catalog.Released) error) error {
	for _, r := range m {
		if slices.Contains(origins, r.Input.Head().Origin) {
			if err := yield(r); err != nil {
				return err
			}
		}
	}
	return nil
}

var monday = time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC)

func record(in catalog.Input, version int) *catalog.Released {
	return &catalog.Released{Input: in, Version: version, Digest: []byte{0xab, byte(version)}, CreatedAt: monday, UpdatedAt: monday.Add(time.Duration(version) * time.Hour)}
}

func few() memory {
	year, start := 2021, 4
	return memory{
		record(&catalog.SourceInput{InputMeta: catalog.InputMeta{Slug: "doc", Origin: catalog.OriginReference}, Title: "文件", Text: "第一行\n“引文”, 有逗号"}, 1),
		record(&catalog.IndicatorInput{InputMeta: catalog.InputMeta{Slug: "n", Origin: catalog.OriginDocumented}, Subject: "省", Name: "联络站", Value: 599.5, Unit: "个"}, 1),
		record(&catalog.CaseInput{
			InputMeta: catalog.InputMeta{Slug: "a", Origin: catalog.OriginDocumented, Citations: []catalog.CitationInput{
				{Source: "doc", Quote: "“引文”", Start: &start, Fields: []string{"title", "outcomes.0.effect"}},
			}},
			Title: "=甲,\"乙\"", Year: &year, StartedOn: "2021-07", Topics: []string{"t1", "t2"}, Background: "一\n二",
			Outcomes: []catalog.OutcomeInput{{Form: "建议", Status: catalog.OutcomeAdopted}},
		}, 3),
		record(&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "b", Origin: catalog.OriginContributed}, Title: "乙"}, 1),
		record(&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "made-up", Origin: catalog.OriginSynthetic}, Title: "丙"}, 1),
	}
}

func write(t *testing.T, from memory, o release.Options) (string, *catalog.Release) {
	t.Helper()
	if o.Name == "" {
		o.Name = "2026-11"
	}
	o.Software, o.Address = "v1", "https://example.org"
	dir := t.TempDir()
	r, err := release.Write(t.Context(), dir, from, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, r
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheSameRecordsMakeTheSameBytes(t *testing.T) {
	firstDir, first := write(t, few(), release.Options{})
	_, second := write(t, few(), release.Options{})
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("-first +second:\n%s", diff)
	}
	if problems, err := release.Verify(firstDir, first); err != nil || len(problems) != 0 {
		t.Errorf("%v, %v", problems, err)
	}
	changed := few()
	changed[2].Input.(*catalog.CaseInput).Lessons = "改"
	if _, other := write(t, changed, release.Options{}); cmp.Equal(first.Files, other.Files) {
		t.Error("other records make the same files")
	}
}

func TestVerifyNamesWhatIsNotAsItWas(t *testing.T) {
	dir, r := write(t, few(), release.Options{})
	b := []byte(read(t, dir, "jsonl/cases.jsonl"))
	b[10] ^= 1
	for _, err := range []error{
		os.WriteFile(filepath.Join(dir, "jsonl", "cases.jsonl"), b, 0o600),
		os.Remove(filepath.Join(dir, "README.md")),
		os.WriteFile(filepath.Join(dir, "more.txt"), nil, 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := release.Verify(dir, r)
	want := []release.Problem{{"README.md", "it is missing"}, {"jsonl/cases.jsonl", "its checksum is another"}, {"more.txt", "it is not of the release"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	if got, err := release.Verify(filepath.Join(dir, "nowhere"), r); err != nil || len(got) != 1 {
		t.Errorf("of no folder: %v, %v", got, err)
	}
}

func TestMadeUpRecordsAreLeftOutUnlessAskedFor(t *testing.T) {
	dir, r := write(t, few(), release.Options{})
	if r.Records != 4 || strings.Contains(read(t, dir, "jsonl/cases.jsonl"), "made-up") {
		t.Errorf("%d records, want 4 without the made-up one", r.Records)
	}
	dir, r = write(t, few(), release.Options{Synthetic: true})
	if r.Records != 5 || !strings.Contains(read(t, dir, "jsonl/cases.jsonl"), `"SYNTHETIC"`) {
		t.Errorf("%d records, want 5 with the made-up one", r.Records)
	}
	for _, name := range []string{"README.md", "CITATION.txt", "datapackage.json", "CITATION.cff"} {
		if !strings.Contains(read(t, dir, name), "合成数据") {
			t.Errorf("%s does not say that there are made-up records", name)
		}
	}
}

func TestVersionsAreWhatTheIndexHolds(t *testing.T) {
	dir, _ := write(t, few(), release.Options{Synthetic: true})
	got, err := release.Versions(dir, "2026-11")
	if err != nil || len(got) != 5 {
		t.Fatalf("%+v, %v; want 5", got, err)
	}
	want := catalog.ReleasedVersion{Release: "2026-11", Kind: catalog.KindCase, Slug: "a", Origin: catalog.OriginDocumented, Version: 3, Digest: "ab03"}
	if diff := cmp.Diff(want, got[2]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// An index of before there were digests of revisions.
	path := filepath.Join(dir, "records.csv")
	if err := os.WriteFile(path, []byte("kind,slug,origin,version,updatedAt,sha256\nCASE,a,DOCUMENTED,3,2026-11-02T11:30:00Z,00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want.Digest = ""
	if got, err = release.Versions(dir, "2026-11"); err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err = release.Versions(dir, "2026-11"); err == nil {
		t.Errorf("of another table: %+v", got)
	}
}

// described is what the test reads of a data package.
type described struct {
	Resources []struct {
		Name, Path, Hash string
		Bytes            int64
		Rows             *int
		Schema           *struct {
			Fields []struct{ Name, Type, Title, Source string }
			// Each is checked against the table that it leads to.
			PrimaryKey  []string
			ForeignKeys []struct {
				Fields    string
				Reference struct{ Resource, Fields string }
			}
		}
	}
}

// What frictionless validate looks at: every resource is there with its size
// and checksum, its header is the schema's, every cell is of its type, keys are
// unique and lead to rows.
func TestTheDataPackageDescribesItsFiles(t *testing.T) {
	topic := func(slug string) *catalog.Released {
		return record(&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: slug, Origin: catalog.OriginReference}, Name: slug}, 1)
	}
	dir, r := write(t, slices.Concat(few()[:1], memory{topic("t1"), topic("t2")}, few()[1:]), release.Options{Synthetic: true})
	var p described
	if err := json.Unmarshal([]byte(read(t, dir, "datapackage.json")), &p); err != nil {
		t.Fatal(err)
	}
	kept := map[string]*catalog.ReleaseFile{}
	for _, f := range r.Files {
		kept[f.Name] = f
	}
	keys, names, tables := map[string]map[string]bool{}, map[string]bool{}, map[string][][]string{}
	cells := 0
	for _, res := range p.Resources {
		if f := kept[res.Path]; f == nil || f.Bytes != res.Bytes || "sha256:"+f.SHA256 != res.Hash || names[res.Name] {
			t.Errorf("resource %s (%s) is not as kept: %+v", res.Name, res.Path, f)
		}
		names[res.Name] = true
		if res.Schema == nil {
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(read(t, dir, res.Path))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows)-1 != *res.Rows || len(rows[0]) != len(res.Schema.Fields) {
			t.Errorf("%s has %d rows of %d columns", res.Path, len(rows)-1, len(rows[0]))
		}
		at := map[string]int{}
		for i, f := range res.Schema.Fields {
			at[f.Name] = i
			if f.Name != rows[0][i] || f.Title == "" || f.Source == "" {
				t.Errorf("%s: column %d is %s, the schema says %+v", res.Path, i, rows[0][i], f)
			}
			for _, row := range rows[1:] {
				cells++
				if !isOf(f.Type, row[i]) {
					t.Errorf("%s: %q is no %s", res.Path, row[i], f.Type)
				}
			}
		}
		tables[res.Name], keys[res.Name] = rows, map[string]bool{}
		for _, row := range rows[1:] {
			key := ""
			for _, k := range res.Schema.PrimaryKey {
				key += row[at[k]] + "\x00"
			}
			if keys[res.Name][key] {
				t.Errorf("%s has two rows of the key %q", res.Path, key)
			}
			keys[res.Name][key] = true
		}
	}
	for _, res := range p.Resources { // once the rows of all are known
		if res.Schema == nil {
			continue
		}
		for _, k := range res.Schema.ForeignKeys {
			to, column := k.Reference.Resource, slices.Index(tables[res.Name][0], k.Fields)
			if to == "" {
				to = res.Name
			}
			for _, row := range tables[res.Name][1:] {
				if row[column] != "" && !keys[to][row[column]+"\x00"] {
					t.Errorf("%s: %q leads to no row of %s", res.Path, row[column], to)
				}
			}
		}
	}
	if cells < 80 {
		t.Errorf("only %d cells: too few to test anything", cells)
	}
}

func isOf(kind, cell string) bool {
	if cell == "" {
		return true
	}
	var err error
	switch kind {
	case "integer":
		_, err = strconv.ParseInt(cell, 10, 64)
	case "number":
		_, err = strconv.ParseFloat(cell, 64)
	case "boolean":
		return cell == "true" || cell == "false"
	case "datetime":
		_, err = time.Parse("2006-01-02T15:04:05Z", cell)
	case "string":
	default:
		return false
	}
	return err == nil
}

func TestParquetHoldsWhatTheCSVHolds(t *testing.T) {
	dir, r := write(t, few(), release.Options{Synthetic: true})
	tables := 0
	for _, f := range r.Files {
		name, ok := strings.CutPrefix(f.Name, "csv/")
		if !ok {
			continue
		}
		tables++
		rows, err := csv.NewReader(strings.NewReader(read(t, dir, f.Name))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := parquetRows(t, filepath.Join(dir, "parquet", strings.TrimSuffix(name, ".csv")+".parquet"), rows[0])
		if diff := cmp.Diff(rows[1:], got); diff != "" {
			t.Errorf("%s: -csv +parquet:\n%s", name, diff)
		}
	}
	if tables < 30 {
		t.Errorf("only %d tables", tables)
	}
}

// parquetRows reads a Parquet file as the cells of a CSV with that header.
func parquetRows(t *testing.T, path string, header []string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	reader := parquet.NewReader(f)
	defer reader.Close()
	rows := make([][]string, 0, reader.NumRows())
	buffer := make([]parquet.Row, 1)
	for {
		n, err := reader.ReadRows(buffer)
		if n == 1 {
			cells := make([]string, len(header))
			for i, name := range header {
				leaf, ok := reader.Schema().Lookup(name)
				if !ok {
					t.Fatalf("%s has no column %s", path, name)
				}
				if v := buffer[0][leaf.ColumnIndex]; !v.IsNull() {
					cells[i] = v.String()
					if v.Kind() == parquet.Double {
						cells[i] = strconv.FormatFloat(v.Double(), 'g', -1, 64)
					}
				}
			}
			rows = append(rows, cells)
		}
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryFieldIsInTheCodebook(t *testing.T) {
	dir, _ := write(t, memory{}, release.Options{})
	rows, err := csv.NewReader(strings.NewReader(read(t, dir, "codebook.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	for _, row := range rows[1:] {
		if slices.Contains(row, "") {
			t.Errorf("%s.%s has an empty entry: %q", row[0], row[1], row)
		}
		fields++
	}
	want := 0
	for _, kind := range catalog.RecordKinds {
		want += reflect.TypeOf(catalog.NewInput(kind)).Elem().NumField()
	}
	if fields < want {
		t.Errorf("%d fields, and the kinds have more than %d", fields, want)
	}
}

func TestAReleaseSaysHowToCiteIt(t *testing.T) {
	dir, _ := write(t, few(), release.Options{})
	want := "吉思广益：政协协商典型案例知识库研究数据 2026-11[DS/OL]. (2026-11-02)[2026-11-02]. https://example.org/releases/2026-11/."
	if got := read(t, dir, "CITATION.txt"); !strings.Contains(got, want+"\n") || !strings.Contains(got, "[Data set]") {
		t.Errorf("got %s\nwant %s", got, want)
	}
	for name, part := range map[string]string{
		"citation.bib": "mark         = {DS}", "citation.ris": "TY  - DATA", "citation.csl.json": `"type":"dataset"`,
		"CITATION.cff": "date-released: 2026-11-02\n", "LICENSE.txt": "未声明数据许可",
	} {
		if got := read(t, dir, name); !strings.Contains(got, part) {
			t.Errorf("%s lacks %s:\n%s", name, part, got)
		}
	}
}

// What repositories read of a release, by the names that their documentation has.
func TestAReleaseTellsRepositoriesWhatItIs(t *testing.T) {
	dir, _ := write(t, few(), release.Options{Licence: "CC-BY-4.0", Since: "", Synthetic: true})
	for name, want := range map[string]map[string]any{
		"metadata/datacite.json": {
			"types.resourceTypeGeneral": "Dataset", "titles.0.title": "吉思广益：政协协商典型案例知识库研究数据（含合成数据） 2026-11", "publicationYear": 2026.0,
			"creators.0.nameType": "Organizational", "version": "2026-11", "rightsList.0.rights": "CC-BY-4.0", "url": "https://example.org/releases/2026-11/",
		},
		"metadata/schema.org.jsonld": {
			"@type": "Dataset", "license": "CC-BY-4.0", "dateModified": "2026-11-02", "distribution.0.@type": "DataDownload", "distribution.0.contentUrl": "https://example.org/releases/2026-11/jsonl/sources.jsonl",
		},
		"metadata/invenio-rdm.json": {
			"metadata.resource_type.id": "dataset", "metadata.publication_date": "2026-11-02", "metadata.creators.0.person_or_org.type": "organizational", "files.enabled": true,
		},
		"metadata/zenodo.json": {"metadata.upload_type": "dataset", "metadata.version": "2026-11", "metadata.notes": "数据许可：CC-BY-4.0"},
	} {
		var got any
		if err := json.Unmarshal([]byte(read(t, dir, name)), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for path, value := range want {
			if found := within(got, strings.Split(path, ".")); found != value {
				t.Errorf("%s: %s is %v, want %v", name, path, found, value)
			}
		}
	}
	dir, _ = write(t, few(), release.Options{})
	for _, name := range []string{"metadata/datacite.json", "metadata/schema.org.jsonld", "metadata/invenio-rdm.json"} {
		if got := read(t, dir, name); strings.Contains(got, "icense") || strings.Contains(got, "ights") {
			t.Errorf("%s states a licence that nobody gave:\n%s", name, got)
		}
	}
}

// within follows a path of JSON.
func within(v any, path []string) any {
	for _, part := range path {
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n >= len(at) {
				return nil
			}
			v = at[n]
		}
	}
	return v
}

// Every reference of a table is a foreign key of its schema.
func TestEveryReferenceIsAForeignKey(t *testing.T) {
	dir, _ := write(t, few(), release.Options{})
	var about struct {
		Resources []struct {
			Name   string
			Schema struct {
				ForeignKeys []struct {
					Fields    string
					Reference struct{ Resource, Fields string }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(read(t, dir, "datapackage.json")), &about); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, r := range about.Resources {
		for _, k := range r.Schema.ForeignKeys {
			got[r.Name+"."+k.Fields+" "+k.Reference.Resource+"."+k.Reference.Fields] = true
		}
	}
	for _, want := range []string{
		"cases.committee committees.slug", "cases.region regions.slug", "cases.brand brands.slug", "brands.parent .slug", "topics.parent .slug", "regions.parent .slug",
		"cases_citations.source sources.slug", "cases_citations.record cases.slug", "cases_participants.person persons.slug", "cases_topics.value topics.slug",
		"cases_possiblysameas.value cases.slug", "adoptions.case cases.slug", "adoptions.adopter committees.slug", "proposals_supervisions.supervisor persons.slug",
		"practices_indicators.value indicators.slug", "reports.proposal proposals.slug", "reports.enteredBy committees.slug", "evaluations.committee committees.slug",
	} {
		if !got[want] {
			t.Errorf("%s is no foreign key", want)
		}
	}
}

func TestAReleaseNeedsAGoodName(t *testing.T) {
	for _, name := range []string{"", "..", "a/b", "A", "-a", "a.", strings.Repeat("a", 41)} {
		if _, err := release.Write(t.Context(), t.TempDir(), memory{}, release.Options{Name: name}); catalog.ErrorKindOf(err) != catalog.KindInvalid {
			t.Errorf("%q: %v, want INVALID", name, err)
		}
	}
}

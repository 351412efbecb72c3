package oai_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/server/oai"
	"github.com/jisiguangyi/jisi/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// response is what a harvester reads.
type response struct {
	XMLName xml.Name `xml:"http://www.openarchives.org/OAI/2.0/ OAI-PMH"`
	Date    string   `xml:"responseDate"`
	Request struct {
		Verb string `xml:"verb,attr"`
		URL  string `xml:",chardata"`
	} `xml:"request"`
	Errors []struct {
		Code string `xml:"code,attr"`
	} `xml:"error"`
	Identify struct {
		Email       string `xml:"adminEmail"`
		Version     string `xml:"protocolVersion"`
		Earliest    string `xml:"earliestDatestamp"`
		Deleted     string `xml:"deletedRecord"`
		Granularity string `xml:"granularity"`
	} `xml:"Identify"`
	Formats []string `xml:"ListMetadataFormats>metadataFormat>metadataPrefix"`
	Sets    []string `xml:"ListSets>set>setSpec"`
	Record  *record  `xml:"GetRecord>record"`
	Records []record `xml:"ListRecords>record"`
	Headers []header `xml:"ListIdentifiers>header"`
	Token1  *token   `xml:"ListRecords>resumptionToken"`
	Token2  *token   `xml:"ListIdentifiers>resumptionToken"`
}

type token struct {
	Size   int    `xml:"completeListSize,attr"`
	Cursor int    `xml:"cursor,attr"`
	Text   string `xml:",chardata"`
}

type header struct {
	Status     string   `xml:"status,attr"`
	Identifier string   `xml:"identifier"`
	Datestamp  string   `xml:"datestamp"`
	Sets       []string `xml:"setSpec"`
}

type record struct {
	Header   header `xml:"header"`
	Metadata *struct {
		DC struct {
			Titles      []string `xml:"http://purl.org/dc/elements/1.1/ title"`
			Subjects    []string `xml:"http://purl.org/dc/elements/1.1/ subject"`
			Identifiers []string `xml:"http://purl.org/dc/elements/1.1/ identifier"`
			Creators    []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
		} `xml:"http://www.openarchives.org/OAI/2.0/oai_dc/ dc"`
	} `xml:"metadata"`
}

type harvester struct {
	h http.Handler
}

func (h harvester) ask(t *testing.T, query string) response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/oai", strings.NewReader(query))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.h.ServeHTTP(w, r)
	var got response
	if err := xml.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d, %v\n%s", query, w.Code, err, w.Body)
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z", got.Date); err != nil || got.Request.URL != "https://example.org/oai" {
		t.Errorf("%s: date %q, request %+v", query, got.Date, got.Request)
	}
	return got
}

const many = 1000

func filled(t *testing.T) (harvester, *store.Store) {
	t.Helper()
	s := storetest.Empty(t)
	var inputs []catalog.Input
	inputs = append(inputs, &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "t"}, Name: "教育"})
	for i := range many {
		in := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: fmt.Sprintf("c-%d", i), Origin: catalog.OriginSynthetic}, Title: fmt.Sprintf("案例 <%d> & “引号”", i), Topics: []string{"t"}}
		inputs = append(inputs, in)
	}
	inputs = append(inputs,
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "real"}, Title: "真的", Topics: []string{"t"}},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "gone"}, Title: "要撤回"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "draft", Status: catalog.StatusDraft}, Title: "草稿"},
		&catalog.BrandInput{InputMeta: catalog.InputMeta{Slug: "brand"}, Name: "品牌"},
	)
	put(t, s, inputs)
	put(t, s, []catalog.Input{&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "gone", Status: catalog.StatusArchived}, Title: "要撤回"}})
	return harvester{oai.Handler(oai.Options{Source: s, Address: "https://example.org/", Email: "keeper@example.org", Log: slog.New(slog.DiscardHandler)})}, s
}

func put(t *testing.T, s *store.Store, inputs []catalog.Input) {
	t.Helper()
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(context.WithoutCancel(t.Context())) }()
	written, err := w.Put(t.Context(), inputs)
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

func TestAHarvesterGetsEveryRecordOnce(t *testing.T) {
	h, s := filled(t)
	for _, verb := range []string{"ListRecords", "ListIdentifiers"} {
		seen, parts := map[string]bool{}, 0
		query := "verb=" + verb + "&metadataPrefix=oai_dc&set=synthetic"
		for query != "" {
			got := h.ask(t, query)
			next := got.Token1
			headers := got.Headers
			if verb == "ListIdentifiers" {
				next = got.Token2
			}
			for _, r := range got.Records {
				headers = append(headers, r.Header)
				if dc := r.Metadata.DC; len(dc.Titles) != 1 || !strings.HasSuffix(dc.Titles[0], "“引号”（合成数据）") || len(dc.Subjects) != 1 || len(dc.Creators) != 0 {
					t.Fatalf("%+v", dc)
				}
			}
			for _, one := range headers {
				if seen[one.Identifier] || one.Sets[0] != "synthetic" {
					t.Fatalf("%+v came twice, or is of another set", one)
				}
				seen[one.Identifier] = true
			}
			if next == nil || next.Size != many || next.Cursor != parts*100 {
				t.Fatalf("part %d: token %+v", parts, next)
			}
			parts++
			query = ""
			if next.Text != "" {
				query = "verb=" + verb + "&resumptionToken=" + url.QueryEscape(next.Text)
			}
			if parts == 3 && verb == "ListRecords" { // what is written meanwhile comes in its turn, and nothing is lost
				put(t, s, []catalog.Input{&catalog.BrandInput{InputMeta: catalog.InputMeta{Slug: "meanwhile"}, Name: "其间"}})
			}
		}
		if len(seen) != many || parts != 10 {
			t.Errorf("%s: %d records in %d parts", verb, len(seen), parts)
		}
	}
}

func TestWhatWasWithdrawnStaysAsDeleted(t *testing.T) {
	h, _ := filled(t)
	got := h.ask(t, "verb=ListRecords&metadataPrefix=oai_dc")
	states := map[string]string{}
	for _, r := range got.Records {
		states[strings.TrimPrefix(r.Header.Identifier, "oai:example.org:")] = r.Header.Status
		if (r.Metadata == nil) != (r.Header.Status == "deleted") {
			t.Errorf("%+v", r)
		}
	}
	if len(states) != 3 || states["case/gone"] != "deleted" || states["case/real"] != "" || states["brand/brand"] != "" || got.Token1 != nil {
		t.Errorf("%v, token %+v", states, got.Token1)
	}
	one := h.ask(t, "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:example.org:case/real").Record
	if one == nil || one.Metadata.DC.Identifiers[0] != "https://example.org/cases/real" {
		t.Errorf("%+v", one)
	}
	stamp := one.Header.Datestamp
	if got := h.ask(t, "verb=ListIdentifiers&metadataPrefix=oai_dc&set=case&from="+stamp+"&until="+stamp); len(got.Headers) == 0 {
		t.Errorf("from and until its own second: %+v", got)
	}
	if got := h.ask(t, "verb=ListIdentifiers&metadataPrefix=oai_dc&until=2001-01-01"); len(got.Errors) != 1 || got.Errors[0].Code != "noRecordsMatch" {
		t.Errorf("%+v", got)
	}
}

func TestTheRepositorySaysWhatItIs(t *testing.T) {
	h, _ := filled(t)
	i := h.ask(t, "verb=Identify").Identify
	if i.Version != "2.0" || i.Email != "keeper@example.org" || i.Deleted != "persistent" || i.Granularity != "YYYY-MM-DDThh:mm:ssZ" || len(i.Earliest) != 20 {
		t.Errorf("%+v", i)
	}
	if got := h.ask(t, "verb=ListMetadataFormats"); len(got.Formats) != 1 || got.Formats[0] != "oai_dc" {
		t.Errorf("%+v", got.Formats)
	}
	if got := h.ask(t, "verb=ListSets"); len(got.Sets) != 5 {
		t.Errorf("%+v", got.Sets)
	}
}

func TestFaultsHaveTheProtocolsCodes(t *testing.T) {
	h, _ := filled(t)
	for query, code := range map[string]string{
		"": "badVerb", "verb=Nothing": "badVerb", "verb=Identify&verb=Identify": "badVerb", "verb=Identify&x=1": "badArgument",
		"verb=ListRecords": "badArgument", "verb=ListRecords&metadataPrefix=marc": "cannotDisseminateFormat",
		"verb=ListRecords&metadataPrefix=oai_dc&from=yesterday": "badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-02&until=2026-01-01": "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-02T00:00:00Z": "badArgument",
		"verb=ListRecords&resumptionToken=x":                                                "badResumptionToken",
		"verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc":                          "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&set=none":                                   "noRecordsMatch",
		"verb=GetRecord&metadataPrefix=oai_dc":                                              "badArgument",
		"verb=GetRecord&metadataPrefix=marc&identifier=oai:example.org:case/real":           "cannotDisseminateFormat",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:example.org:case/draft":        "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:elsewhere.org:case/real":       "idDoesNotExist",
		"verb=ListMetadataFormats&identifier=oai:example.org:case/none":                     "idDoesNotExist",
	} {
		got := h.ask(t, query)
		if len(got.Errors) != 1 || got.Errors[0].Code != code {
			t.Errorf("%q: %+v, want %s", query, got.Errors, code)
		}
	}
}

// Nobody has said where the knowledge base is found, and who answers for it.
func TestARepositoryWithoutSettingsIsWhereItIsAsked(t *testing.T) {
	h := oai.Handler(oai.Options{Source: storetest.Empty(t), Log: slog.New(slog.DiscardHandler)})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://jisi.example.org:8080/oai?verb=Identify", nil))
	var got response
	if err := xml.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Request.URL != "http://jisi.example.org:8080/oai" || got.Identify.Email != "postmaster@jisi.example.org" {
		t.Errorf("request %+v, email %q", got.Request, got.Identify.Email)
	}
}

func TestAHarvesterWhoLeavesIsNoFailure(t *testing.T) {
	var log bytes.Buffer
	h := oai.Handler(oai.Options{Source: storetest.Empty(t), Log: slog.New(slog.NewTextHandler(&log, nil))})
	left, leave := context.WithCancel(t.Context())
	leave()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(left, http.MethodGet, "/oai?verb=ListRecords&metadataPrefix=oai_dc", nil))
	if w.Code != http.StatusServiceUnavailable || log.Len() > 0 {
		t.Errorf("status %d, and the log says\n%s", w.Code, &log)
	}
}

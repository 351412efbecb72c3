package oai

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

// Source returns what is harvested. It must be safe for concurrent use.
type Source interface {
	Harvest(ctx context.Context, q catalog.HarvestQuery) ([]*catalog.Harvested, error)
	CountHarvest(ctx context.Context, q catalog.HarvestQuery) (n int, earliest time.Time, err error)
	HarvestOne(ctx context.Context, kind catalog.RecordKind, slug string) (*catalog.Harvested, error)
}

// Options are what a repository says of itself. Source and Log must be set.
type Options struct {
	Source Source
	// Address is where the public finds the knowledge base, as in
	// https://example.org; where it is not known, what the request was sent to.
	Address string
	// Email is of who answers for the repository, which the protocol demands; where
	// it is not known, the postmaster of the address's host, which is the role that
	// every host has (RFC 2142).
	Email string
	Log   *slog.Logger
}

// atOnce is how many records one answer has.
const atOnce = 100

const (
	datestamp = "2006-01-02T15:04:05Z"
	dublin    = "oai_dc"
	dcSpace   = "http://www.openarchives.org/OAI/2.0/oai_dc/"
	dcSchema  = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
)

// sets are a kind each, and that of made-up records.
var sets = []set{
	{"case", "典型案例"}, {"brand", "协商品牌"}, {"proposal", "提案"}, {"practice", "特色做法"}, {"synthetic", "合成数据（程序生成，不是真实案例）"},
}

var kinds = []catalog.RecordKind{catalog.KindCase, catalog.KindBrand, catalog.KindProposal, catalog.KindPractice}

// Handler answers the protocol's requests, by GET and POST.
func Handler(o Options) http.Handler {
	o.Address = strings.TrimSuffix(o.Address, "/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
		if err := r.ParseForm(); err != nil {
			http.Error(w, "the request cannot be read", http.StatusBadRequest)
			return
		}
		a, err := o.asAsked(r).answer(r.Context(), r.Form)
		if err != nil {
			if r.Context().Err() == nil { // that a harvester has left is no failure
				o.Log.ErrorContext(r.Context(), "a harvest failed", "error", err)
			}
			w.Header().Set("Retry-After", "60")
			http.Error(w, "try again later", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write([]byte(xml.Header))
		if err := xml.NewEncoder(w).Encode(a); err != nil {
			o.Log.DebugContext(r.Context(), "a harvester went away", "error", err)
		}
	})
}

// asAsked fills in what nobody has said, from a request.
func (o Options) asAsked(r *http.Request) Options {
	if o.Address == "" {
		o.Address = "http://" + r.Host
		if r.TLS != nil {
			o.Address = "https://" + r.Host
		}
	}
	if o.Email == "" {
		o.Email = "postmaster@" + o.host()
	}
	return o
}

// host is the address's, without a port.
func (o Options) host() string {
	u, err := url.Parse(o.Address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// allowed are the arguments of each verb; resumptionToken stands alone.
var allowed = map[string][]string{
	"Identify": {}, "ListMetadataFormats": {"identifier"}, "ListSets": {"resumptionToken"}, "GetRecord": {"identifier", "metadataPrefix"},
	"ListIdentifiers": {"metadataPrefix", "from", "until", "set", "resumptionToken"},
	"ListRecords":     {"metadataPrefix", "from", "until", "set", "resumptionToken"},
}

// answer returns the whole answer: a fault of the request is part of it, an error
// is ours.
func (o Options) answer(ctx context.Context, form url.Values) (*answer, error) {
	a := &answer{
		XSI: "http://www.w3.org/2001/XMLSchema-instance", Date: time.Now().UTC().Format(datestamp),
		Location: "http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd", Request: request{URL: o.Address + "/oai"},
	}
	verb := form.Get("verb")
	arguments, ok := allowed[verb]
	if !ok || len(form["verb"]) != 1 {
		return a.fault("badVerb", "there is no such verb"), nil
	}
	for name, values := range form {
		if name != "verb" && (!slices.Contains(arguments, name) || len(values) != 1) {
			return a.fault("badArgument", "the verb does not take these arguments"), nil
		}
	}
	err := o.run(ctx, a, verb, form)
	if len(a.Errors) == 0 || a.Errors[0].Code != "badArgument" {
		a.Request = request{
			verb, form.Get("identifier"), form.Get("metadataPrefix"), form.Get("from"), form.Get("until"), form.Get("set"), form.Get("resumptionToken"), o.Address + "/oai",
		}
	}
	return a, err
}

func (a *answer) fault(code, text string) *answer {
	a.Errors = append(a.Errors, fault{code, text})
	return a
}

func (o Options) run(ctx context.Context, a *answer, verb string, form url.Values) error {
	switch verb {
	case "Identify":
		_, earliest, err := o.Source.CountHarvest(ctx, catalog.HarvestQuery{Kinds: kinds})
		a.Identify = &identify{cite.Title, o.Address + "/oai", "2.0", o.Email, earliest.UTC().Format(datestamp), "persistent", "YYYY-MM-DDThh:mm:ssZ"}
		return err
	case "ListMetadataFormats":
		if id := form.Get("identifier"); id != "" {
			if one, err := o.find(ctx, id); one == nil || err != nil {
				a.fault("idDoesNotExist", "there is no such record")
				return err
			}
		}
		a.ListMetadataFormats = &listMetadataFormats{[]metadataFormat{{dublin, dcSchema, dcSpace}}}
	case "ListSets":
		if form.Has("resumptionToken") {
			a.fault("badResumptionToken", "the list of sets has no parts")
			return nil
		}
		a.ListSets = &listSets{sets}
	case "GetRecord":
		return o.getRecord(ctx, a, form)
	default:
		return o.list(ctx, a, verb, form)
	}
	return nil
}

func (o Options) getRecord(ctx context.Context, a *answer, form url.Values) error {
	if form.Get("identifier") == "" || form.Get("metadataPrefix") == "" {
		a.fault("badArgument", "identifier and metadataPrefix are needed")
		return nil
	}
	if form.Get("metadataPrefix") != dublin {
		a.fault("cannotDisseminateFormat", "there is oai_dc only")
		return nil
	}
	one, err := o.find(ctx, form.Get("identifier"))
	if one == nil || err != nil {
		a.fault("idDoesNotExist", "there is no such record")
		return err
	}
	a.GetRecord = &getRecord{o.record(one)}
	return nil
}

// find returns the record of an identifier, nil where there is none.
func (o Options) find(ctx context.Context, id string) (*catalog.Harvested, error) {
	rest, ok := strings.CutPrefix(id, o.prefix())
	kind, slug, cut := strings.Cut(rest, "/")
	if !ok || !cut || !catalog.ValidSlug(slug) || !slices.Contains(kinds, catalog.RecordKind(strings.ToUpper(kind))) || strings.ToLower(kind) != kind {
		return nil, nil //nolint:nilnil // none by that name
	}
	one, err := o.Source.HarvestOne(ctx, catalog.RecordKind(strings.ToUpper(kind)), slug)
	if catalog.ErrorKindOf(err) == catalog.KindNotFound {
		return nil, nil //nolint:nilnil // none by that name
	}
	return one, err
}

// prefix is what every identifier begins with, as the guideline oai-identifier
// has it.
func (o Options) prefix() string {
	return "oai:" + o.host() + ":"
}

// place is where a list goes on: what a resumption token says.
type place struct {
	From, Until time.Time
	Set         string
	At          time.Time
	ID          catalog.ID
	Given       int // in the parts before
}

func (p place) query() catalog.HarvestQuery {
	q := catalog.HarvestQuery{Kinds: kinds, From: p.From, Until: p.Until, After: catalog.HarvestPlace{At: p.At, ID: p.ID}, Limit: atOnce + 1}
	switch p.Set {
	case "":
	case "synthetic":
		q.Synthetic = true
	default:
		q.Kinds = []catalog.RecordKind{catalog.RecordKind(strings.ToUpper(p.Set))}
	}
	return q
}

func (o Options) list(ctx context.Context, a *answer, verb string, form url.Values) error {
	p, ok := readPlace(a, form)
	if !ok {
		return nil
	}
	q := p.query()
	total, _, err := o.Source.CountHarvest(ctx, q)
	if err != nil {
		return err
	}
	found, err := o.Source.Harvest(ctx, q)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		a.fault("noRecordsMatch", "there is nothing of the kind")
		return nil
	}
	var next *token
	if len(found) > atOnce || p.Given > 0 {
		next = &token{Size: total, Cursor: p.Given}
	}
	if len(found) > atOnce {
		found = found[:atOnce]
		last := found[atOnce-1].Place
		p.At, p.ID, p.Given = last.At, last.ID, p.Given+atOnce
		raw, err := json.Marshal(p)
		if err != nil {
			return err
		}
		next.Text = base64.RawURLEncoding.EncodeToString(raw)
	}
	if verb == "ListRecords" {
		a.ListRecords = &listRecords{Token: next}
		for _, h := range found {
			a.ListRecords.Records = append(a.ListRecords.Records, o.record(h))
		}
		return nil
	}
	a.ListIdentifiers = &listIdentifiers{Token: next}
	for _, h := range found {
		a.ListIdentifiers.Headers = append(a.ListIdentifiers.Headers, o.header(h))
	}
	return nil
}

// readPlace reads where to begin, or what is wrong with the request.
func readPlace(a *answer, form url.Values) (p place, ok bool) {
	if form.Has("resumptionToken") {
		if len(form) > 2 {
			a.fault("badArgument", "a resumptionToken stands alone")
			return p, false
		}
		raw, err := base64.RawURLEncoding.DecodeString(form.Get("resumptionToken"))
		if err != nil || json.Unmarshal(raw, &p) != nil || p.Given <= 0 || !isSet(p.Set) {
			a.fault("badResumptionToken", "this token was not given here")
			return p, false
		}
		return p, true
	}
	if form.Get("metadataPrefix") == "" {
		a.fault("badArgument", "metadataPrefix is needed")
		return p, false
	}
	var okFrom, okUntil bool
	p.From, okFrom = instant(form.Get("from"), false)
	p.Until, okUntil = instant(form.Get("until"), true)
	from, until := form.Get("from"), form.Get("until")
	switch {
	case !okFrom || !okUntil || from != "" && until != "" && (len(from) != len(until) || p.From.After(p.Until)):
		a.fault("badArgument", "from and until are days or instants of the same granularity, in order")
	case form.Get("metadataPrefix") != dublin:
		a.fault("cannotDisseminateFormat", "there is oai_dc only")
	case !isSet(form.Get("set")):
		a.fault("noRecordsMatch", "there is no such set")
	default:
		p.Set = form.Get("set")
		return p, true
	}
	return p, false
}

func isSet(spec string) bool {
	return spec == "" || slices.ContainsFunc(sets, func(s set) bool { return s.Spec == spec })
}

// instant reads a day or an instant; a day as until means its last second.
func instant(s string, until bool) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		if until {
			t = t.Add(24*time.Hour - time.Second)
		}
		return t, true
	}
	t, err := time.Parse(datestamp, s)
	return t, err == nil
}

func (o Options) header(h *catalog.Harvested) header {
	kind := strings.ToLower(string(h.Kind))
	out := header{Identifier: o.prefix() + kind + "/" + h.Slug, Datestamp: h.Place.At.UTC().Format(datestamp), Sets: []string{kind}}
	if h.Origin == catalog.OriginSynthetic {
		out.Sets = []string{"synthetic"}
	}
	if h.Deleted {
		out.Status = "deleted"
	}
	return out
}

// record returns a record in Dublin Core. What it does not say is left out.
func (o Options) record(h *catalog.Harvested) record {
	out := record{Header: o.header(h)}
	if h.Deleted {
		return out
	}
	dc := dublinCore{OAI: dcSpace, DC: "http://purl.org/dc/elements/1.1/", Location: dcSpace + " " + dcSchema}
	add := func(name, text string) {
		if text != "" {
			dc.Elements = append(dc.Elements, element{xml.Name{Local: "dc:" + name}, text})
		}
	}
	title := h.Title
	if h.Origin == catalog.OriginSynthetic {
		title += "（合成数据）"
	}
	add("title", title)
	add("creator", h.Creator)
	for _, t := range h.Topics {
		add("subject", t)
	}
	add("description", h.Description)
	add("date", h.Date)
	add("type", h.Kind.Label())
	add("identifier", o.Address+catalog.Permalink(h.Kind, h.Slug))
	add("language", "zh-CN")
	add("relation", cite.Title)
	add("coverage", h.Region)
	out.Metadata = &metadata{dc}
	return out
}

package mcp

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Record is a record as an assistant is told of it.
type Record struct {
	ID      string  `json:"id" jsonschema:"opaque id of the record"`
	Kind    string  `json:"kind" jsonschema:"case, proposal, brand or practice"`
	Slug    string  `json:"slug" jsonschema:"permalink; get_record and cite take it"`
	Address string  `json:"address" jsonschema:"where people read the record"`
	Title   string  `json:"title"`
	Origin  string  `json:"origin" jsonschema:"DOCUMENTED: taken from a cited source; CONTRIBUTED: written in by a committee; REFERENCE; SYNTHETIC: made up, never a fact"`
	Status  string  `json:"status,omitempty" jsonschema:"only where the record is not public: the caller may see it, and nobody may cite it"`
	Of      string  `json:"committee,omitempty" jsonschema:"the committee that the record names"`
	Why     string  `json:"why,omitempty" jsonschema:"why the record was picked"`
	Texts   []Text  `json:"texts" jsonschema:"what the knowledge base says, field by field"`
	Quotes  []Quote `json:"quotes" jsonschema:"verbatim quotes of the sources that the record rests on; empty where it rests on its committee's word"`
}

// Text is what a record says in a field.
type Text struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Quote is a verbatim quote with its place.
type Quote struct {
	Text    string   `json:"text" jsonschema:"the source's words, to the character, misprints and all"`
	Source  string   `json:"source" jsonschema:"title of the source"`
	Section string   `json:"section,omitempty" jsonschema:"title of the article within the source"`
	Start   int      `json:"start" jsonschema:"first code point in the source's text"`
	End     int      `json:"end" jsonschema:"code point after the last"`
	Address string   `json:"address" jsonschema:"where the quote is marked in its source"`
	Fields  []string `json:"fields" jsonschema:"the fields of the record that it supports"`
}

// node is a record as the API answers it, with the parts of all kinds.
type node struct {
	Typename                                               string `json:"__typename"`
	ID, Slug, Origin, Status, Title, Name                  string
	Summary, Background, Approach, Results, Lessons        *string
	Description, Text, AddressedTo, StartedOn, Recruitment *string
	Year                                                   *int
	Committee                                              *struct{ Name string }
	Steps                                                  []struct {
		Code string
		Text *string
	}
	Outcomes []struct {
		Form, Status        string
		UsedBy, Use, Effect *string
	}
	Citations []citation
}

type citation struct {
	Quote      string
	Start, End int
	Fields     []string
	Source     struct{ Slug, Title string }
	Section    *struct{ Title string }
}

// fragments are what is asked of a record of each kind that is found.
const fragments = `
fragment Quoted on Citation { quote start end fields source { slug title } section { title } }
fragment ACase on Case { __typename id slug origin status title summary background approach results lessons year startedOn recruitment committee { name }
  steps { code text } outcomes { form usedBy use effect status } citations { ...Quoted } }
fragment AProposal on Proposal { __typename id slug origin status title summary addressedTo year outcomes { form usedBy use effect status } citations { ...Quoted } }
fragment ABrand on Brand { __typename id slug origin status name description committee { name } citations { ...Quoted } }
fragment APractice on Practice { __typename id slug origin status title text citations { ...Quoted } }
`

// record tells of a node.
func (t tools) record(n *node) Record {
	r := Record{
		ID: n.ID, Kind: strings.ToLower(n.Typename), Slug: n.Slug, Origin: n.Origin, Title: n.Title + n.Name,
		Address: t.at(catalog.Permalink(catalog.KindNamed(n.Typename), n.Slug)), Texts: []Text{}, Quotes: []Quote{},
	}
	if n.Status != "PUBLISHED" {
		r.Status = n.Status
	}
	if n.Committee != nil {
		r.Of = n.Committee.Name
	}
	add := func(field string, s *string) {
		if s != nil && *s != "" {
			r.Texts = append(r.Texts, Text{field, *s})
		}
	}
	add("summary", n.Summary)
	add("description", n.Description)
	add("background", n.Background)
	add("approach", n.Approach)
	add("results", n.Results)
	add("lessons", n.Lessons)
	add("text", n.Text)
	add("addressedTo", n.AddressedTo)
	add("startedOn", n.StartedOn)
	add("recruitment", n.Recruitment)
	for _, s := range n.Steps {
		add("steps."+s.Code, s.Text)
	}
	for i, o := range n.Outcomes {
		at := fmt.Sprintf("outcomes.%d.", i)
		add(at+"form", &o.Form)
		add(at+"usedBy", o.UsedBy)
		add(at+"use", o.Use)
		add(at+"effect", o.Effect)
		add(at+"status", &o.Status)
	}
	for _, c := range n.Citations {
		q := Quote{
			Text: c.Quote, Source: c.Source.Title, Start: c.Start, End: c.End, Fields: slices.Clone(c.Fields),
			Address: t.at(fmt.Sprintf("/sources/%s?start=%d&end=%d#quote", url.PathEscape(c.Source.Slug), c.Start, c.End)),
		}
		if c.Section != nil {
			q.Section = c.Section.Title
		}
		r.Quotes = append(r.Quotes, q)
	}
	return r
}

// at is the address of a path of the site.
func (t tools) at(path string) string { return strings.TrimSuffix(t.Address, "/") + path }

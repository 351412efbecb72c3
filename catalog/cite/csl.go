package cite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
)

// cslItem is an item of CSL-JSON, as the schema csl-data.json of the Citation
// Style Language 1.0.2 has it. It has no medium: styles write that as it stands,
// and those for GB/T 7714 see from the address that it is a thing of the network.
type cslItem struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	Title     string    `json:"title"`
	Author    []cslName `json:"author,omitempty"`
	Container string    `json:"container-title,omitempty"`
	Language  string    `json:"language,omitempty"`
	Publisher string    `json:"publisher,omitempty"`
	Issued    *cslDate  `json:"issued,omitempty"`
	Accessed  *cslDate  `json:"accessed,omitempty"`
	Version   string    `json:"version,omitempty"`
	Page      string    `json:"page,omitempty"`
	Note      string    `json:"note,omitempty"`
	URL       string    `json:"URL,omitempty"`
}

// cslName is a name that is not taken apart: what is surname and what given name
// is not known, and many are bodies.
type cslName struct {
	Literal string `json:"literal"`
}

type cslDate struct {
	Parts [][]int `json:"date-parts"`
}

// cslJSON writes the reference as an array of one item.
func (r Reference) cslJSON() (string, error) {
	item := cslItem{
		ID: r.Key, Type: r.cslType(), Title: r.Title, Container: r.container(), Publisher: r.imprint(), URL: r.URL,
		Issued: cslDateOf(r.published()), Accessed: cslDateOf(day(r.Accessed)),
	}
	for _, a := range r.Authors {
		item.Author = append(item.Author, cslName{a})
	}
	if hasHan(r.Title) {
		item.Language = "zh-CN" // by which styles of two languages choose 等 and et al
	}
	if r.Version > 0 {
		item.Version = strconv.Itoa(r.Version)
	}
	if r.Release != "" {
		item.Version = r.Release
	}
	item.Page = r.Issue // styles print the page of a newspaper in parentheses, behind its day
	if r.To > 0 {
		item.Page, item.Note = r.place(), r.Quote
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode([]cslItem{item}); err != nil {
		return "", fmt.Errorf("cite: write CSL-JSON: %w", err)
	}
	return b.String(), nil
}

// cslType is the item's type: data, a page, an article of a newspaper or a document. A record of the knowledge
// base is a page: citeproc 2.4.63 with the public styles for GB/T 7714 writes an
// "entry" as [Z/OL] by that of 2015 and without both dates by that of 2025, and a
// "dataset" with a container without them too; a "webpage" keeps both, by both.
func (r Reference) cslType() string {
	switch r.mark() {
	case markData:
		return "dataset"
	case markPage:
		return "webpage"
	case markNewspaper:
		return "article-newspaper"
	}
	return "document"
}

// cslDateOf returns a date with as many parts as are known, nil for none.
func cslDateOf(d catalog.PartialDate) *cslDate {
	t, ok := d.FirstDay()
	if !ok {
		return nil
	}
	parts := []int{t.Year(), int(t.Month()), t.Day()}
	return &cslDate{[][]int{parts[:map[int]int{4: 1, 7: 2, 10: 3}[len(d)]]}}
}

package pdfwriter

import (
	"fmt"
	"io"
	"strings"
)

// Document is a PDF that is being written. It is for one goroutine.
type Document struct {
	o         *objects
	width     float64
	height    float64
	tree      ref
	resources ref
	front     []*branch
	body      []*branch
	fonts     []*Font
	outline   []mark
}

// branch is a node of the tree of pages.
type branch struct {
	node  ref
	pages []ref
	label string // of its first page, "" where labels go on
}

// mostOfBranch is how many pages a node has.
const mostOfBranch = 64

// Page is a page that was written, to link to.
type Page struct{ ref ref }

// Place is a place on a page, in points from below at the left.
type Place struct {
	Page Page
	Y    float64
}

// Link leads from a part of a page to a place. The zero value of To is nowhere.
type Link struct {
	X, Y, Width, Height float64
	To                  Place
}

// mark is a line of the outline.
type mark struct {
	title string
	level int
	to    Place
}

// New begins a document of pages of a size in points.
func New(w io.Writer, width, height float64) *Document {
	d := &Document{o: newObjects(w), width: width, height: height}
	d.tree, d.resources = d.o.next(), d.o.next()
	return d
}

// Roman and Decimal are how pages are numbered; a cover has no number.
const (
	NoLabel = "<<>>"
	Roman   = "<</S/R>>"
	Decimal = "<</S/D>>"
)

// Add writes a page. front says that it stands before all that are not, whenever it is
// written; label, that numbers begin with it, from 1, in that form, "" that they go on.
func (d *Document) Add(content []byte, links []Link, front bool, label string) Page {
	list := &d.body
	if front {
		list = &d.front
	}
	if n := len(*list); n == 0 || label != "" || len((*list)[n-1].pages) == mostOfBranch {
		*list = append(*list, &branch{node: d.o.next(), label: label})
	}
	b := (*list)[len(*list)-1]
	text, page := d.o.next(), d.o.next()
	d.o.stream(text, "", content)
	annotations := ""
	for _, l := range links {
		annotations += fmt.Sprintf("<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[%s %s %s %s]/Dest%s>>", number(l.X), number(l.Y), number(l.X+l.Width), number(l.Y+l.Height), l.To.destination())
	}
	if annotations != "" {
		annotations = "/Annots[" + annotations + "]"
	}
	d.o.put(page, fmt.Sprintf("<</Type/Page/Parent %v/Contents %v%s>>", b.node, text, annotations))
	b.pages = append(b.pages, page)
	return Page{page}
}

func (p Place) destination() string {
	return fmt.Sprintf("[%v/XYZ null %s null]", p.Page.ref, number(p.Y))
}

// Mark adds a line to the outline, at a level from 1; a level below follows the one that
// it is part of.
func (d *Document) Mark(title string, level int, to Place) {
	d.outline = append(d.outline, mark{title, level, to})
}

// MarkBefore adds lines to the outline before all others.
func (d *Document) MarkBefore(titles []string, to []Place) {
	first := make([]mark, len(titles))
	for i, title := range titles {
		first[i] = mark{title, 1, to[i]}
	}
	d.outline = append(first, d.outline...)
}

// About is what a document says of itself.
type About struct{ Title, Author, Language, Producer string }

// Close writes what is left. An error is that of writing.
func (d *Document) Close(about About) error {
	o := d.o
	fonts := ""
	for i, f := range d.fonts {
		if r := f.write(o); r != 0 {
			fonts += fmt.Sprintf("/F%d %v", i, r)
		} else if f.err != nil {
			return f.err
		}
	}
	o.put(d.resources, "<</ProcSet[/PDF/Text]/Font<<"+fonts+">>>>")
	kids, labels, total := "", "", 0
	for _, b := range append(append([]*branch(nil), d.front...), d.body...) {
		pages := make([]string, len(b.pages))
		for i, p := range b.pages {
			pages[i] = p.String()
		}
		o.put(b.node, fmt.Sprintf("<</Type/Pages/Parent %v/Count %d/Kids[%s]>>", d.tree, len(pages), strings.Join(pages, " ")))
		kids += " " + b.node.String()
		if b.label != "" {
			labels += fmt.Sprintf("%d%s", total, b.label)
		}
		total += len(pages)
	}
	o.put(d.tree, fmt.Sprintf("<</Type/Pages/Count %d/MediaBox[0 0 %s %s]/Resources %v/Kids[%s]>>", total, number(d.width), number(d.height), d.resources, strings.TrimSpace(kids)))
	catalog := fmt.Sprintf("<</Type/Catalog/Pages %v/Lang(%s)/ViewerPreferences<</DisplayDocTitle true>>", d.tree, about.Language)
	if labels != "" {
		catalog += "/PageLabels<</Nums[" + labels + "]>>"
	}
	if r := d.writeOutline(); r != 0 {
		catalog += fmt.Sprintf("/Outlines %v", r)
		if len(d.front) > 0 { // a book opens with it
			catalog += "/PageMode/UseOutlines"
		}
	}
	root, info := o.next(), o.next()
	o.put(root, catalog+">>")
	body := "<</Title" + textString(about.Title)
	if about.Author != "" {
		body += "/Author" + textString(about.Author)
	}
	o.put(info, body+"/Producer"+textString(about.Producer)+">>")
	return o.end(root, info)
}

// writeOutline writes the outline, of which the first level is open, and returns 0 where
// there is none.
func (d *Document) writeOutline() ref {
	if len(d.outline) == 0 {
		return 0
	}
	o := d.o
	root := o.next()
	numbers := make([]ref, len(d.outline))
	for i := range numbers {
		numbers[i] = o.next()
	}
	above := func(i int) int { // the line that i is part of, -1 for none
		for j := i - 1; j >= 0; j-- {
			if d.outline[j].level < d.outline[i].level {
				return j
			}
		}
		return -1
	}
	children, parent := map[int][]int{}, make([]int, len(d.outline))
	for i := range d.outline {
		parent[i] = above(i)
		children[parent[i]] = append(children[parent[i]], i)
	}
	place := map[int]int{} // among its siblings
	for _, list := range children {
		for n, i := range list {
			place[i] = n
		}
	}
	for i, m := range d.outline {
		body := "<</Title" + textString(m.title) + "/Dest" + m.to.destination()
		if p := parent[i]; p < 0 {
			body += fmt.Sprintf("/Parent %v", root)
		} else {
			body += fmt.Sprintf("/Parent %v", numbers[p])
		}
		siblings := children[parent[i]]
		if n := place[i]; n > 0 {
			body += fmt.Sprintf("/Prev %v", numbers[siblings[n-1]])
		}
		if n := place[i]; n+1 < len(siblings) {
			body += fmt.Sprintf("/Next %v", numbers[siblings[n+1]])
		}
		if below := children[i]; len(below) > 0 {
			body += fmt.Sprintf("/First %v/Last %v/Count %d", numbers[below[0]], numbers[below[len(below)-1]], -len(below))
		}
		o.put(numbers[i], body+">>")
	}
	first := children[-1]
	o.put(root, fmt.Sprintf("<</Type/Outlines/First %v/Last %v/Count %d>>", numbers[first[0]], numbers[first[len(first)-1]], len(first)))
	return root
}

package archive

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// ErrNoPart says that a package has no part of the name.
var ErrNoPart = errors.New("there is no such part")

// Part returns a package's part by its name, whatever the letter case and the
// slashes, or ErrNoPart.
func Part(z *zip.Reader, name string) (*zip.File, error) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	for _, part := range z.File {
		if strings.EqualFold(strings.TrimPrefix(path.Clean("/"+NameOf(part)), "/"), name) {
			return part, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", name, ErrNoPart)
}

// Relation is one line of the relations of a part (Open Packaging Conventions,
// ECMA-376, part 2).
type Relation struct {
	ID     string
	Type   string // the last word of its address: "worksheet", "styles"
	Target string // the other part's name from the package's root
}

// Relations returns what a part is related to within its package; "" is the
// package itself. A part without relations has none.
func Relations(z *zip.Reader, name string) ([]Relation, error) {
	dir, base := path.Split(name)
	part, err := Part(z, dir+"_rels/"+base+".rels")
	if err != nil {
		return nil, nil //nolint:nilerr // without the part there are no relations
	}
	var list []Relation
	err = EachToken(part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || Attribute(e, "TargetMode") == "External" {
			return nil
		}
		target := Attribute(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		kind := Attribute(e, "Type")
		list = append(list, Relation{Attribute(e, "Id"), kind[strings.LastIndexByte(kind, '/')+1:], strings.TrimPrefix(path.Clean("/"+target), "/")})
		return nil
	})
	return list, err
}

// Main returns the name of the part that a package is about, its relation
// officeDocument, or otherwise.
func Main(z *zip.Reader, otherwise string) string {
	list, err := Relations(z, "")
	if err != nil {
		return otherwise
	}
	for _, r := range list {
		if r.Type == "officeDocument" {
			return r.Target
		}
	}
	return otherwise
}

// EachToken calls f with the tokens of a part, in the order in which they stand.
// It stops at f's first error and returns it. A part that is nested too deeply is
// refused.
func EachToken(part *zip.File, f func(xml.Token) error) error {
	content, err := part.Open()
	if err != nil {
		return fmt.Errorf("open %s: %w", part.Name, err)
	}
	defer func() { _ = content.Close() }() // it was only read
	tokens := xml.NewDecoder(content)
	depth := 0
	for {
		t, err := tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", part.Name, err)
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > MaxDepth {
			return Refusal("内部结构嵌套过深，没有读取", "is nested too deeply, and was not read")
		}
		if err := f(t); err != nil {
			return err
		}
	}
}

// Attribute returns an element's attribute by its local name, "" without it.
func Attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

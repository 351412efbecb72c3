package reading

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
	"github.com/jisiguangyi/jisi/exchange/docx"
)

// readDOCX reads a document as committees write them: one case.
func readDOCX(_ context.Context, f File) iter.Seq2[Record, error] {
	return onDisk(f, archive.MaxDocument, func(spooled *os.File, size int64, yield func(Record, error) bool) {
		place := Place{File: f.Name}
		z, refused := archive.Open(spooled, size, archive.MaxDocumentUnpacked)
		if refused != nil {
			if head := make([]byte, 4); readsAt(spooled, head) && string(head) == "\xD0\xCF\x11\xE0" {
				refused = catalog.Invalid("", "是旧格式（.doc）或加了密码的文档，请另存为不加密的 .docx", "is an old .doc or protected by a password; save it as .docx without one")
			}
			yield(Record{Place: place, Err: refused}, nil)
			return
		}
		doc, err := docx.Read(z)
		if err != nil {
			if errors.Is(err, docx.ErrNoBody) {
				err = catalog.Invalid("", "不是 Word 文档：里面没有正文", "is not a document: it has no body")
			}
			refuseFile(place, err, yield)
			return
		}
		if err := tooLong(doc.Body); err != nil {
			yield(Record{Place: place, Err: err}, nil)
			return
		}
		yieldCase(newDocument(place, doc.Body, leftOf(place, doc.Left)), yield)
	})
}

// yieldCase yields the case of a document, or its cases, with the notes.
func yieldCase(d *document, yield func(Record, error) bool) {
	if len(d.body) == 0 && len(d.notes) == 0 {
		yield(Record{Place: d.place, Err: empty()}, nil)
		return
	}
	for _, one := range d.split() {
		c := newCaseReader(one)
		for _, r := range c.read() {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// leftOf notes what a document holds that is no text: each kind once, where it
// first stands.
func leftOf(place Place, left []docx.Left) []Record {
	first, count := map[docx.What]int{}, map[docx.What]int{}
	var order []docx.What
	detail := map[docx.What]string{}
	for _, l := range left {
		if count[l.What]++; count[l.What] == 1 {
			first[l.What] = l.Number
			order = append(order, l.What)
			switch l.What {
			case docx.Symbol, docx.Field, docx.Formula, docx.Clock:
				if l.Text != "" {
					detail[l.What] = "：" + catalog.Clipped(l.Text)
				}
			}
		}
	}
	var notes []Record
	for _, what := range order {
		at := place
		at.Line = first[what]
		zh, en := what.Names()
		notes = append(notes, Record{
			Place: at, Note: true,
			Err: catalog.Invalid("", fmt.Sprintf("%s没有导入（%d 处）%s", zh, count[what], detail[what]), fmt.Sprintf("%s: not taken, %d of them%s", en, count[what], detail[what])),
		})
	}
	return notes
}

func readsAt(f interface {
	ReadAt(p []byte, off int64) (int, error)
}, p []byte,
) bool {
	_, err := f.ReadAt(p, 0)
	return err == nil
}

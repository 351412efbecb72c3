package exchange

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
)

const (
	// The template's sheets that hold no records.
	sheetHelp  = "填写说明"
	sheetLists = "选项"

	unpackToDisk    = 16 << 20 // bytes of a sheet above which it is not held in memory
	mergesInMemory  = 32 << 20 // bytes of sheets, unpacked, up to which merged cells are filled
	maxSheetRecords = 1_000_000
)

// readXLSX reads the sheets of a workbook, each a table whose name says what its
// rows are, and else of cases. The cells of merged ones all have their value.
func readXLSX(f File) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		place := Place{File: f.Name}
		spooled, size, remove, err := spool(f.Reader, MaxWorkbook)
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		defer remove()
		book, large, merged, refused := openWorkbook(spooled, size)
		if refused != nil {
			yield(record{place: place, err: refused}, nil)
			return
		}
		defer func() { _ = book.Close() }() // it was only read
		if merged && !yield(record{place: place, note: true, err: invalid("", "文件较大，合并的单元格只在左上角有内容，其余按空白导入",
			"is large, and of merged cells only the first was taken; the others count as empty")}, nil) {
			return
		}
		for _, sheet := range book.GetSheetList() {
			if sheet == sheetHelp || sheet == sheetLists {
				continue
			}
			s := &sheetReader{book: book, place: Place{File: f.Name, Sheet: sheet}, small: !large}
			if !s.read(yield) {
				return
			}
		}
	}
}

// openWorkbook opens a workbook; large says that its sheets are not to be held in
// memory, and merged that it is large and has merged cells.
func openWorkbook(f *os.File, size int64) (book *excelize.File, large, merged bool, refused *catalog.Error) {
	head := make([]byte, 4)
	if _, err := f.ReadAt(head, 0); err == nil && bytes.Equal(head, []byte("\xD0\xCF\x11\xE0")) {
		return nil, false, false, invalid("", "是旧格式（.xls）或加了密码的工作簿，请另存为不加密的 .xlsx", "is an old .xls or protected by a password; save it as .xlsx without one")
	}
	z, refused := openZIP(f, size, MaxWorkbookUnpacked)
	if refused != nil {
		return nil, false, false, refused
	}
	var sheets, held uint64
	for _, part := range z.File {
		switch {
		case strings.HasPrefix(part.Name, "xl/worksheets/"):
			sheets += part.UncompressedSize64
		case part.Name != "xl/sharedStrings.xml":
			held += part.UncompressedSize64
		}
	}
	if held > maxWorkbookHeld {
		return nil, false, false, invalid("", "图片等附件解压后超过 "+megabytes(maxWorkbookHeld)+" 的上限，没有打开",
			"holds pictures and the like of more than the limit of "+megabytes(maxWorkbookHeld)+", and was not opened")
	}
	book, err := excelize.OpenReader(io.NewSectionReader(f, 0, size), excelize.Options{
		UnzipSizeLimit: MaxWorkbookUnpacked, UnzipXMLSizeLimit: unpackToDisk, RawCellValue: true,
	})
	if err != nil {
		return nil, false, false, &catalog.Error{Kind: catalog.KindInvalid, Zh: "不是可以读取的工作簿", En: "is not a workbook that can be read", Err: err}
	}
	large = sheets > mergesInMemory
	return book, large, large && hasMerged(z), nil
}

// hasMerged looks for merged cells without holding a sheet in memory.
func hasMerged(z *zip.Reader) bool {
	mark := []byte("<mergeCell ")
	for _, part := range z.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		content, err := part.Open()
		if err != nil {
			continue // excelize has opened it, or says why not
		}
		scan := bufio.NewScanner(content)
		scan.Buffer(nil, 1<<20)
		scan.Split(func(data []byte, end bool) (int, []byte, error) {
			if at := bytes.Index(data, mark); at >= 0 {
				return at + len(mark), mark, nil
			}
			return max(0, len(data)-len(mark)), nil, nil
		})
		found := scan.Scan()
		_ = content.Close() // it was only read
		if found {
			return true
		}
	}
	return false
}

// sheetReader reads one sheet.
type sheetReader struct {
	book  *excelize.File
	place Place
	small bool
	// merged are the values of merged cells by row and column, from 1.
	merged map[[2]int]string
}

func (s *sheetReader) read(yield func(record, error) bool) bool {
	if err := s.findMerged(); err != nil {
		return refuseFile(s.place, err, yield)
	}
	return readTable(s.place, kindOfSheet(s.place.Sheet), s.rows(), yield)
}

// kindOfSheet reads a sheet's name: 案例, 案例2, case; any other is of cases.
func kindOfSheet(name string) catalog.RecordKind {
	name = strings.TrimRight(strings.TrimSpace(name), "0123456789 ")
	if code, ok := codeOf(kindColumn.typ, name); ok {
		return catalog.RecordKind(code)
	}
	return catalog.KindCase
}

// findMerged notes the values of merged cells. To look for them excelize holds
// a sheet in memory, which is not done with large workbooks.
func (s *sheetReader) findMerged() error {
	s.merged = map[[2]int]string{}
	if !s.small {
		return nil
	}
	list, err := s.book.GetMergeCells(s.place.Sheet)
	if err != nil {
		return fmt.Errorf("read the merged cells of %s: %w", s.place, err)
	}
	const mostRows = 10_000
	for _, m := range list {
		column, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			continue // cannot be: excelize has read it
		}
		_, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil || m.GetCellValue() == "" {
			continue
		}
		// Below each other only: side by side they are one column's title.
		for r := top + 1; r <= min(bottom, top+mostRows); r++ {
			s.merged[[2]int{r, column}] = m.GetCellValue()
		}
	}
	return nil
}

func (s *sheetReader) rows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		rows, err := s.book.Rows(s.place.Sheet)
		if err != nil {
			yield(row{err: brokenBehind(err)}, nil)
			return
		}
		defer func() { _ = rows.Close() }() // they were only read
		number := 0
		for rows.Next() {
			number++
			cells, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				yield(row{number: number, err: brokenBehind(err)}, nil)
				return
			}
			if !yield(row{number: number, cells: s.fill(number, cells)}, nil) {
				return
			}
		}
		if err := rows.Error(); err != nil {
			yield(row{number: number, err: brokenBehind(err)}, nil)
		}
	}
}

// brokenBehind refuses what follows in a sheet; the other files of an import are
// read all the same.
func brokenBehind(err error) error {
	return &catalog.Error{Kind: catalog.KindInvalid, Zh: "工作表从这里起损坏，其后没有导入", En: "the sheet is broken from here on; nothing behind was taken", Err: err}
}

// fill puts the values of merged cells where they stand.
func (s *sheetReader) fill(number int, cells []string) []string {
	if len(s.merged) == 0 {
		return cells
	}
	const mostColumns = 200
	for column := 1; column <= mostColumns; column++ {
		value, ok := s.merged[[2]int{number, column}]
		if !ok {
			continue
		}
		for len(cells) < column {
			cells = append(cells, "")
		}
		if cells[column-1] == "" {
			cells[column-1] = value
		}
	}
	return cells
}

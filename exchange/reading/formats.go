package reading

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"sort"
	"strings"

	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
	"github.com/jisiguangyi/jisi/exchange/csv"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/ofd"
	"github.com/jisiguangyi/jisi/exchange/office"
	"github.com/jisiguangyi/jisi/exchange/pdf"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// converted are the formats that LibreOffice turns into one that is read here, by
// the ending of their names: what it is told that they are, and what it makes of
// them. WPS's own are compound files of the same inner formats as .doc and .xls;
// no program at hand writes them, so they are untried.
var converted = map[string]struct{ from, to string }{
	".doc": {"doc", "docx"}, ".dot": {"doc", "docx"}, ".wps": {"doc", "docx"}, ".wpt": {"doc", "docx"}, ".rtf": {"rtf", "docx"}, ".odt": {"odt", "docx"}, ".ott": {"ott", "docx"},
	".xls": {"xls", "xlsx"}, ".xlt": {"xls", "xlsx"}, ".et": {"xls", "xlsx"}, ".ett": {"xls", "xlsx"}, ".ods": {"ods", "xlsx"}, ".ots": {"ots", "xlsx"},
}

// untried are the formats of which no file could be had to try the reader on.
var untried = map[string]bool{".wps": true, ".wpt": true, ".et": true, ".ett": true}

// instead says, of formats that are not read, what to do.
var instead = map[string][2]string{
	".jpg": picture, ".jpeg": picture, ".png": picture, ".gif": picture, ".bmp": picture, ".tif": picture, ".tiff": picture, ".heic": picture, ".webp": picture,
	".ppt": slides, ".pptx": slides, ".pps": slides, ".ppsx": slides, ".dps": slides, ".odp": slides,
	".rar": packed, ".7z": packed, ".tar": packed, ".gz": packed, ".tgz": packed,
	".mp4": media, ".mp3": media, ".avi": media, ".mov": media, ".wav": media, ".m4a": media, ".wmv": media,
	".xlsb":  {"是二进制的 Excel 工作簿，请用 Excel 或 WPS 另存为 .xlsx", "is a binary workbook; save it as .xlsx"},
	".mht":   {"是网页存档，请用 Word 或 WPS 打开后另存为 .docx", "is a web archive; open it with a word processor and save it as .docx"},
	".pages": {"是苹果的 Pages 文稿，请导出为 .docx", "is a document of Pages; export it as .docx"}, ".numbers": {"是苹果的 Numbers 表格，请导出为 .xlsx", "is a table of Numbers; export it as .xlsx"},
}

var (
	picture = [2]string{"是图片，读不出文字；请找原来的 Word 文件，照片请附在案例上", "is a picture, which has no text to read; find the document that it was made from"}
	slides  = [2]string{"是演示文稿，不能导入；请把文字另存为 .docx", "is a presentation, which is not read; save its text as .docx"}
	packed  = [2]string{"是压缩包，请解压后导入，或改用 .zip", "is an archive; unpack it first, or use .zip"}
	media   = [2]string{"是音频或视频，不能导入", "is sound or film, which is not read"}
)

// refusedFile returns the record that refuses a file.
func refusedFile(place Place, zh, en string) Record {
	return Record{Place: place, Err: catalog.Invalid("", zh, en)}
}

// readConverted reads a file through LibreOffice.
func readConverted(ctx context.Context, f File) iter.Seq2[Record, error] {
	return onDisk(f, archive.MaxDocument, func(spooled *os.File, size int64, yield func(Record, error) bool) {
		place := Place{File: f.Name}
		ending := strings.ToLower(path.Ext(f.Name))
		whole := io.NewSectionReader(spooled, 0, size)
		if other := readerOfContent(spooled, ending); other != nil { // named so, and something else
			f.Reader = whole
			for r, err := range other(ctx, f) {
				if !yield(r, err) {
					return
				}
			}
			return
		}
		into := converted[ending]
		content, err := office.Convert(ctx, whole, into.from, into.to)
		if err != nil {
			yield(Record{Place: place, Err: notConverted(ctx, ending, into.to, err)}, nil)
			return
		}
		if untried[ending] && !yield(Record{Place: place, Note: true, Err: catalog.Invalid("", "WPS 格式按同类的 Office 格式读取，这种读法没有用真实文件试过，请核对",
			"was read as the format of Office that it is like; this could not be tried on real files, so check what came of it")}, nil) {
			return
		}
		if into.to == "docx" && holdsOverprints(whole) && !yield(Record{Place: place, Note: true, Err: catalog.Invalid("", "文件里有带圈字或拼音等域，转换时可能丢字，请核对，或用 Word 另存为 .docx",
			"has fields of characters in circles or with their pronunciation, which a conversion may lose: check what came of it, or save it as .docx in Word")}, nil) {
			return
		}
		read := readDOCX
		if into.to == "xlsx" {
			read = readXLSX
		}
		for r, err := range read(ctx, File{Name: f.Name, Reader: bytes.NewReader(content), Size: int64(len(content))}) {
			if !yield(r, err) {
				return
			}
		}
	})
}

// overprints begin the fields by which Word writes ㊀ and characters with their
// pronunciation, EQ \o\ac(○,一), as .rtf and .doc hold them. LibreOffice drops them.
var overprints = func() [][]byte {
	var list [][]byte
	for _, field := range []string{`\o\ac(`, `\o\ad(`, `\o \ac(`, `\o \ad(`} {
		wide := strings.Join(strings.Split(field, ""), "\x00") + "\x00"
		list = append(list, []byte(field), []byte(wide), []byte(strings.ReplaceAll(field, `\`, `\\`)))
	}
	return list
}()

// holdsOverprints reports whether a file has such fields.
func holdsOverprints(file io.ReaderAt) bool {
	const longest = 32
	block := make([]byte, 64<<10)
	for at := int64(0); ; at += int64(len(block) - longest) {
		n, err := file.ReadAt(block, at)
		for _, field := range overprints {
			if bytes.Contains(block[:n], field) {
				return true
			}
		}
		if err != nil { // its end; it was read once before
			return false
		}
	}
}

// notConverted says why a file was not turned, and what to do.
func notConverted(ctx context.Context, ending, to string, err error) error {
	programs, enPrograms := "Word 或 WPS", "Word or WPS"
	if to == "xlsx" {
		programs, enPrograms = "Excel 或 WPS", "Excel or WPS"
	}
	told := &catalog.Error{Kind: catalog.KindInvalid, Err: err}
	switch {
	case errors.Is(err, office.ErrNotInstalled):
		told.Zh = fmt.Sprintf("%s 格式要靠 LibreOffice 读取，这台服务器没有安装；请用 %s 另存为 .%s", ending, programs, to)
		told.En = fmt.Sprintf("is a %s, which LibreOffice reads, and that is not installed here; save it as .%s with %s", ending, to, enPrograms)
	case ctx.Err() != nil:
		return fmt.Errorf("turn a file: %w", context.Cause(ctx))
	default:
		told.Zh = fmt.Sprintf("无法读取：可能损坏、有密码或不是 %s；请用 %s 打开后另存为 .%s", ending, programs, to)
		told.En = fmt.Sprintf("cannot be read: it may be broken, protected by a password, or no %s; open it with %s and save it as .%s", ending, enPrograms, to)
	}
	return told
}

// readerOfContent returns the reader of a file by its first bytes, nil where these
// are what its ending says or nothing that is known: systems export web pages and
// tables of commas under the name of .xls, and people rename files.
func readerOfContent(f io.ReaderAt, ending string) Reader {
	head := make([]byte, 512)
	n, _ := f.ReadAt(head, 0) // a shorter file is looked at whole
	head = head[:n]
	lower := bytes.ToLower(bytes.TrimLeft(head, "\xEF\xBB\xBF \t\r\n"))
	isZIP := bytes.HasPrefix(head, []byte("PK\x03\x04"))
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")) && ending != ".pdf":
		return readPDF
	case isZIP && ending != ".odt" && ending != ".ods" && ending != ".ott" && ending != ".ots":
		return readPackage
	case tableEndings[ending] && isPlainText(head) && bytes.ContainsAny(head, "\t,"):
		return readCSV
	case textEndings[ending] && isPlainText(head):
		return readText
	case ending != ".html" && ending != ".htm" && (bytes.HasPrefix(lower, []byte("<!doctype html")) || bytes.HasPrefix(lower, []byte("<html"))):
		return readHTML
	}
	return nil
}

// tableEndings and textEndings are those of formats under whose names systems export
// plain text.
var (
	tableEndings = map[string]bool{".xls": true, ".xlt": true, ".et": true}
	textEndings  = map[string]bool{".doc": true, ".wps": true}
)

// isPlainText reports whether a file begins as a text of no format does.
func isPlainText(head []byte) bool {
	if len(head) == 0 || bytes.ContainsAny(head[:1], "<{\x00") || bytes.HasPrefix(head, []byte("\xEF\xBB\xBF<")) {
		return false
	}
	if bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF")) {
		return true // UTF-16 with its mark
	}
	return !bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }) && !bytes.HasPrefix(head, []byte("\xD0\xCF"))
}

// readPackage reads a ZIP of one of the formats that are ZIPs, whatever its name.
func readPackage(ctx context.Context, f File) iter.Seq2[Record, error] {
	return onDisk(f, archive.MaxWorkbook, func(spooled *os.File, size int64, yield func(Record, error) bool) {
		place := Place{File: f.Name}
		z, refused := archive.Open(spooled, size, archive.MaxWorkbookUnpacked)
		if refused != nil {
			yield(Record{Place: place, Err: refused}, nil)
			return
		}
		read := readDOCX
		switch main := archive.Main(z, ""); {
		case ofd.IsOFD(z):
			read = readOFD
		case strings.HasPrefix(main, "xl/"):
			read = readXLSX
		}
		f.Reader = io.NewSectionReader(spooled, 0, size)
		for r, err := range read(ctx, f) {
			if !yield(r, err) {
				return
			}
		}
	})
}

// readPages reads the case of a file of pages.
func readPages(place Place, pages [][]string, more, most int, yield func(Record, error) bool) {
	var blocks []docx.Block
	number := 0
	starts := make([]int, len(pages)) // the line before each page's first
	for i, lines := range pages {
		starts[i] = number
		for _, line := range lines {
			number++
			if line = strings.TrimSpace(line); line != "" {
				blocks = append(blocks, docx.Block{Number: number, Text: line})
			}
		}
	}
	if err := tooLong(blocks); err != nil {
		yield(Record{Place: place, Err: err}, nil)
		return
	}
	var notes []Record
	if more > 0 {
		notes = append(notes, Record{Place: place, Note: true, Err: catalog.Invalid("", fmt.Sprintf("只读了前 %d 页，其后 %d 页没有导入", most, more), fmt.Sprintf("only the first %d pages were read, and %d were not", most, more))})
	}
	d := &document{place: place, notes: notes, copied: true}
	d.add(blocks)
	d.dropContents()
	d.dropRunningHeads(pages)
	d.dropPageNumbers()
	d.joinLines()
	yieldCase(d, func(r Record, err error) bool {
		if r.Note && r.Place.Line > 0 {
			r.Place.Page = sort.SearchInts(starts, r.Place.Line)
		}
		return yield(r, err)
	})
}

// Prepare gets ready to read files whose first one would take longer, behind what the
// process does. Safe for concurrent use.
func Prepare() { pdf.Prepare() }

// readPDF reads the text of a PDF.
func readPDF(ctx context.Context, f File) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		place := Place{File: f.Name}
		content, err := io.ReadAll(io.LimitReader(f.Reader, archive.MaxDocument+1))
		if err == nil && len(content) > archive.MaxDocument {
			err = archive.Refusal("文件超过 "+archive.Megabytes(archive.MaxDocument)+" 的上限", "is larger than the limit of "+archive.Megabytes(archive.MaxDocument))
		}
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		pages, more, err := pdf.Text(ctx, content)
		switch {
		case errors.Is(err, pdf.ErrNoText):
			yield(refusedFile(place, "是扫描件，里面没有文字；请找原来的 Word 文件", "is a scan, which has no text; find the document that it was made from"), nil)
		case errors.Is(err, pdf.ErrPassword):
			yield(refusedFile(place, "有密码，无法打开；请找原来的 Word 文件", "is protected by a password; find the document that it was made from"), nil)
		case ctx.Err() != nil:
			yield(Record{}, fmt.Errorf("read %s: %w", f.Name, context.Cause(ctx)))
		case err != nil:
			told := catalog.Invalid("", "文件损坏，无法读取；请找原来的 Word 文件", "is broken and cannot be read; find the document that it was made from")
			told.Err = err
			yield(Record{Place: place, Err: told}, nil)
		default:
			readPages(place, pages, more, len(pages), yield)
		}
	}
}

// readOFD reads the text of an OFD file.
func readOFD(_ context.Context, f File) iter.Seq2[Record, error] {
	return onDisk(f, archive.MaxDocument, func(spooled *os.File, size int64, yield func(Record, error) bool) {
		place := Place{File: f.Name}
		z, refused := archive.Open(spooled, size, archive.MaxDocumentUnpacked)
		if refused != nil {
			yield(Record{Place: place, Err: refused}, nil)
			return
		}
		pages, more, err := ofd.Text(z)
		switch {
		case errors.Is(err, ofd.ErrNoText):
			yield(refusedFile(place, "没有读出文字：可能是扫描件，请找原来的 Word 文件", "has no text to read, and may be a scan; find the document that it was made from"), nil)
		case err != nil:
			refuseFile(place, err, yield)
		default:
			readPages(place, pages, more, ofd.MaxPages, yield)
		}
	})
}

// readText reads a plain text, a paragraph a line, or a table whose cells have tabs
// between them, as spreadsheets save one.
func readText(_ context.Context, f File) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		place := Place{File: f.Name}
		content, err := io.ReadAll(io.LimitReader(f.Reader, archive.MaxDocumentText))
		if err != nil {
			yield(Record{}, fmt.Errorf("read %s: %w", f.Name, err))
			return
		}
		if isTabbed(content) {
			if c, err := csv.NewReader(bytes.NewReader(content)); err == nil {
				if more, understood := readTable(place, catalog.KindCase, rowsOfCSV(c), yield); understood || !more {
					return
				}
			}
		}
		lines, err := text.NewLines(bytes.NewReader(content))
		if err != nil {
			yield(Record{}, fmt.Errorf("read %s: %w", f.Name, err))
			return
		}
		var blocks []docx.Block
		for {
			line, err := lines.Next()
			var notText *text.Error
			switch {
			case errors.Is(err, io.EOF):
				if err := tooLong(blocks); err != nil {
					yield(Record{Place: place, Err: err}, nil)
					return
				}
				yieldCase(newDocument(place, blocks, nil), yield)
				return
			case errors.As(err, &notText):
				at := place
				at.Line, at.Column = lines.Number(), notText.Column
				yield(Record{Place: at, Err: notText.Problem}, nil)
				return
			case err != nil:
				yield(Record{}, fmt.Errorf("read %s behind line %d: %w", f.Name, lines.Number(), err))
				return
			}
			if s := strings.TrimSpace(text.Seen(string(line))); s != "" {
				blocks = append(blocks, docx.Block{Number: lines.Number(), Text: s})
			}
		}
	}
}

// isTabbed reports whether a text begins with lines of several cells with tabs between
// them, in any encoding.
func isTabbed(content []byte) bool {
	first, rest, _ := bytes.Cut(content, []byte("\n"))
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	return bytes.Count(first, []byte("\t")) > 1 && bytes.Count(second, []byte("\t")) > 1
}

// readHTML reads a web page: its tables where one has the header of cases, else
// its text as a document.
func readHTML(_ context.Context, f File) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		place := Place{File: f.Name}
		raw, err := io.ReadAll(io.LimitReader(f.Reader, archive.MaxDocumentText))
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		utf8Text, err := decodeHTML(raw)
		if err != nil {
			yield(Record{Place: place, Err: err}, nil)
			return
		}
		root, err := html.Parse(strings.NewReader(utf8Text))
		if err != nil {
			yield(refusedFile(place, "不是可以读取的网页", "is no web page that can be read"), nil)
			return
		}
		h := &htmlReader{}
		h.node(root)
		h.end()
		if rows := h.largestTable(); rows != nil {
			if more, understood := readTable(place, catalog.KindCase, rowsOfCells(rows), yield); understood || !more {
				return
			}
		}
		var notes []Record
		for _, text := range h.left {
			notes = append(notes, Record{Place: place, Note: true, Err: catalog.Invalid("", "网页的页脚、边栏没有导入："+catalog.Clipped(text), "the foot or side of the page was not taken: "+catalog.Clipped(text))})
		}
		if err := tooLong(h.blocks); err != nil {
			yield(Record{Place: place, Err: err}, nil)
			return
		}
		yieldCase(newDocument(place, h.blocks, notes), yield)
	}
}

// readUnread refuses a file of a kind that is not read, and says what to do.
func readUnread(_ context.Context, f File) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		place := Place{File: f.Name}
		if isClutter(path.Base(f.Name)) {
			yield(Record{Place: place, Err: catalog.Invalid("", "是系统或办公软件的临时文件，没有导入", "is a temporary file of a program, and was not taken"), Note: true}, nil)
			return
		}
		yield(Record{Place: place, Err: unreadable(f.Name)}, nil)
	}
}

// unreadable says that a file of this name is not read, and what to do.
func unreadable(name string) error {
	if told, ok := instead[strings.ToLower(path.Ext(name))]; ok {
		return catalog.Invalid("", told[0], told[1])
	}
	return catalog.Invalid("", "不能读取这种文件；可以导入 Word、Excel、WPS、PDF、OFD、网页、文本、CSV、JSON Lines 和 ZIP", "files of this kind cannot be read; documents, workbooks, PDF, OFD, web pages, text, CSV, JSON Lines and ZIPs of these can")
}

// canBeConverted reports whether a file is read through LibreOffice, for who says
// that it is missing.
func canBeConverted(name string) bool {
	_, ok := converted[strings.ToLower(path.Ext(name))]
	return ok
}

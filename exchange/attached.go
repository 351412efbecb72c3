package exchange

import (
	"bytes"
	"errors"
	"path"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
	"github.com/jisiguangyi/jisi/exchange/ofd"
	"github.com/jisiguangyi/jisi/exchange/photo"
)

// container is what the first bytes of a file must be.
type container int

const (
	aZIP      container = iota // an Office Open XML package, OFD or OpenDocument
	compound                   // of Office before 2007, and of WPS: or a ZIP, as WPS has both
	aPDF                       // of which some have a line before their first
	richText                   // RTF
	plainText                  // no NUL within its first 8 KB
	aPicture
)

// attachable are the files that may be the original of a case, by their endings.
var attachable = map[string]struct {
	container container
	media     string
}{
	".docx": {aZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	".docm": {aZIP, "application/vnd.ms-word.document.macroEnabled.12"},
	".dotx": {aZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.template"},
	".xlsx": {aZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	".xlsm": {aZIP, "application/vnd.ms-excel.sheet.macroEnabled.12"},
	".pptx": {aZIP, "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	".odt":  {aZIP, "application/vnd.oasis.opendocument.text"}, ".ods": {aZIP, "application/vnd.oasis.opendocument.spreadsheet"},
	".ofd": {aZIP, "application/ofd"},
	".doc": {compound, "application/msword"}, ".wps": {compound, "application/vnd.ms-works"}, ".xls": {compound, "application/vnd.ms-excel"},
	".et": {compound, "application/octet-stream"}, ".ppt": {compound, "application/vnd.ms-powerpoint"},
	".pdf": {aPDF, "application/pdf"}, ".rtf": {richText, "application/rtf"},
	".txt": {plainText, "text/plain"}, ".csv": {plainText, "text/csv"}, ".tsv": {plainText, "text/tab-separated-values"},
	".html": {plainText, "application/octet-stream"}, ".htm": {plainText, "application/octet-stream"}, // saved, never shown
	".jpg": {aPicture, "image/jpeg"}, ".jpeg": {aPicture, "image/jpeg"}, ".png": {aPicture, "image/png"},
}

// CheckOriginal returns the media type of a file that is to be kept as the original
// of a case. It fails with INVALID where the name's ending is not one of those that
// may be, or the bytes are not what the ending says.
func CheckOriginal(name string, content []byte) (media string, err error) {
	of, ok := attachable[strings.ToLower(path.Ext(name))]
	if !ok {
		return "", catalog.Invalid("file", "“"+catalog.Clipped(name)+"”不能作为原件：可用 Word、Excel、WPS、PDF、OFD、文本、网页文件和 JPEG、PNG 图片",
			catalog.Quoted(name)+" cannot be an original: documents, workbooks, PDF, OFD, text, web pages, JPEG and PNG can")
	}
	if !of.container.holds(content) {
		return "", catalog.Invalid("file", "“"+catalog.Clipped(name)+"”的内容不是它的扩展名所说的格式，没有保存", catalog.Quoted(name)+" is not what its ending says, and was not kept")
	}
	return of.media, nil
}

func (c container) holds(content []byte) bool {
	head := content[:min(len(content), 8<<10)]
	isZIP := bytes.HasPrefix(head, []byte("PK\x03\x04"))
	switch c {
	case aZIP:
		return isZIP && isPackage(content)
	case compound:
		return bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) || isZIP && isPackage(content) || richText.holds(content)
	case aPDF:
		return bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-"))
	case richText:
		return bytes.HasPrefix(head, []byte(`{\rtf`))
	case aPicture:
		return photo.Is(head)
	}
	return len(head) > 0 && !bytes.ContainsRune(head, 0) && !isZIP && !photo.Is(head)
}

// isPackage reports whether a ZIP is one of the formats of offices.
func isPackage(content []byte) bool {
	z, err := archive.Open(bytes.NewReader(content), int64(len(content)), archive.MaxWorkbookUnpacked)
	if err != nil {
		return false
	}
	if ofd.IsOFD(z) || archive.Main(z, "") != "" {
		return true
	}
	for _, f := range z.File {
		if f.Name == "mimetype" || f.Name == "[Content_Types].xml" {
			return true
		}
	}
	return false
}

// CleanPhoto returns a photo as it is shown to everybody, upright and without what
// the camera wrote beside the pixels, and its media type. It fails with INVALID for
// what is no JPEG or PNG, and with LIMIT for one with too many pixels.
func CleanPhoto(name string, content []byte) (cleaned []byte, media string, err error) {
	cleaned, media, err = photo.Clean(content, catalog.MaxPhotoSide, catalog.MaxPixels)
	switch {
	case errors.Is(err, photo.ErrTooLarge):
		told := &catalog.Error{Kind: catalog.KindLimit, Zh: "“" + catalog.Clipped(name) + "”的像素太多（上限 6000 万），请缩小后再上传", En: catalog.Quoted(name) + " has more than 60 million pixels; make it smaller first", Err: err}
		return nil, "", told
	case err != nil:
		told := catalog.Invalid("file", "“"+catalog.Clipped(name)+"”不是可以读取的 JPEG 或 PNG 照片", catalog.Quoted(name)+" is no JPEG or PNG that can be read")
		told.Err = err
		return nil, "", told
	}
	return cleaned, media, nil
}

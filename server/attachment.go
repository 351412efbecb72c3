package server

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// NewAttachment is a file that is to be attached to a case.
type NewAttachment struct {
	Kind          catalog.AttachmentKind
	Name, Caption string
	Reader        io.Reader
}

// attachment answers GET /attachments/ID: a photo as an image, an original as a file
// to be saved, and neither ever as a page.
func (e *exporting) attachment(w http.ResponseWriter, r *http.Request) {
	a, content, public, err := e.files.Attachment(r.Context(), r.PathValue("id"))
	if err != nil {
		e.auth.refuse(w, r, e.auth.log(r, err))
		return
	}
	h := w.Header()
	shown := "attachment"
	if a.Of == catalog.AttachmentPhoto {
		shown = "inline"
	}
	h.Set("Content-Disposition", mime.FormatMediaType(shown, map[string]string{"filename": fileName(a.Name)}))
	h.Set("Content-Type", a.MediaType)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("ETag", `"`+hex.EncodeToString(a.Sum)+`"`)
	if public {
		h.Set("Cache-Control", "no-cache") // asked for again each time, as its case may be withdrawn
	} else {
		h.Set("Cache-Control", "no-store")
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportPause * 4)) // a recorder of a test has none
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// Attach attaches a file of a page's form to the case of the slug. An error is one that
// may be shown.
func (e *exporting) Attach(r *http.Request, slug, kind, name, caption string, content io.Reader) error {
	err := e.files.Attach(r.Context(), slug, NewAttachment{Kind: catalog.AttachmentKind(kind), Name: fileName(name), Caption: caption, Reader: content})
	if err != nil {
		return known(e.auth.log(r, err))
	}
	return nil
}

// Detach removes an attachment. An error is one that may be shown.
func (e *exporting) Detach(ctx context.Context, id string) error {
	if err := e.files.Detach(ctx, id); err != nil {
		return known(err)
	}
	return nil
}

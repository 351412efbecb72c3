package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxAttaching bounds a form with files, in bytes: some at once, each as large as it
// may be.
const maxAttaching = 4*catalog.MaxAttachment + 1<<20

// attachingTime is how long their sender may take.
const attachingTime = 5 * time.Minute

// attach attaches the files of a form to a case.
func (s *site) attach(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(attachingTime)) // a recorder of a test has none
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			s.fail(w, r, refusal{http.StatusRequestEntityTooLarge, "文件太大", "一个文件不能超过 20 MB，一次不能超过 80 MB。请分几次上传。"})
			return
		}
		s.fail(w, r, badAddress("表单不完整，请返回案例重新选择文件。"))
		return
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // among temporary files
	files := r.MultipartForm.File["files"]
	if len(files) == 0 {
		s.fail(w, r, badAddress("没有选择文件，请返回案例重新选择。"))
		return
	}
	for _, header := range files {
		file, err := header.Open()
		if err == nil {
			err = s.Import.Attach(r, slug, r.PostFormValue("kind"), header.Filename, r.PostFormValue("caption"), file)
			_ = file.Close() // it was only read
		}
		if err != nil {
			s.refuseAttachment(w, r, err)
			return
		}
	}
	http.Redirect(w, r, "/cases/"+url.PathEscape(slug)+"#attachments", http.StatusSeeOther)
}

// detach removes an attachment of a case.
func (s *site) detach(w http.ResponseWriter, r *http.Request) {
	if err := s.Import.Detach(r.Context(), r.PathValue("id")); err != nil {
		s.refuseAttachment(w, r, err)
		return
	}
	http.Redirect(w, r, "/cases/"+url.PathEscape(r.PathValue("slug"))+"#attachments", http.StatusSeeOther)
}

func (s *site) refuseAttachment(w http.ResponseWriter, r *http.Request, err error) {
	var told *catalog.Error
	if !errors.As(err, &told) {
		s.fail(w, r, err)
		return
	}
	status := map[catalog.ErrorKind]int{
		catalog.KindForbidden: http.StatusForbidden, catalog.KindNotFound: http.StatusNotFound,
		catalog.KindInvalid: http.StatusUnprocessableEntity, catalog.KindLimit: http.StatusRequestEntityTooLarge,
	}[told.Kind]
	if status == 0 {
		s.fail(w, r, err)
		return
	}
	s.fail(w, r, refusal{status, "附件没有改动", told.Zh + "。"})
}

package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxResultsFile bounds a workbook of results, in bytes.
const maxResultsFile = 8 << 20

// takeResults writes what a workbook says became of a call of earlier years into the
// call.
func (s *site) takeResults(w http.ResponseWriter, r *http.Request) {
	if s.Import == nil {
		s.notFound(w, r)
		return
	}
	if err := r.ParseMultipartForm(maxResultsFile); err != nil {
		s.fail(w, r, refusal{http.StatusRequestEntityTooLarge, "没有登记", "文件读不了，或者超过 8 MB。请返回再选。"})
		return
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // among temporary files
	file, header, err := r.FormFile("file")
	if err != nil {
		s.fail(w, r, badAddress("没有选择文件，请返回再选。"))
		return
	}
	defer file.Close()
	results, err := s.Import.CallResults(file, header.Size)
	var known *catalog.Error
	if errors.As(err, &known) {
		err = refusal{http.StatusUnprocessableEntity, "没有登记", "这个文件" + known.Zh + "。请返回再选。"}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := s.askForm(r, callNoun)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data["call"])
	in := callNoun.input(callNoun.values(record), record)
	in.input["results"] = resultInputs(results)
	now, wrong, err := s.mutate(r.Context(), callNoun, "update", map[string]any{"id": record["id"], "version": whole(record["version"]), "input": in.input})
	if !s.stopped(w, r, wrong, err) {
		http.Redirect(w, r, "/calls/"+url.PathEscape(now.Slug)+"?done=update#results", http.StatusSeeOther)
	}
}

func resultInputs(results []catalog.CallResultInput) []any {
	all := make([]any, len(results))
	for i, o := range results {
		one := map[string]any{"title": o.Title}
		for name, value := range map[string]string{"unit": o.Unit, "award": o.Award, "case": o.Case} {
			if value != "" {
				one[name] = value
			}
		}
		all[i] = one
	}
	return all
}

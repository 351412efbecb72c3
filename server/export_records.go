package server

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// RecordFilter says which records of a kind are exported.
type RecordFilter struct {
	Committees []catalog.ID     // that they belong to; none are all
	Status     []catalog.Status // none are those that are published
	Overdue    bool             // of proposals, those that are
}

// exported are the kinds of records besides cases that are brought out in files, by
// the names of the files.
var exported = map[string]catalog.RecordKind{
	"proposals": catalog.KindProposal, "persons": catalog.KindPerson, "venues": catalog.KindVenue, "activities": catalog.KindActivity,
	"practices": catalog.KindPractice, "evaluations": catalog.KindEvaluation, "evaluation-rounds": catalog.KindRound,
}

// records answers GET /export/NAME.FORMAT for the kinds of exported, with committees,
// status, overdue and own as parameters: own are all of the viewer's committee that
// are not archived. It answers GET /export/figures.xlsx with years. Every other file is
// left to cases.
func (e *exporting) records(w http.ResponseWriter, r *http.Request) {
	name, format, _ := strings.Cut(r.PathValue("file"), ".")
	kind, known := exported[name]
	media := e.files.MediaType(format)
	switch {
	case name == "figures" && format == "xlsx":
		e.figures(w, r)
		return
	case !known || media == "":
		e.cases(w, r)
		return
	}
	filter, err := readRecordFilter(r.Context(), r.URL.Query())
	if err != nil {
		e.auth.refuse(w, r, err)
		return
	}
	label := kind.Label()
	if kind == catalog.KindProposal {
		label = "提案台账"
	}
	file := &fileWriter{w: w, deadline: http.NewResponseController(w), media: media, name: label + "-" + today() + "." + format}
	e.send(file, r, func(ctx context.Context) error { return e.files.ExportRecords(ctx, file, kind, format, filter) })
}

func today() string { return string(catalog.DayOf(time.Now())) }

func (e *exporting) figures(w http.ResponseWriter, r *http.Request) {
	years, err := readYears(r.URL.Query())
	if err != nil {
		e.auth.refuse(w, r, err)
		return
	}
	file := &fileWriter{w: w, deadline: http.NewResponseController(w), media: e.files.MediaType("xlsx"), name: "活动统计-" + today() + ".xlsx"}
	e.send(file, r, func(ctx context.Context) error { return e.files.Figures(ctx, file, years) })
}

// send has a file written when it is its turn.
func (e *exporting) send(file *fileWriter, r *http.Request, write func(context.Context) error) {
	if r.Method == http.MethodHead {
		file.begin()
		return
	}
	done, err := e.exports.take(r.Context(), e.caller(r))
	if err != nil {
		e.refuseTurn(file.w, r, err)
		return
	}
	defer done()
	good, stop := e.auth.whileGood(r.Context())
	defer stop()
	ctx, cancel := context.WithTimeout(good, exportWhole)
	defer cancel()
	e.finish(file, r, endedFor(good, again(ctx, file, write)))
}

// readRecordFilter reads a filter from the parameters of an address.
func readRecordFilter(ctx context.Context, query url.Values) (f RecordFilter, err error) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		values := valuesOf(query[name])
		switch {
		case len(values) > maxFilterValues:
			return f, catalog.Invalid(name, "值太多", "too many values")
		case len(values) == 0:
		case name == "committees":
			for _, global := range values {
				id, err := catalog.DecodeIDOf(catalog.KindCommittee, global)
				if err != nil {
					return f, catalog.Invalid(name, "不是政协的编号", "is not the id of a committee")
				}
				f.Committees = append(f.Committees, id)
			}
		case name == "status":
			for _, v := range values {
				if !catalog.Status(v).Valid() {
					return f, catalog.Invalid(name, "不是可用的值："+catalog.Clipped(v), catalog.Clipped(v)+" is not one of its values")
				}
				f.Status = append(f.Status, catalog.Status(v))
			}
		case name == "overdue" && values[0] == "true":
			f.Overdue = true
		case name == "own" && values[0] == "true":
			if v := catalog.ViewerFrom(ctx); v == nil || v.Committee == 0 {
				return f, catalog.Invalid(name, "需要以某个政协的身份登录", "needs somebody who is signed in for a committee")
			} else {
				f.Committees = append(f.Committees, v.Committee)
				f.Status = []catalog.Status{catalog.StatusDraft, catalog.StatusInReview, catalog.StatusPublished}
			}
		case (name == "overdue" || name == "own") && values[0] == "false":
		default:
			return f, catalog.Invalid(catalog.Clipped(name), "没有这个筛选条件，可用：committees、status、overdue、own", "there is no such filter; there are committees, status, overdue and own")
		}
	}
	return f, nil
}

func readYears(query url.Values) (years []int, err error) {
	for name := range query {
		if name != "years" {
			return nil, catalog.Invalid(catalog.Clipped(name), "没有这个筛选条件，可用：years", "there is no such filter; there is years")
		}
		for _, v := range valuesOf(query[name]) {
			year, err := number32(v)
			if err != nil {
				return nil, catalog.Invalid(name, "不是年份", "is not a year")
			}
			years = append(years, year)
		}
	}
	return years, nil
}

// valuesOf are a parameter's values, separated by commas or each by itself.
func valuesOf(texts []string) []string {
	var values []string
	for _, text := range texts {
		for v := range strings.SplitSeq(text, ",") {
			if v = strings.TrimSpace(v); v != "" {
				values = append(values, v)
			}
		}
	}
	return values
}

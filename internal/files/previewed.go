package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/server"
)

// previewedName is what a report calls the records of a preview, where it has to name a
// file.
const previewedName = "预览过的记录.jsonl"

// keep keeps the file that cases are read from, where it may be an original, and
// returns its checksum with its media type.
func (f Files) keep(ctx context.Context, name string, content []byte) (string, error) {
	media, err := exchange.CheckOriginal(name, content)
	if err != nil {
		return "", nil //nolint:nilerr // whoever reads it says what is wrong with it
	}
	sum, err := f.Store.KeepUpload(ctx, content)
	if err != nil {
		return "", err
	}
	return sum + " " + media, nil
}

// splitOriginal takes apart what keep returns.
func splitOriginal(original string) (sum, media string, ok bool) {
	return strings.Cut(original, " ")
}

// importPreviewed brings in the records that a preview has kept, as somebody has mended
// them. Where a field cannot be read, nothing is written, and the report says which.
func (f Files) importPreviewed(ctx context.Context, im server.Import, names *export.Names) (*server.ImportReport, error) {
	previewed, before, err := readPreviewed(im.Previewed)
	if err != nil {
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Zh: "表单不完整，请重新选择文件", En: "the form is not whole; choose the files again", Err: err}
	}
	told := &server.ImportReport{DryRun: im.DryRun, Records: []server.ImportedRecord{}, Refusals: append([]json.RawMessage{}, before.Refusals...), More: before.More}
	var lines bytes.Buffer
	into := newDraftSink(f.Store, im, names)
	into.fields = true
	records := make([]catalog.Input, len(previewed))
	var chosen []int // the place in previewed of each line
	for i := range previewed {
		in, err := jsonl.Decode(previewed[i].Record)
		if err != nil {
			return nil, &catalog.Error{Kind: catalog.KindInvalid, Zh: "表单不完整，请重新选择文件", En: "the form is not whole; choose the files again", Err: err}
		}
		mended := in
		var problems catalog.Problems
		if c, ok := in.(*catalog.CaseInput); ok {
			mended, problems = exchange.MendCase(c, names.Name, im.Mended[i])
		}
		records[i] = mended
		if im.Dropped[i] {
			continue
		}
		told.Add(i, problems)
		line, err := jsonl.Encode(mended)
		if err != nil {
			return nil, fmt.Errorf("import: %w", err)
		}
		lines.Write(append(line, '\n'))
		chosen = append(chosen, i)
		into.previewed = append(into.previewed, previewed[i])
	}
	if len(told.Problems) > 0 {
		im.DryRun = true
	}
	into.dryRun, told.DryRun = im.DryRun, im.DryRun
	// What was shown as a whole comes in as a whole, or is shown again.
	report, err := exchange.Import(ctx, into, catalog.Actor{}, []reading.File{{Name: previewedName, Reader: &lines}}, exchange.ImportOptions{DryRun: im.DryRun, Strict: !im.DryRun})
	n := report.Counts()
	if refused := !im.DryRun && n.Refused > 0; err != nil && !refused {
		return nil, err
	}
	told.Committed, told.New, told.Changed, told.Same, told.Refused = report.Committed, n.New, n.Changed, n.Same, n.Refused+before.Refused
	for _, refusal := range report.Refusals {
		if line := refusal.Place.Line; line > 0 && line <= len(chosen) {
			told.Add(chosen[line-1], refusal.Problems)
		}
	}
	became := map[int]server.ImportedRecord{}
	for _, r := range into.written {
		became[chosen[r.Record]] = r
	}
	if told.Names, err = into.namesFor(ctx); err != nil {
		return nil, err
	}
	into.written, into.text = nil, 0
	for i, in := range records {
		r, ok := became[i]
		if !ok {
			r = server.ImportedRecord{Kind: in.Kind(), Slug: in.Head().Slug, Title: catalog.TitleOf(in), Changes: []catalog.FieldChange{}}
		}
		r.Record, r.Dropped, r.File, r.Sheet, r.Line = i, im.Dropped[i], previewed[i].File, previewed[i].Sheet, previewed[i].Line
		r.Understood = into.understood(in)
		into.written = append(into.written, r)
	}
	told.Records = into.written
	return told, nil
}

// readPreviewed reads what a preview has kept: records, and what it has told of the files.
func readPreviewed(from io.Reader) (previewed []previewedRecord, told previewedReport, err error) {
	const most = 64 << 20 // unpacked, of a form of some megabytes
	d := json.NewDecoder(io.LimitReader(from, most))
	for {
		var k struct {
			previewedRecord
			previewedTold
		}
		err := d.Decode(&k)
		switch {
		case errors.Is(err, io.EOF):
			return previewed, told, nil
		case err != nil:
			return nil, told, err
		case k.Told != nil:
			told = *k.Told
		default:
			previewed = append(previewed, k.previewedRecord)
		}
	}
}

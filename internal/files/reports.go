package files

import (
	"context"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

// reports returns what public pages say of each case, by its slug: the statement, whether
// anybody has opened the page, and how to cite it.
func (f Files) reports(ctx context.Context, cases []*catalog.CaseInput) (map[string][]string, error) {
	slugs := make([]string, len(cases))
	for i, in := range cases {
		slugs[i] = in.Slug
	}
	records, err := f.Store.CasesBySlug(ctx, slugs)
	if err != nil {
		return nil, err
	}
	var ids []catalog.ID
	for _, c := range records {
		ids = append(ids, c.ID)
	}
	reports, err := f.Store.ReportsByRecord(ctx, ids)
	if err != nil {
		return nil, err
	}
	lines := map[string][]string{}
	for slug, c := range records {
		for _, r := range reports[c.ID] {
			line, err := reportLine(r)
			if err != nil {
				return nil, err
			}
			lines[slug] = append(lines[slug], line)
		}
	}
	return lines, nil
}

func reportLine(r *catalog.Report) (string, error) {
	ref, err := cite.Report(r, time.Time{})
	if err != nil {
		return "", err
	}
	cited, err := cite.Format(ref, cite.GBT7714)
	if err != nil {
		return "", err
	}
	state := "未经核实"
	if day := r.CheckedDay(); day != nil {
		state = "核对于 " + string(catalog.DayOf(*day))
	}
	return r.Statement + "（" + r.Relation.Label() + "，" + state + "）" + cited, nil
}

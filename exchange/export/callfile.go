package export

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// WriteNotice writes a call as the notice that an office sends, by GB/T 9704: the
// title, its text, what is demanded in numbered parts, whose it is and of which day.
func WriteNotice(w io.Writer, in *catalog.CallInput, name Namer, address string) error {
	d := &docx.Print{}
	by := in.Committee
	if name != nil && by != "" {
		by = name(catalog.KindCommittee, by)
	}
	d.Title(in.Title)
	if in.Origin == catalog.OriginSynthetic {
		d.Subtitle(column.SyntheticMark)
	}
	d.Subtitle(by)
	d.Text(in.Text)
	part := 0
	heading := func(title string) {
		d.Heading(ChineseNumbers[part] + "、" + title)
		part++
	}
	heading("征集时间")
	d.Text(in.OpensOn.Text() + "至" + in.ClosesOn.Text() + "（当日24时前有效）。")
	heading("材料要求")
	for i, line := range demandsOf(in, name) {
		d.Text(fmt.Sprintf("%d．%s。", i+1, line))
	}
	if len(in.Criteria) > 0 {
		heading("评审标准")
		var list []string
		for i := range in.Criteria {
			c := &in.Criteria[i]
			list = append(list, fmt.Sprintf("%s（权重%d）", c.Name, c.WeightOf()))
		}
		how := "评审人依次评分，每项0至100分。"
		if in.Blind {
			how = "实行匿名评审，" + how
		}
		d.Text(strings.Join(list, "、") + "。" + how)
	}
	heading("报送方式")
	how := "由各政协审核在知识库中报送。"
	if address != "" {
		how = "由各政协审核在知识库中报送：" + address
	}
	d.Text(how)
	d.Sign("退回补正的，截止后仍可再报，直到公布结果。", by, in.OpensOn.Text())
	if _, err := d.WriteTo(w); err != nil {
		return fmt.Errorf("write a notice: %w", err)
	}
	return nil
}

// demandsOf are what a call demands of texts, a sentence each.
func demandsOf(in *catalog.CallInput, name Namer) []string {
	parts := make([]string, len(in.Parts))
	for i, p := range in.Parts {
		parts[i] = p.Label()
	}
	list := []string{"一事一例，须写明" + strings.Join(parts, "、")}
	switch {
	case in.MinCharacters != nil && in.MaxCharacters != nil:
		list = append(list, fmt.Sprintf("正文%d至%d字（含标点）", *in.MinCharacters, *in.MaxCharacters))
	case in.MinCharacters != nil:
		list = append(list, fmt.Sprintf("正文不少于%d字（含标点）", *in.MinCharacters))
	case in.MaxCharacters != nil:
		list = append(list, fmt.Sprintf("正文不超过%d字（含标点）", *in.MaxCharacters))
	}
	if in.Quota != nil {
		list = append(list, fmt.Sprintf("每家政协限报%d个", *in.Quota))
	}
	if len(in.Topics) > 0 {
		topics := make([]string, len(in.Topics))
		for i, t := range in.Topics {
			topics[i] = t
			if name != nil {
				if n := name(catalog.KindTopic, t); n != "" {
					topics[i] = n
				}
			}
		}
		list = append(list, "议题："+strings.Join(topics, "、"))
	}
	if in.Mark != "" {
		list = append(list, "入选案例称“"+in.Mark+"”，并收入汇编")
	}
	return list
}

// WriteCallForm writes the form that a committee fills for a call: the columns by which
// an import knows the parts that are demanded.
func WriteCallForm(w io.Writer, in *catalog.CallInput, name Namer) error {
	x := xlsx.NewWriter(w)
	columns := []xlsx.Column{{Title: "标题", Width: 24}, {Title: "政协", Width: 16}, {Title: "议题", Width: 14}, {Title: "开始日期", Width: 12}, {Title: "结束日期", Width: 12}}
	for _, f := range catalog.NounOf(catalog.KindCase).Fields {
		for _, p := range in.Parts {
			if strings.EqualFold(f.Name, string(p)) {
				columns = append(columns, xlsx.Column{Title: f.Label.Zh, Width: 24})
			}
		}
	}
	if err := x.Sheet("报送", columns, 0); err != nil {
		return err
	}
	if err := x.Sheet("填写说明", []xlsx.Column{{Title: in.Title, Width: 80}}, 0); err != nil {
		return err
	}
	lines := append([]string{in.OpensOn.Text() + "至" + in.ClosesOn.Text()}, demandsOf(in, name)...)
	for _, line := range append(lines, "一行一个案例；在“导入”页导入后，案例存为草稿，由审核报送") {
		if err := x.Write([]string{line}); err != nil {
			return err
		}
	}
	return x.Close()
}

// writeCall writes the call itself, a line each of what it says, and who scores.
func writeCall(x *xlsx.Writer, c *catalog.Campaign) error {
	if err := x.Sheet("征集", []xlsx.Column{{Title: "项目", Width: 14}, {Title: "内容", Width: 80}}, 0); err != nil {
		return err
	}
	in := c.Call
	lines := [][2]string{{"标题", in.Title}, {"征集单位", c.Committee}, {"开始日期", in.OpensOn.Text()}, {"截止日期", in.ClosesOn.Text()}, {"调整原因", in.ClosedReason}, {"正文", in.Text}}
	for i, demand := range demandsOf(in, nil) {
		if !strings.HasPrefix(demand, "议题：") { // these have names below
			lines = append(lines, [2]string{fmt.Sprintf("要求%d", i+1), demand})
		}
	}
	lines = append(lines, [2]string{"议题", strings.Join(c.Topics, "、")})
	for i := range in.Criteria {
		lines = append(lines, [2]string{"评审标准", fmt.Sprintf("%s（权重%d）", in.Criteria[i].Name, in.Criteria[i].WeightOf())})
	}
	how := "不匿名"
	if in.Blind {
		how = "匿名"
	}
	lines = append(lines, [2]string{"评审方式", how}, [2]string{"评分公开", cmp.Or(in.ScoresVisibleTo, catalog.ScoresForCaller).Label()})
	for _, r := range c.Reviewers {
		lines = append(lines, [2]string{"评审人", fmt.Sprintf("%s：已评%d个，未评%d个，至%s", r.Name, r.Done, r.Left, r.EndsOn.Text())})
	}
	lines = append(lines, [2]string{"公布日期", in.SelectedOn.Text()})
	if in.Origin == catalog.OriginSynthetic {
		lines = append(lines, [2]string{"来源", column.SyntheticMark})
	}
	for _, line := range lines {
		if line[1] == "" {
			continue
		}
		if err := x.Write(line[:]); err != nil {
			return err
		}
	}
	return nil
}

// WriteCampaign writes what became of a call as a workbook: the call itself, submissions,
// scores and what each committee has sent.
func WriteCampaign(w io.Writer, c *catalog.Campaign) error {
	x := xlsx.NewWriter(w)
	if c.Call != nil {
		if err := writeCall(x, c); err != nil {
			return err
		}
	}
	if err := x.Sheet("报送", []xlsx.Column{
		{Title: "序号", Width: 6, Number: true}, {Title: "报送单位", Width: 24}, {Title: "案例", Width: 50}, {Title: "状态", Width: 10}, {Title: "报送时间", Width: 18}, {Title: "送审版本", Width: 8, Number: true},
		{Title: "字数", Width: 8, Number: true}, {Title: "平均分", Width: 8, Number: true}, {Title: "离散程度", Width: 8, Number: true}, {Title: "名次", Width: 6, Number: true}, {Title: "说明", Width: 30}, {Title: "来源", Width: 10},
	}, 0); err != nil {
		return err
	}
	for i, s := range c.Submissions {
		origin := ""
		if s.Synthetic {
			origin = catalog.OriginSynthetic.Label()
		}
		if err := x.Write([]string{
			fmt.Sprint(i + 1), s.Committee, s.Title, s.State.Label(), s.SubmittedAt.In(catalog.Zone()).Format("2006-01-02 15:04"), fmt.Sprint(s.CaseVersion),
			fmt.Sprint(s.Characters), figure(s.Mean), figure(s.Spread), whole(s.Rank), s.Word, origin,
		}); err != nil {
			return err
		}
	}
	if err := x.Sheet("评分", []xlsx.Column{{Title: "案例", Width: 50}, {Title: "评审", Width: 14}, {Title: "标准", Width: 14}, {Title: "分", Width: 8, Number: true}, {Title: "评语", Width: 50}}, 0); err != nil {
		return err
	}
	for _, o := range c.Scores {
		if err := x.Write([]string{o.Title, o.Reviewer, o.Criterion, figure(&o.Value), o.Comment}); err != nil {
			return err
		}
	}
	if err := x.Sheet("进度", []xlsx.Column{{Title: "政协", Width: 24}, {Title: "已报送", Width: 8, Number: true}, {Title: "已退回", Width: 8, Number: true}, {Title: "已接收", Width: 8, Number: true}, {Title: "入选", Width: 8, Number: true}}, 0); err != nil {
		return err
	}
	for _, p := range c.Progress {
		if err := x.Write([]string{p.Committee, fmt.Sprint(p.Submitted), fmt.Sprint(p.Returned), fmt.Sprint(p.Accepted), fmt.Sprint(p.Selected)}); err != nil {
			return err
		}
	}
	return x.Close()
}

func figure(v *float64) string {
	if v == nil {
		return ""
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", *v), "0"), ".")
}

func whole(v *int) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

package export

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// templateRows is how many rows of a template have lists to choose from.
const templateRows = 2000

// templateFirst and templateLast are the columns of a template that have a place of
// their own: what committees fill in. 时间 is asked for as two dates, and so the year is
// not; text is in no part only where an import has put it there. The rest of a case's columns may be added by hand.
var (
	templateFirst = []string{
		"title", "committee", "startedOn", "endedOn", "level", "region", "brand", "topics", "summary", "background", "approach", "results", "lessons",
		"participants", "participantCount", "meetingCount", "recruitment",
		"steps.ASK_PRIORITY", "steps.ASK_FITNESS", "steps.ASSESS_PARTICIPANTS", "steps.PLAN_INQUIRY", "steps.FIVE_PARTY_EXCHANGE", "steps.OUTCOME_FORM", "steps.OUTCOME_USE",
		"steps.OUTCOME_EFFECT", "outcomes", "links", "proposals",
	}
	templateLast = []string{"alternativeTitles", "status", "slug"}
)

// templateColumns are all columns of a template: between the first and the last, the
// fields of a case that hold one plain value and have no place yet, so that one which
// the catalog describes is asked for.
var templateColumns = sync.OnceValue(func() []string {
	columns := slices.Clone(templateFirst)
	for _, f := range catalog.NounOf(catalog.KindCase).Fields {
		plain := !f.Head && !f.Many && f.Shape != catalog.ShapeReference && f.Shape != catalog.ShapeEntry
		if plain && f.Name != "year" && f.Name != "unplaced" && !slices.Contains(columns, f.Name) && !slices.Contains(templateLast, f.Name) {
			columns = append(columns, f.Name)
		}
	}
	return append(columns, templateLast...)
})

// helpOf says how a column of a template is filled in. Where there is nothing to say
// of it in particular, that is what the catalog says of its field.
func helpOf(c *column.Column) string {
	if c.Step != "" {
		return "两问三要三明确之" + c.Label + "：" + askOf(c.Step) + "。没有做的留空。"
	}
	if help := helps[c.Name]; help != "" {
		return help
	}
	f := catalog.FieldAt(catalog.KindCase, c.Name)
	if f.Shape == catalog.ShapeDate {
		return f.Meaning.Zh + "。写 2021、2021-07 或 2021-07-15，知道多少写多少。"
	}
	return f.Meaning.Zh + "。"
}

// helps are what is to be said of columns in particular.
var helps = map[string]string{
	"title": "必填。案例的标题，不超过 300 字。", "committee": "从列表中选，或写全称、简称。", "startedOn": "写 2021、2021-07 或 2021-07-15，知道多少写多少。",
	"endedOn": "写法同上，可不填。", "level": "从列表中选；不填则按政协的层级。", "region": "行政区划名称或代码；不填则按政协所在地区。",
	"brand": "从列表中选，或写名称。", "topics": "可写多个，用“；”隔开或各占一行；下拉列表供查找名称。", "summary": "一两句话。",
	"background": "为什么协商。可分段（Alt+回车换行）。", "approach": "怎样协商。可分段。", "results": "取得了什么成效。可分段。", "lessons": "有什么启示。可分段。",
	"participants":     "每行一方：角色｜名称。角色为搭台方、发球方、接球方、相关方，或专家、基层群众。如：搭台方｜某某政协。可再写 ｜政协｜人物｜发言。",
	"participantCount": "整数。", "meetingCount": "整数。", "recruitment": "参加人员怎样产生。",
	"outcomes": "每行一项：成果形式｜运用主体｜运用方式｜成效｜状态｜时间。状态为已报送、获批示、被采纳、已转化落实、未采纳。没有的部分留空，如：调研报告｜区政府｜｜｜被采纳｜2021-07。",
	"links":    "每行一条：标题｜网址。", "proposals": "相关提案的永久链接，多个用“；”隔开。", "alternativeTitles": "案例的其他标题，多个用“；”隔开。",
	"status": "从列表中选；不填则为已发布。", "slug": "只用小写字母、数字和连字符；不填则由标题和政协自动生成。改标题时请保留原来的永久链接，否则会成为另一条记录。",
}

// cellsHelp says how lists stand in cells.
const cellsHelp = "一个格里写多项时，各项之间换行或用“；”隔开；一项有几部分时用“｜”隔开。文字本身含有这些符号时，在前面加反斜杠：\\；  \\｜  \\\\ 。\\n 表示换行。"

// generalHelp stands above the columns on the sheet of instructions.
var generalHelp = []string{
	"每行填一个案例，填在“案例”表中；没有内容的格留空，不要写“无”。",
	"不认识的列、不合格的行，导入时会逐一报告所在的表、行、列和原因，其余照常导入。",
	"列的次序可以改，不用的列可以删；列名可用中文，也可用英文字段名。",
	cellsHelp,
	"以 = + - @ 开头的文字，前面请加一个英文单引号，导入时会去掉。",
	"再次导入同一份表不会产生重复：永久链接相同，或标题和政协相同，就是同一条记录。",
}

// WriteTemplate writes a workbook for committees to fill their cases in: a sheet
// of cases with lists to choose from, a sheet of these lists, and a sheet of
// instructions in Chinese. An import reads it when it is filled in.
func WriteTemplate(w io.Writer, names *Names) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closing := book.Close(); err == nil && closing != nil {
			err = fmt.Errorf("write the template: %w", closing)
		}
	}()
	t := &template{book: book, sheet: catalog.KindCase.Label()}
	steps := []func() error{
		func() error { return book.SetSheetName("Sheet1", t.sheet) },
		t.styles, t.columns,
		func() error { return t.lists(names) },
		t.help,
		func() error { return book.Write(w) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("write the template: %w", err)
		}
	}
	return nil
}

type template struct {
	book         *excelize.File
	sheet        string
	header, text int // ids of styles
}

func (t *template) styles() (err error) {
	if t.header, err = headerStyle(t.book); err != nil {
		return err
	}
	// Text, so that 2021-10 stays what was typed; 49 is Excel's number for it.
	t.text, err = t.book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	return err
}

func headerStyle(book *excelize.File) (int, error) {
	return book.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
}

// columnNamed finds a case's column by its name.
func columnNamed(name string) *column.Column {
	list := column.Of(catalog.KindCase)
	return &list[slices.IndexFunc(list, func(c column.Column) bool { return c.Name == name })]
}

func (t *template) columns() error {
	for i, name := range templateColumns() {
		c := columnNamed(name)
		letters := xlsx.Letters(i + 1)
		header := c.Label
		if name == "title" {
			header += "*"
		}
		if err := t.book.SetColStyle(t.sheet, letters, t.text); err != nil {
			return err
		}
		if err := t.book.SetColWidth(t.sheet, letters, letters, columnWidth(c)); err != nil {
			return err
		}
		if err := t.book.SetCellStr(t.sheet, letters+"1", header); err != nil {
			return err
		}
	}
	if err := t.book.SetCellStyle(t.sheet, "A1", xlsx.Letters(len(templateColumns()))+"1", t.header); err != nil {
		return err
	}
	return t.book.SetPanes(t.sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// lists writes what the columns may be chosen from, and ties the columns to it.
func (t *template) lists(names *Names) error {
	if _, err := t.book.NewSheet(column.ListsSheet); err != nil {
		return err
	}
	lists := []struct {
		column string
		values []string
		only   bool // nothing else may be written
	}{
		{"level", catalog.FieldAt(catalog.KindCase, "level").Enum.Labels(), true},
		{"status", catalog.FieldAt(catalog.KindCase, "status").Enum.Labels(), true},
		{"committee", names.List(catalog.KindCommittee), false},
		{"region", names.List(catalog.KindRegion), false},
		{"brand", names.List(catalog.KindBrand), false},
		{"topics", names.List(catalog.KindTopic), false},
		{"participants.role", catalog.FieldAt(catalog.KindCase, "participants.role").Enum.Labels(), false},
		{"outcomes.status", catalog.FieldAt(catalog.KindCase, "outcomes.status").Enum.Labels(), false},
	}
	for i, l := range lists {
		letters := xlsx.Letters(i + 1)
		of := catalog.FieldAt(catalog.KindCase, l.column)
		values := append([]string{of.Label.Zh}, l.values...)
		if err := t.book.SetSheetCol(column.ListsSheet, letters+"1", &values); err != nil {
			return err
		}
		if err := t.book.SetColWidth(column.ListsSheet, letters, letters, 24); err != nil {
			return err
		}
		if strings.Contains(l.column, ".") || len(l.values) == 0 {
			continue
		}
		if err := t.validate(l.column, fmt.Sprintf("%s!$%s$2:$%s$%d", column.ListsSheet, letters, letters, len(l.values)+1), l.only); err != nil {
			return err
		}
	}
	return t.book.SetCellStyle(column.ListsSheet, "A1", xlsx.Letters(len(lists))+"1", t.header)
}

// validate sets a column a list to choose from.
func (t *template) validate(name, list string, only bool) error {
	letters := xlsx.Letters(slices.Index(templateColumns(), name) + 1)
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s2:%s%d", letters, letters, templateRows+1))
	v.SetSqrefDropList(list)
	v.SetInput(columnNamed(name).Label, catalog.Cut(helpOf(columnNamed(name)), 200))
	v.ShowErrorMessage = only
	if only {
		v.SetError(excelize.DataValidationErrorStyleStop, columnNamed(name).Label, "请从列表中选择")
	}
	return t.book.AddDataValidation(t.sheet, v)
}

func (t *template) help() error {
	if _, err := t.book.NewSheet(column.HelpSheet); err != nil {
		return err
	}
	rows := [][]string{{"填写说明"}}
	for i, h := range generalHelp {
		rows = append(rows, []string{fmt.Sprintf("%d. %s", i+1, h)})
	}
	rows = append(rows, nil, []string{"列", "怎么填", "英文列名"})
	header := len(rows)
	for _, name := range templateColumns() {
		c := columnNamed(name)
		rows = append(rows, []string{c.Label, helpOf(c), name})
	}
	for i, r := range rows {
		if err := t.book.SetSheetRow(column.HelpSheet, fmt.Sprintf("A%d", i+1), &r); err != nil {
			return err
		}
	}
	for _, width := range []struct {
		column string
		width  float64
	}{{"A", 20}, {"B", 100}, {"C", 28}} {
		if err := t.book.SetColWidth(column.HelpSheet, width.column, width.column, width.width); err != nil {
			return err
		}
	}
	return t.book.SetCellStyle(column.HelpSheet, fmt.Sprintf("A%d", header), fmt.Sprintf("C%d", header), t.header)
}

// Notation describes, in Chinese and English, how lists stand in cells, for the
// help of commands.
const Notation = `单元格中的列表：各项之间换行或用“；”隔开；一项有几部分时用“｜”隔开，如
搭台方｜某某政协；部分内的列表用“、”。文字本身含有这些符号时前面加反斜杠，\n 为换行。
Lists in cells: entries on lines of their own or with ； between them, the parts of
an entry with ｜, a list within a part with 、; a backslash before any of these
means the character itself, and \n is a line break.
`

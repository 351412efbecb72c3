package column

// What the files that jisi writes say of themselves, for whoever reads them again.
const (
	// HelpSheet and ListsSheet are the sheets of a template that hold no records.
	HelpSheet  = "填写说明"
	ListsSheet = "选项"

	// SyntheticMark stands below the title of a case that a generator made.
	SyntheticMark = "（合成数据，并非真实案例）"

	// Ditto in the place of a slug says that the row continues the one above: its cells
	// are added to that row's. XLSX has room for 32,767 characters in a cell, and a text
	// of a record for more.
	Ditto = "〃"
)

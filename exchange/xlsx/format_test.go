package xlsx

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersAreReadAsTheirCellsShowThem(t *testing.T) {
	const day = 44378 // 2021-07-01
	tests := []struct {
		code  string
		value float64
		want  string
	}{
		{"General", 0.1 + 0.2, "0.3"},
		{"General", 2021.1, "2021.1"},
		{"General", 123456789012, "123456789012"},
		{"0.00", 2021.1, "2021.10"},
		{"0%", 0.85, "85%"},
		{"0.0%", 0.855, "85.5%"},
		{"#,##0.00", 12345.6, "12,345.60"},
		{"#,##0", -1234567, "-1,234,567"},
		{"#,##0_);(#,##0)", -45, "(45)"},
		{`¥#,##0;¥-#,##0`, -1234, "¥-1,234"},
		{`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, 45, "45"},
		{`0"人"`, 45, "45人"},
		{"000000", 104, "000104"},
		{`0!.0,"万"`, 44378, "4.4万"},
		{`0!.0000"万"`, 44378, "4.4378万"},
		{`0!.0,"万"`, 3000, "0.3万"},
		{`#,##0,"千元"`, 1234567, "1,235千元"},
		{`0.0,,"百万"`, 12345678, "12.3百万"},
		{`000-0000`, 1234567, "123-4567"},
		{"0.##", 45.5, "45.5"},
		{"0.0", 2.05, "2.1"},
		{"0.00", 9.125, "9.13"},
		{"0.00", 1.005, "1.01"},
		{"0.0%", 0.2395, "24.0%"},
		{"0", -2.5, "-3"},
		{"#,##0", 0.5, "1"},
		{`[>=10000]0!.0,"万";0"元"`, 44378, "4.4万"},
		{`[>=10000]0!.0,"万";0"元"`, 980, "980元"},
		{`[>999999]#,,"M";[>999]#,"K";#`, 1, "1"},
		{`[>999999]#,,"M";[>999]#,"K";#`, 1500, "2K"},
		{`[=1]"是";[=0]"否";0`, 1, "是"},
		{`[=1]"是";[=0]"否";0`, 0, "否"},
		{`[<0]"";0%`, 0.5, "50%"},
		{`"已办结";;"未办结"`, 1, "已办结"},
		{`"已办结";;"未办结"`, 0, "未办结"},
		{`0;;`, -3, "-3"}, // a number that a format hides is read all the same
		{`General"人"`, 45, "45人"},
		{"@", 2021, "2021"},
		{`yyyy"年"m"月"`, day, "2021年7月"},
		{`[$-804]yyyy"年"m"月";@`, day, "2021年7月"},
		{`[DBNum1][$-804]yyyy"年"m"月"d"日"`, day, "2021年7月1日"},
		{`yyyy"年"`, day, "2021年"},
		{"yyyy-mm", day, "2021-07"},
		{"yyyy.m", 44562, "2022-01"}, // 2022.1 alone could be October
		{"mmm-yy", day, "2021-07"},
		{"m/d/yyyy", day, "2021-07-01"},
		{"yyyy/m/d", day, "2021/7/1"},
		{"[$-F800]dddd, mmmm dd, yyyy", day, "2021-07-01"},
		{"yyyy-mm-dd hh:mm", day + 0.5, "2021-07-01 12:00"},
		{"yyyy-mm-dd hh:mm", day, "2021-07-01"},
		{`m"月"d"日"`, day, "7月1日"}, // the year that its cell holds is the one in which it was typed
		{`yyyy"年"m"月"d"日"`, 59, "1900年2月28日"},
	}
	for _, tt := range tests {
		b := &Book{formats: []numberFormat{parseFormat(tt.code)}}
		if got := b.show(strconv.FormatFloat(tt.value, 'g', -1, 64), 0); got != tt.want {
			t.Errorf("%s of %v shows %q, want %q", tt.code, tt.value, got, tt.want)
		}
	}
}

func TestEastAsianFormatsWithoutACodeAreKnown(t *testing.T) {
	for id, want := range map[int]string{14: "2021/7/1", 17: "2021年7月", 27: "2021年7月", 31: "2021年7月1日", 36: "2021年7月", 50: "2021年7月", 52: "2021年7月", 57: "2021年7月", 58: "7月1日"} {
		b := &Book{formats: []numberFormat{parseFormat(builtIn[id])}}
		if got := b.show("44378", 0); got != want {
			t.Errorf("format %d shows %q, want %q", id, got, want)
		}
	}
}

func TestDaysAreCountedFrom1904WhereTheWorkbookSaysSo(t *testing.T) {
	b := &Book{date1904: true, formats: []numberFormat{parseFormat("yyyy-mm-dd")}}
	if got := b.show("42920", 0); got != "2021-07-05" {
		t.Errorf("shows %q", got)
	}
}

func TestNoFormatEndsTheReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringOfN(rapid.RuneFrom([]rune(`yYmMdDhHsSeEgGaApP/0#?.,%@;:"\\_*[]()<>=- 年月日$Bb1General`)), 0, 20, -1).Draw(t, "code")
		b := &Book{formats: []numberFormat{parseFormat(code)}}
		b.show(rapid.SampledFrom([]string{"0", "-1.5", "44378.25", "1e300", "x"}).Draw(t, "value"), 0)
	})
}

package rerank

import "strings"

// askingWhen is what questions for a date have in them, folded.
var askingWhen = strings.Fields("何时 什么时候 甚么时候 什么时间 哪年 哪一年 哪个年代 什么年代 哪天 哪一天 哪个世纪 哪一世纪 哪一个世纪 几年 几月 几号 几日")

// asksWhen reports whether a folded query asks for a date.
func asksWhen(query string) bool {
	for _, w := range askingWhen {
		if strings.Contains(query, w) {
			return true
		}
	}
	return false
}

// isDate reports whether a run of letters or digits is of a date, as far as it and the
// character after it tell: a year may stand in brackets, or in a span.
func isDate(run string, next rune) bool {
	for i := range len(run) {
		if run[i] < '0' || run[i] > '9' {
			return false
		}
	}
	return strings.ContainsRune("年月日世", next) || len(run) == 4 && (run[0] == '1' || run[0] == '2')
}

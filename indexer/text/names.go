package text

// A name of letters and digits is one word, and so are its parts: pm2.5, 5g, c919,
// e-gov, 2023-05.

// joinsName reports whether a mark between letters or digits is a part of a name.
func joinsName(r rune) bool { return r == '.' || r == '-' || r == '_' }

func isASCIIDigit(r rune) bool { return r >= '0' && r <= '9' }

func isASCIIWord(r rune) bool { return r >= 'a' && r <= 'z' || isASCIIDigit(r) }

// Names calls yield with each stretch of a folded text that is a name of more than one
// part: letters beside digits, or with a full stop, hyphen or underline between.
func Names(f []rune, yield func(start, end int)) {
	for i := 0; i < len(f); {
		if !isASCIIWord(f[i]) {
			i++
			continue
		}
		start, mixed := i, false
		for i++; i < len(f); i++ {
			if isASCIIWord(f[i]) {
				mixed = mixed || isASCIIWord(f[i-1]) && isASCIIDigit(f[i]) != isASCIIDigit(f[i-1])
				continue
			}
			if !joinsName(f[i]) || i+1 == len(f) || !isASCIIWord(f[i+1]) {
				break
			}
			mixed = true
		}
		if mixed && i-start <= LongestPart && (start == 0 || !IsWordRune(f[start-1]) || IsHan(f[start-1])) && (i == len(f) || !IsWordRune(f[i]) || IsHan(f[i])) {
			yield(start, i)
		}
	}
}

// NameParts calls yield with the parts of a name: what stands between its marks, the
// letters and the digits of that, and decimal numbers.
func NameParts(f []rune, start, end int, yield func(from, to int)) {
	for i := start; i < end; {
		if !isASCIIWord(f[i]) {
			i++
			continue
		}
		run := i
		for run < end && isASCIIWord(f[run]) {
			run++
		}
		if run-i < end-start {
			yield(i, run)
		}
		for from := i; from < run; {
			to := from + 1
			for to < run && isASCIIDigit(f[to]) == isASCIIDigit(f[from]) {
				to++
			}
			if to-from < run-i {
				yield(from, to)
			}
			if to == run && isASCIIDigit(f[from]) && from > start {
				if decimal := decimalEnd(f, to, end); decimal > to {
					yield(from, decimal)
				}
			}
			from = to
		}
		i = run
	}
}

// decimalEnd returns the end of the decimal places behind a whole number that ends at
// to, or to.
func decimalEnd(f []rune, to, end int) int {
	if to+1 >= end || f[to] != '.' || !isASCIIDigit(f[to+1]) {
		return to
	}
	for to++; to < end && isASCIIDigit(f[to]); {
		to++
	}
	return to
}

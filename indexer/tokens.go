package indexer

// grams gives the characters and the pairs of neighbouring characters of a
// folded text. A run of letters or digits counts as one character: 2021 is
// found by 2021, and "e支部" by e支. Nothing pairs across a space or a mark.
func grams(f []rune, yield func(gram string, start, end int)) {
	prev := -1 // where the part before this one starts; -1 where there is none
	for i := 0; i < len(f); {
		if !isWordRune(f[i]) {
			prev = -1
			i++
			continue
		}
		end := partEnd(f, i)
		yield(string(f[i:end]), i, end)
		if prev >= 0 {
			yield(string(f[prev:end]), prev, end)
		}
		prev, i = i, end
	}
}

// partEnd gives the end of the character, or of the run of letters or digits,
// that starts at i.
func partEnd(f []rune, i int) int {
	end := i + 1
	if isHan(f[i]) {
		return end
	}
	for end < len(f) && end-i < longestPart && isWordRune(f[end]) && !isHan(f[end]) {
		end++
	}
	return end
}

// longestPart bounds a run of letters, so that a text without spaces does not
// become one endless term.
const longestPart = 40

// parts counts the characters and runs of a folded text.
func parts(f []rune) int {
	n := 0
	for i := 0; i < len(f); {
		if !isWordRune(f[i]) {
			i++
			continue
		}
		n++
		i = partEnd(f, i)
	}
	return n
}

package text

import "unicode/utf8"

// Grams returns the characters and the pairs of neighbouring characters of a
// folded text. A run of letters or digits counts as one character: 2021 is
// found by 2021, and "e支部" by e支. Nothing pairs across a space or a mark, but a
// name such as pm2.5 is one gram too.
func Grams(f []rune, yield func(gram string, start, end int)) {
	text := string(f) // the grams are parts of it: there are two for each character of every text
	prev := -1        // where the part before this one starts; -1 where there is none
	prevByte, startByte := 0, 0
	for i := 0; i < len(f); {
		if !IsWordRune(f[i]) {
			prev = -1
			startByte += runeBytes(f[i])
			i++
			continue
		}
		end := PartEnd(f, i)
		endByte := startByte
		for _, r := range f[i:end] {
			endByte += runeBytes(r)
		}
		yield(text[startByte:endByte], i, end)
		if prev >= 0 {
			yield(text[prevByte:endByte], prev, end)
		}
		prev, prevByte = i, startByte
		i, startByte = end, endByte
	}
	Names(f, func(start, end int) {
		if PartEnd(f, start) < end {
			yield(string(f[start:end]), start, end)
		}
	})
}

// IndexGrams calls pair or other with each of the grams that a text is found by: those
// of Grams, and the parts of its names, pm of pm2.5 and g of 5g. pair gets those of one
// Chinese character, with 0 for b, or of two, which are nearly all; other gets the rest.
func IndexGrams(f []rune, pair func(a, b rune), other func(gram string)) {
	prev := -1 // where the part before this one starts; -1 where there is none
	for i := 0; i < len(f); {
		if !IsWordRune(f[i]) {
			prev = -1
			i++
			continue
		}
		end := PartEnd(f, i)
		if IsHan(f[i]) && (prev < 0 || IsHan(f[prev])) {
			pair(f[i], 0)
			if prev >= 0 {
				pair(f[prev], f[i])
			}
		} else {
			other(string(f[i:end]))
			if prev >= 0 {
				other(string(f[prev:end]))
			}
		}
		prev = i
		i = end
	}
	Names(f, func(start, end int) {
		if PartEnd(f, start) < end {
			other(string(f[start:end]))
		}
		NameParts(f, start, end, func(from, to int) {
			if from == start && to == end || PartEnd(f, from) == to && (from == 0 || !IsWordRune(f[from-1]) || IsHan(f[from-1])) {
				return // Grams has it
			}
			other(string(f[from:to]))
		})
	})
}

// runeBytes is how many bytes a character takes in a string made of it: what is
// no character takes those of the one that stands for such.
func runeBytes(r rune) int {
	if n := utf8.RuneLen(r); n > 0 {
		return n
	}
	return utf8.RuneLen(utf8.RuneError)
}

// PartEnd returns the end of the character, or of the run of letters or digits,
// that starts at i.
func PartEnd(f []rune, i int) int {
	end := i + 1
	if IsHan(f[i]) {
		return end
	}
	for end < len(f) && end-i < LongestPart && IsWordRune(f[end]) && !IsHan(f[end]) {
		end++
	}
	return end
}

// LongestPart bounds a run of letters, so that a text without spaces does not
// become one endless term.
const LongestPart = 40

// CountParts counts the characters and runs of a folded text.
func CountParts(f []rune) int {
	n := 0
	for i := 0; i < len(f); {
		if !IsWordRune(f[i]) {
			i++
			continue
		}
		n++
		i = PartEnd(f, i)
	}
	return n
}

package text

import (
	"golang.org/x/text/encoding/simplifiedchinese"
)

// added are the two-byte codes of GB 18030-2022 that golang.org/x/text v0.43.0
// reads as U+FFFD: forms for vertical text, ḿ, and characters and components that
// earlier editions kept in the private use area.
var added = map[[2]byte]rune{
	{0xA6, 0xD9}: 0xFE10, {0xA6, 0xDA}: 0xFE12, {0xA6, 0xDB}: 0xFE11, {0xA6, 0xDC}: 0xFE13, {0xA6, 0xDD}: 0xFE14, {0xA6, 0xDE}: 0xFE15,
	{0xA6, 0xDF}: 0xFE16, {0xA6, 0xEC}: 0xFE17, {0xA6, 0xED}: 0xFE18, {0xA6, 0xF3}: 0xFE19, {0xA8, 0xBC}: 0x1E3F,
	{0xFE, 0x51}: 0x20087, {0xFE, 0x52}: 0x20089, {0xFE, 0x53}: 0x200CC, {0xFE, 0x59}: 0x9FB4, {0xFE, 0x61}: 0x9FB5, {0xFE, 0x66}: 0x9FB6,
	{0xFE, 0x67}: 0x9FB7, {0xFE, 0x6C}: 0x215D7, {0xFE, 0x6D}: 0x9FB8, {0xFE, 0x76}: 0x2298F, {0xFE, 0x7E}: 0x9FB9, {0xFE, 0x90}: 0x9FBA,
	{0xFE, 0x91}: 0x241FE, {0xFE, 0xA0}: 0x9FBB,
}

// FromGB18030 returns a line in UTF-8. column, in code points from 1, is where a
// byte is not GB18030, or 0. The library decodes all but the codes of added, so
// only a line in which it finds no character is read again around these.
func FromGB18030(line []byte) (text []byte, column int) {
	text, column = decodeGB18030(line)
	if column == 0 {
		return text, 0
	}
	var whole []byte
	start := 0
	for i := 0; i < len(line); {
		n := lengthGB18030(line[i:])
		if n == 2 {
			if r, ok := added[[2]byte(line[i:i+2])]; ok {
				before, _ := decodeGB18030(line[start:i])
				whole = append(append(whole, before...), string(r)...)
				start = i + n
			}
		}
		i += n
	}
	rest, _ := decodeGB18030(line[start:])
	whole = append(whole, rest...)
	return whole, replaced(whole)
}

// lengthGB18030 returns how many bytes the code at the beginning of s has.
func lengthGB18030(s []byte) int {
	switch {
	case len(s) < 2 || s[0] < 0x81 || s[0] == 0xFF:
		return 1
	case s[1] >= 0x40 && s[1] != 0x7F && s[1] != 0xFF:
		return 2
	case s[1] >= 0x30 && s[1] <= 0x39 && len(s) >= 4:
		return 4
	}
	return 1
}

func decodeGB18030(line []byte) (text []byte, column int) {
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
	if err != nil {
		return nil, 1
	}
	return text, replaced(text)
}

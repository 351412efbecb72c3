package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// WithoutNames returns the words of a question, folded, each once and in the order of the
// alphabet, without whatever may tell of somebody: digits and letters, single characters,
// what no dictionary has, names of persons, places and organisations, and what follows a
// family name. Words that say nothing, as stop words, are left out too.
func (w *Words) WithoutNames(question string) []string {
	f := w.FoldQuery(question).Runes
	if len(f) == 0 {
		return nil
	}
	<-w.loaded
	var out []string
	family := false // what stands before is a character that begins names
	for _, t := range w.tagged(string(f)) {
		word, tag := t[0], t[1]
		after := family
		family = utf8.RuneCountInString(word) <= 2 && strings.Contains(familyNames, " "+word+" ")
		if after || family || w.Stop[word] || namesPerson(word, tag) || utf8.RuneCountInString(word) < 2 || !AllHan([]rune(word)) || namesSomebody(tag) || w.namesPlace(word) {
			continue
		}
		out = append(out, word)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// tagged cuts a text into words of jieba's dictionary, with their tags. What jieba makes a
// word of that its dictionary does not have is cut again by the dictionary alone, 没人接
// to 没人 and 接, unless that begins with a single character, as names do.
func (w *Words) tagged(text string) (out [][2]string) {
	for _, t := range w.jieba.Tag(text) {
		i := strings.LastIndexByte(t, '/')
		if i < 0 {
			continue
		}
		word, tag := t[:i], t[i+1:]
		parts := []string{word}
		if tag == "x" && AllHan([]rune(word)) {
			parts = w.jieba.Cut(word, false)
		}
		if len(parts) < 2 || utf8.RuneCountInString(parts[0]) < 2 {
			out = append(out, [2]string{word, tag})
			continue
		}
		for _, part := range parts {
			tag := "x"
			if again := w.jieba.Tag(part); len(again) == 1 {
				tag = again[0][strings.LastIndexByte(again[0], '/')+1:]
			}
			out = append(out, [2]string{part, tag})
		}
	}
	return out
}

// namesSomebody reports whether jieba's tag is that of a name (nr, ns, nt, nz), a number
// (m), letters (eng) or of what its dictionary does not have (x). The words of our own
// dictionary without a tag are none.
func namesSomebody(tag string) bool {
	for _, t := range []string{"nr", "ns", "nt", "nz", "m", "eng", "x"} {
		if strings.HasPrefix(tag, t) && (t != "m" || tag == "m" || tag == "mq") {
			return true
		}
	}
	return false
}

// namesPerson reports whether a word that jieba does not tag as a name is one all the
// same: in its dictionary some are words of time (周恩来) or abbreviations (毛主席), and
// some plain words.
func namesPerson(word, tag string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return utf8.RuneCountInString(word) == 3 && (tag == "t" || tag == "j") && strings.Contains(familyNames, " "+string(first)+" ") ||
		strings.Contains(taggedOtherwise, " "+word+" ")
}

// taggedOtherwise are the names of persons that are plain words in jieba's dictionary.
const taggedOtherwise = " 周恩来 周作人 刘澜涛 林兆枢 李英淑 王德槟 朱幼棣 何清涟 龙应台 程大位 文花枝 毛主席 江主席 "

// namesPlace reports whether a word ends as names of places and bodies do that the
// dictionary has as plain words.
func (w *Words) namesPlace(word string) bool {
	for _, end := range []string{"政协", "委员会", "街道", "村委会", "派出所", "公司"} {
		if strings.HasSuffix(word, end) && word != end {
			return true
		}
	}
	return false
}

// familyNames are the most common ones of one character, and of two.
const familyNames = " 王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 段 雷 汤 尹 黎 易 武 乔 贺 赖 龚 文 欧阳 上官 司马 诸葛 "

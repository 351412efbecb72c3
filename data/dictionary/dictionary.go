// Package dictionary embeds the word lists by which the search index cuts
// Chinese text. It knows nothing of how they are used; indexer does.
package dictionary

import "embed"

// Files holds, at its top level:
//
//   - jieba.dict.utf8 and hmm_model.utf8: jieba's own dictionary and model
//   - domain.utf8: the words of this domain that must stay whole, one "word tag"
//     a line
//   - idf.utf8 and stop_words.utf8: one line each, since jieba insists on files
//     that this project has no use for
//   - stop.txt: the words that a question is made of but that say nothing about
//     what is asked, one a line; left out of queries, never out of the index
//   - readings.txt: words in which a character is not read as it mostly is, with
//     their syllables
//   - radicals.txt: the characters that radicals look like, as Unicode has them
//
//go:embed *.utf8 stop.txt readings.txt radicals.txt
var Files embed.FS

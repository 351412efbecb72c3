// Package synthetic makes up records for tests of load and of search: cases
// with their four parts, brands, proposals, adoptions, venues, evaluations and
// persons, as JSON Lines for exchange.Import.
//
// The committees and topics that they refer to are the real ones that come with
// the binary; all else is invented, and says so: every record's origin is
// SYNTHETIC, its slug begins with "synthetic-" and the seed, titles and names
// end in “（合成N号）”, and summaries begin with “【合成数据】”. The texts name no
// real committee, region, person or enterprise; places are put together from
// two lists of characters. The mark stands in every record alike, so that it
// weighs next to nothing in a ranking by rarity of words.
//
// Texts are put together from the sentences in words/sentences.txt, whose gaps
// are filled from one vocabulary a topic (words/themes) and a general one. Nouns
// are drawn by Zipf's law, so that words have the uneven frequencies that a
// search engine meets in the wild.
package synthetic

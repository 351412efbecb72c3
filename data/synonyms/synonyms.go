// Package synonyms embeds the words that mean the same to the people of a
// consultative committee. It knows nothing of how they are used; indexer does.
package synonyms

import _ "embed"

// Text is the list: a comment after #, one group a line, words separated by
// spaces; "a b => c" goes one way only.
//
//go:embed synonyms.txt
var Text string

package indexer

import (
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
)

// Whoever adds a facet learns here what of the index it forgot.
func TestEachFacetHasALetterAndKeys(t *testing.T) {
	written := map[byte]bool{}
	for term := range newRecord(testWords(), specimen()).values[fieldKeys].Counts() {
		written[term[0]] = true
	}
	by := map[byte]string{}
	for _, f := range catalog.Facets {
		letter, ok := document.FacetLetters[f.Name]
		switch {
		case !ok:
			t.Errorf("%s has no line in FacetLetters (indexer/document/fields.go)", f.Name)
		case by[letter] != "":
			t.Errorf("%s and %s have one letter in FacetLetters (indexer/document/fields.go)", f.Name, by[letter])
		case !written[letter]:
			t.Errorf("%s has no key: documentKeys (indexer/record.go) writes none, or the specimen (indexer/fingerprint.go) has no value for it", f.Name)
		}
		by[letter] = f.Name
	}
	if len(document.FacetLetters) != facetCount {
		t.Errorf("FacetLetters (indexer/document/fields.go) has %d lines, catalog.Facets has %d", len(document.FacetLetters), facetCount)
	}
}

package exchange

import (
	"crypto/sha256"
	"fmt"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// twins knows the records of an import whose slugs were made from their titles
// and committees. Two that differ would have one slug, and the later would be
// written over the earlier: it gets a slug with a number behind it instead, the
// same each time that the files come in this order.
type twins map[key]*twinsOf

type twinsOf struct {
	first  Place
	slugs  []string
	digest [][sha256.Size]byte // of what stands under each slug
}

// apart sets a record a slug of its own where an earlier one has it, and returns
// a note of that.
func (t twins) apart(r *record) (note record, told bool) {
	if !r.made || r.err != nil {
		return record{}, false
	}
	line, err := jsonl.Encode(r.input)
	if err != nil {
		return record{}, false // who writes it says so
	}
	digest := sha256.Sum256(line)
	k := keyOf(r.input)
	all := t[k]
	if all == nil {
		t[k] = &twinsOf{first: r.place, slugs: []string{k.slug}, digest: [][sha256.Size]byte{digest}}
		return record{}, false
	}
	for i, d := range all.digest {
		if d == digest {
			r.input.Head().Slug = all.slugs[i]
			return record{}, false
		}
	}
	slug := fmt.Sprintf("%s-%d", k.slug, len(all.slugs)+1)
	all.slugs, all.digest = append(all.slugs, slug), append(all.digest, digest)
	r.input.Head().Slug = slug
	return record{place: r.place, err: twin(all.first, slug), note: true}, true
}

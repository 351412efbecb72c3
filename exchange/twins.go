package exchange

import (
	"crypto/sha256"
	"fmt"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// twins knows the records of an import whose slugs were made from their titles
// and committees. Two that differ would have one slug, and the later would be
// written over the earlier: it gets a slug with a number behind it instead, the
// same each time that the files come in this order.
type twins map[key]*twinsOf

type twinsOf struct {
	first  reading.Place
	slugs  []string
	digest [][sha256.Size]byte // of what stands under each slug
}

// apart sets a record a slug of its own where an earlier one has it, and returns
// a note of that.
func (t twins) apart(r *reading.Record) (note reading.Record, told bool) {
	if !r.Made || r.Err != nil {
		return reading.Record{}, false
	}
	line, err := jsonl.Encode(r.Input)
	if err != nil {
		return reading.Record{}, false // who writes it says so
	}
	digest := sha256.Sum256(line)
	k := keyOf(r.Input)
	all := t[k]
	if all == nil {
		t[k] = &twinsOf{first: r.Place, slugs: []string{k.slug}, digest: [][sha256.Size]byte{digest}}
		return reading.Record{}, false
	}
	for i, d := range all.digest {
		if d == digest {
			r.Input.Head().Slug = all.slugs[i]
			return reading.Record{}, false
		}
	}
	slug := fmt.Sprintf("%s-%d", k.slug, len(all.slugs)+1)
	all.slugs, all.digest = append(all.slugs, slug), append(all.digest, digest)
	r.Input.Head().Slug = slug
	return reading.Record{Place: r.Place, Err: reading.Twin(all.first, slug), Note: true}, true
}

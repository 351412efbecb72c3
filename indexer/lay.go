package indexer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// SetLayWords replaces the lay words that find office words as well. Both are folded.
// It is safe beside searches, each of which goes by the words of before or after.
func (x *Index) SetLayWords(pairs []catalog.LayWord) {
	table := make([][2]string, len(pairs))
	for i, p := range pairs {
		table[i] = [2]string{p.Lay, p.Office}
	}
	x.words.SetLayWords(table)
	x.layWords.Add(1)
}

// LayWordsVersion counts up whenever lay words are replaced.
func (x *Index) LayWordsVersion() uint64 { return x.layWords.Load() }

// WithoutNames returns of a question what may be kept; see text.Words.WithoutNames.
func (x *Index) WithoutNames(question string) []string { return x.words.WithoutNames(question) }

// SuggestedLayWord is a pair that what readers asked and opened suggests.
type SuggestedLayWord struct {
	catalog.LayWord
	Questions int     // different ones that have the lay word, and after which a record with the office word was opened
	Records   int     // different ones that were
	Share     float64 // of the questions that have the lay word
}

// A pair is suggested where at least so much of the questions with the lay word led to
// records with the office word, and so many times more than questions in general.
const (
	layShare = 0.5
	layLift  = 1.5
)

// SuggestLayWords pairs words of questions with words of the titles and topics of the
// records that were opened after them: pairs of at least so many different questions and
// different records, of which the lay word stands in none of the records' texts, the more
// questions first. Pairs that are accepted already, and synonyms, are left out.
func SuggestLayWords(w *Words, opened []catalog.AskedOpened, documents []*catalog.Document, accepted []catalog.LayWord, least int) []SuggestedLayWord {
	type about struct {
		office []string
		text   string
	}
	records := map[catalog.ID]about{}
	for _, d := range documents {
		var b about
		for _, s := range append([]string{d.Title}, d.Names.Topics...) {
			f := w.Fold(s).Runes
			for _, t := range w.CutPlain(f) {
				if w.IsContent(t.Text) && text.AllHan([]rune(t.Text)) && !slices.Contains(b.office, t.Text) {
					b.office = append(b.office, t.Text)
				}
			}
			if n := len(f); n >= 2 && n <= 8 && s != d.Title && text.AllHan(f) && !slices.Contains(b.office, string(f)) {
				b.office = append(b.office, string(f)) // a topic's name as a whole
			}
		}
		for _, t := range document.Texts(d) {
			b.text += w.Fold(t.Text).String() + "\n"
		}
		records[d.ID] = b
	}
	type set = map[string]bool
	// Questions, by a word of theirs, and by a word of records opened after them that they
	// do not have: who asks for 商圈 and gets it says nothing of what 商圈 is usual for.
	questions, general := map[string]set{}, map[string]set{}
	all := set{}
	type support struct {
		questions set
		records   map[catalog.ID]bool
	}
	pairs := map[catalog.LayWord]*support{}
	for _, o := range opened {
		r, ok := records[o.Record]
		if !ok {
			continue
		}
		question := strings.Join(o.Words, " ")
		all[question] = true
		for _, office := range r.office {
			if !slices.Contains(o.Words, office) {
				note(general, office, question)
			}
		}
		for _, lay := range o.Words {
			note(questions, lay, question)
			if n := len([]rune(lay)); n > 8 || strings.Contains(r.text, lay) {
				continue
			}
			for _, office := range r.office {
				p := catalog.LayWord{Lay: lay, Office: office}
				if slices.Contains(o.Words, office) || slices.Contains(accepted, p) || slices.Contains(w.SynonymsOf(lay), office) {
					continue
				}
				if pairs[p] == nil {
					pairs[p] = &support{set{}, map[catalog.ID]bool{}}
				}
				pairs[p].questions[question], pairs[p].records[o.Record] = true, true
			}
		}
	}
	var out []SuggestedLayWord
	for p, s := range pairs {
		share := float64(len(s.questions)) / float64(len(questions[p.Lay]))
		usual := float64(len(general[p.Office])) / float64(len(all)-len(questions[p.Office]))
		if len(s.questions) >= least && len(s.records) >= least && share >= layShare && share >= layLift*usual {
			out = append(out, SuggestedLayWord{p, len(s.questions), len(s.records), share})
		}
	}
	slices.SortFunc(out, func(a, b SuggestedLayWord) int {
		return cmp.Or(cmp.Compare(b.Questions, a.Questions), cmp.Compare(b.Records, a.Records), cmp.Compare(b.Share, a.Share), cmp.Compare(a.Lay, b.Lay), cmp.Compare(a.Office, b.Office))
	})
	return out
}

func note(m map[string]map[string]bool, key, value string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][value] = true
}

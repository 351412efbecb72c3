// Package permalink makes the permalinks of records that a file brings none for: a title in
// pinyin and a few digits that tell records of one title apart.
package permalink

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/script"
)

// maxPinyin is the length of a made slug before its hash.
const maxPinyin = 60

// Make returns the slug of a record that brings none, which is the same each time
// that it comes: its title in pinyin, and eight digits of a hash of its kind,
// committee and title. The committee counts as the file writes it, so that a file that
// names it otherwise makes another record. former is the slug that versions made which
// knew readings by the character only (长春 was zhang-chun); "" where it is the same.
func Make(kind catalog.RecordKind, committee, title string) (slug, former string) {
	key := norm.NFC.String(strings.Join(strings.Fields(committee), "") + "\x00" + strings.Join(strings.Fields(title), ""))
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + key))
	hash := hex.EncodeToString(sum[:4])
	with := func(spelling string) string { return strings.TrimPrefix(spelling+"-"+hash, "-") }
	if slug, former = with(Spell(title)), with(formerSpelling(title)); former == slug {
		former = ""
	}
	return slug, former
}

// Spell returns a title in pinyin as a slug has it, "" where nothing in it can be
// spelt: lower-case syllables and words with hyphens between them, without what has
// no spelling and what is beyond maxPinyin. Words decide how their characters are
// read (长春 chang-chun, 校长 xiao-zhang), and what is written in another form is read
// as the plain one.
func Spell(title string) string {
	tables, err := script.Load()
	if err != nil {
		return formerSpelling(title) // the tables are embedded; a test reads them
	}
	f := tables.Fold(title).Runes
	syllables := tables.Of(f)
	return spelling(f, func(i int, _ rune) string {
		if len(syllables[i]) == 0 {
			return ""
		}
		return syllables[i][0]
	})
}

// formerSpelling returns what Spell returned before it knew words.
func formerSpelling(title string) string {
	args := pinyin.NewArgs()
	return spelling([]rune(norm.NFKC.String(title)), func(_ int, r rune) string {
		return strings.ReplaceAll(strings.Join(pinyin.SinglePinyin(r, args), "-"), "ü", "v")
	})
}

// spelling joins letters, digits and the syllables of the other characters.
func spelling(title []rune, syllable func(i int, r rune) string) string {
	var b strings.Builder
	word := false // within letters and digits
	for i, r := range title {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if !word && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteString(strings.ToLower(string(r)))
			word = true
		default:
			word = false
			if s := syllable(i, r); s != "" {
				if b.Len() > 0 {
					b.WriteByte('-')
				}
				b.WriteString(s)
			}
		}
		if b.Len() > maxPinyin {
			break
		}
	}
	s := b.String()
	if len(s) > maxPinyin {
		s = s[:strings.LastIndexByte(s[:maxPinyin+1], '-')+1]
	}
	return strings.Trim(s, "-")
}

// Give makes a slug for a record that has none and is of a kind whose records
// have a title or name.
func Give(in catalog.Input) {
	head := in.Head()
	if head.Slug != "" {
		return
	}
	switch in := in.(type) {
	case *catalog.CaseInput:
		head.Slug, head.FormerSlug = slugFor(in.Kind(), in.Committee, in.Title)
	case *catalog.ProposalInput:
		head.Slug, head.FormerSlug = slugFor(in.Kind(), in.Number, in.Title)
	case *catalog.BrandInput:
		head.Slug, head.FormerSlug = slugFor(in.Kind(), in.Committee, in.Name)
	case *catalog.VenueInput:
		head.Slug, head.FormerSlug = slugFor(in.Kind(), in.Committee, in.Name)
	case *catalog.PersonInput:
		head.Slug, _ = slugFor(in.Kind(), strings.Join(append([]string{in.Committee}, in.Offices...), " "), in.Name)
	case *catalog.ActivityInput:
		head.Slug, _ = slugFor(in.Kind(), in.Committee+string(in.OccurredOn), in.Title)
	case *catalog.PracticeInput:
		head.Slug, _ = slugFor(in.Kind(), in.Committee, in.Title)
	case *catalog.EvaluationRoundInput:
		head.Slug, _ = slugFor(in.Kind(), in.Committee, fmt.Sprintf("%d pingjia", in.Year))
	case *catalog.EvaluationInput:
		head.Slug, _ = slugFor(in.Kind(), fmt.Sprint(in.Committee, in.Year), in.Department)
	}
}

// slugFor leaves a record without a title without a slug, which is refused.
func slugFor(kind catalog.RecordKind, committee, title string) (slug, former string) {
	if strings.TrimSpace(title) == "" {
		return "", ""
	}
	return Make(kind, committee, title)
}

// SpellPersons sets for the persons that an input makes the permalinks that they are
// to have.
func SpellPersons(in catalog.Input) {
	for _, mention := range catalog.NewPersons(in) {
		(*mention.New).Slug = Spell((*mention.New).Name)
	}
}

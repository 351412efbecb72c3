package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxPinyin is the length of a made slug before its hash.
const maxPinyin = 60

// makeSlug sets a record that brings no slug one that is the same each time
// that it comes: its title in pinyin, and eight digits of a hash of its kind,
// committee and title. Where a character has several readings, pinyin takes the
// most common; the hash is what tells records apart. The committee counts as
// the file writes it, so that a file that names it otherwise makes another
// record.
func makeSlug(kind catalog.RecordKind, committee, title string) string {
	key := norm.NFC.String(strings.Join(strings.Fields(committee), "") + "\x00" + strings.Join(strings.Fields(title), ""))
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + key))
	hash := hex.EncodeToString(sum[:4])
	if p := pinyinOf(title); p != "" {
		return p + "-" + hash
	}
	return hash
}

// Spell returns a title in pinyin as a slug has it, "" where nothing in it can be
// spelt.
func Spell(title string) string { return pinyinOf(title) }

// pinyinOf spells a title in lower-case syllables and words with hyphens between
// them, leaving out what has no spelling and what is beyond maxPinyin.
func pinyinOf(title string) string {
	args := pinyin.NewArgs()
	var b strings.Builder
	word := false // within letters and digits
	for _, r := range norm.NFKC.String(title) {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if !word && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteString(strings.ToLower(string(r)))
			word = true
		default:
			word = false
			for _, syllable := range pinyin.SinglePinyin(r, args) {
				if b.Len() > 0 {
					b.WriteByte('-')
				}
				b.WriteString(strings.ReplaceAll(syllable, "ü", "v"))
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

// giveSlug makes a slug for a case, proposal, brand or person that has none.
func giveSlug(in catalog.Input) {
	head := in.Head()
	if head.Slug != "" {
		return
	}
	switch in := in.(type) {
	case *catalog.CaseInput:
		head.Slug = slugFor(in.Kind(), in.Committee, in.Title)
	case *catalog.ProposalInput:
		head.Slug = slugFor(in.Kind(), in.Number, in.Title)
	case *catalog.BrandInput:
		head.Slug = slugFor(in.Kind(), in.Committee, in.Name)
	case *catalog.VenueInput:
		head.Slug = slugFor(in.Kind(), in.Committee, in.Name)
	}
}

// slugFor leaves a record without a title without a slug, which is refused.
func slugFor(kind catalog.RecordKind, committee, title string) string {
	if strings.TrimSpace(title) == "" {
		return ""
	}
	return makeSlug(kind, committee, title)
}

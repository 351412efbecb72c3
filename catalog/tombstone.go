package catalog

import (
	"strings"
	"time"
)

// Tombstone says what stood at a permalink before it was withdrawn: enough for
// who has cited it to know what it was, and none of its texts.
type Tombstone struct {
	Kind        RecordKind
	Slug        string
	Origin      Origin
	Title       string    // of the last version that was public
	Version     int       // that version
	UpdatedAt   time.Time // when that version came
	WithdrawnAt time.Time
	Reason      *string // why, as whoever withdrew it said; nil where nobody did
	// LeadsToKind and LeadsToID are the record that holds now what this one held;
	// nil where none does.
	LeadsToKind *RecordKind
	LeadsToID   *ID
}

// ParseRecordName returns the kind and the slug of a record that is named as
// lines of an import name theirs, by its type in lower case and its slug: "brand
// jisi-guangyi". What is no such name is reported by false.
func ParseRecordName(name string) (RecordKind, string, bool) {
	t, slug, ok := strings.Cut(name, " ")
	kind := RecordKind(strings.ToUpper(t))
	return kind, slug, ok && kind.Valid() && t == strings.ToLower(t) && ValidSlug(slug)
}

// checkWithdrawal checks what an archived record says of its withdrawal. It
// belongs to the record's text: imports bring it, and revisions keep it.
func (m *InputMeta) checkWithdrawal(c *checker) {
	if m.Withdrawn != "" && m.Status != StatusArchived {
		c.invalid("withdrawn", "只有已归档的记录才能写撤回原因", "only an archived record can say why it was withdrawn")
	}
	if m.LeadsTo == "" {
		return
	}
	if _, _, ok := ParseRecordName(m.LeadsTo); !ok {
		c.invalid("leadsTo", "请写类别和永久链接，如 brand jisi-guangyi", "must be a type and a slug, as in brand jisi-guangyi")
	}
	if m.Withdrawn == "" {
		c.invalid("leadsTo", "须先写撤回原因", "needs the reason in withdrawn")
	}
}

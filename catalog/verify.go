package catalog

// Verification is what came of checking a whole database: whether what it
// holds is still what was written, and still follows the rules.
type Verification struct {
	Checks []*Check
}

// OK reports whether every check found everything as it should be.
func (v *Verification) OK() bool {
	for _, c := range v.Checks {
		if c.Failed > 0 {
			return false
		}
	}
	return true
}

// Check is one rule with what was found. Failures names the first hundred that
// break it; Failed counts them all.
type Check struct {
	Name     string // in a script's words, as in "quotes"
	Zh, En   string // what must hold
	Advice   Advice // what to do where it does not
	Checked  int
	Failed   int
	Failures []Failure
}

// Advice is what to do about what a check has found.
type Advice struct{ Zh, En string }

// MaxFailures is how many failures of one check are named.
const MaxFailures = 100

// Fail notes that a record breaks the rule, and how.
func (c *Check) Fail(kind RecordKind, slug, what string) {
	c.Failed++
	if len(c.Failures) < MaxFailures {
		c.Failures = append(c.Failures, Failure{kind, slug, what})
	}
}

// Failure is a record that breaks a rule. What tells, in English, where: the
// column, the citation, the version.
type Failure struct {
	Kind RecordKind
	Slug string
	What string
}

// ReleasedVersion is a version of a record as a release has it. Digest is that
// of its revision, in hex: of this version and all before it; "" in a release
// that kept none.
type ReleasedVersion struct {
	Release string     `json:"release"`
	Kind    RecordKind `json:"kind"`
	Slug    string     `json:"slug"`
	Origin  Origin     `json:"origin"`
	Version int        `json:"version"`
	Digest  string     `json:"digest"`
}

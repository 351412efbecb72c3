package suggest

import "unicode/utf8"

// The ways in which a typing automaton may stand in a spelling. With them goes
// how much of what was typed has been found.
const (
	atStart     = iota // before a character or its syllables
	atReading          // before another of its syllables
	inSyllable         // within a syllable: its next letter may be typed, or left out
	inRest             // within what is left of the syllables
	inOther            // within a syllable that is not the one typed; the next may be
	beforeTyped        // within the syllables of a character that was typed itself
	inHanTyped1        // within that character, after its first byte
	inHanTyped2
	inHanRead1 // within a character that was found by a syllable
	inHanRead2
	atOther // before a character that is not Chinese
	wayCount
)

// typing is an automaton that accepts the spellings that begin as was typed. It
// keeps its states as it meets them; it is for one goroutine.
type typing struct {
	typed  []rune
	states []typingState
	known  map[string]int
}

// typingState is a set of ways to stand, a bit each: bit i of ways[w] stands
// for way w with i characters found.
type typingState struct {
	ways [wayCount]uint64
	next [256]int32 // 0 where not known yet, otherwise the state, -1 for the dead one
	all  bool       // everything typed has been found: whatever follows is accepted
}

const typedAtMost = 60

// newTyping takes a folded text without spaces; what is past typedAtMost is not
// looked at.
func newTyping(typed []rune) *typing {
	t := &typing{typed: typed[:min(len(typed), typedAtMost)], known: map[string]int{}}
	t.states = append(t.states, typingState{}) // state 0 is the dead one
	var ways [wayCount]uint64
	ways[atStart] = 1
	t.intern(ways)
	return t
}

func (t *typing) intern(ways [wayCount]uint64) int {
	key := make([]byte, 0, wayCount*8)
	any, all := uint64(0), false
	for _, w := range ways {
		for shift := 0; shift < 64; shift += 8 {
			key = append(key, byte(w>>shift))
		}
		any |= w
		all = all || w&(1<<len(t.typed)) != 0
	}
	if any == 0 {
		return 0
	}
	if id, ok := t.known[string(key)]; ok {
		return id
	}
	t.states = append(t.states, typingState{ways: ways, all: all})
	t.known[string(key)] = len(t.states) - 1
	return len(t.states) - 1
}

// Start, IsMatch, CanMatch, WillAlwaysMatch and Accept are the automaton that
// bleve's dictionaries are searched with.
func (t *typing) Start() int                 { return 1 }
func (t *typing) IsMatch(s int) bool         { return t.states[s].all }
func (t *typing) CanMatch(s int) bool        { return s != 0 }
func (t *typing) WillAlwaysMatch(s int) bool { return t.states[s].all }

func (t *typing) Accept(s int, b byte) int {
	if s == 0 || t.states[s].all {
		return s
	}
	if n := t.states[s].next[b]; n != 0 {
		return int(max(n, 0))
	}
	var to [wayCount]uint64
	for w, set := range t.states[s].ways {
		for i := 0; set != 0; i, set = i+1, set>>1 {
			if set&1 != 0 {
				t.step(&to, w, i, b)
			}
		}
	}
	n := t.intern(to)
	t.states[s].next[b] = int32(n)
	if n == 0 {
		t.states[s].next[b] = -1
	}
	return n
}

// step adds the ways to stand after byte b for one way to stand before it.
func (t *typing) step(to *[wayCount]uint64, way, i int, b byte) {
	add := func(way, i int) { to[way] |= 1 << i }
	typed := rune(-1) // what is typed next
	if i < len(t.typed) {
		typed = t.typed[i]
	}
	letter := b >= 'a' && b <= 'z' || b == spelledOr
	switch way {
	case atStart, atReading:
		t.begin(add, typed, way, i, b)
	case inSyllable, inRest:
		switch {
		case !letter:
			add(inHanRead1, i)
		case way == inSyllable && typed == rune(b):
			add(inSyllable, i+1)
			fallthrough
		default:
			add(inRest, i)
		}
	case inOther:
		switch {
		case b == spelledOr:
			add(atReading, i)
		case letter:
			add(inOther, i)
		}
	case beforeTyped:
		if letter {
			add(beforeTyped, i)
		} else {
			t.beginHan(add, typed, i, b)
		}
	case inHanTyped1:
		if string(typed)[1] == b {
			add(inHanTyped2, i)
		}
	case inHanTyped2:
		if string(typed)[2] == b {
			add(atStart, i+1)
		}
	case inHanRead1:
		add(inHanRead2, i)
	case inHanRead2:
		add(atStart, i)
	case atOther:
		if typed == rune(b) {
			add(atStart, i+1)
		}
	}
}

// begin adds the ways to stand after the first byte of a character's spelling,
// or of another of its syllables.
func (t *typing) begin(add func(way, i int), typed rune, way, i int, b byte) {
	switch {
	case b == spelledOther && way == atStart:
		add(atOther, i)
	case b >= utf8.RuneSelf: // a character without a reading
		t.beginHan(add, typed, i, b)
	case typed >= utf8.RuneSelf:
		add(beforeTyped, i)
	default:
		if typed == rune(b) {
			add(inSyllable, i+1)
		}
		add(inOther, i)
	}
}

func (t *typing) beginHan(add func(way, i int), typed rune, i int, b byte) {
	if utf8.RuneLen(typed) == 3 && string(typed)[0] == b {
		add(inHanTyped1, i)
	}
}

// reach returns how many bytes of a spelling the typed text stands for; false
// where the spelling does not begin with it.
func (t *typing) reach(spelling string) (int, bool) {
	s := t.Start()
	for i := range len(spelling) {
		if s = t.Accept(s, spelling[i]); s == 0 {
			return 0, false
		}
		if t.IsMatch(s) {
			return i + 1, true
		}
	}
	return 0, false
}

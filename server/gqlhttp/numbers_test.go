package gqlhttp

import (
	"strings"
	"testing"
)

func TestAWholeNumberIsAnIntHoweverItIsWritten(t *testing.T) {
	h := New(fakeOptions())
	const ask = `{"query":"query($n: Int) { cases(first: $n) { totalCount } }","variables":{"n":N}}`
	for number, good := range map[string]bool{"1": true, "1.0": true, "1e1": true, "10E0": true, "20.00": true, "1.5": false, "1e-1": false, "1e300": false} {
		w := post(t, h, strings.Replace(ask, "N", number, 1))
		if a := decode(t, w.Body); (len(a.Errors) == 0) != good {
			t.Errorf("%s: %v", number, a.Errors)
		}
	}
}

func TestABodyMayBeginWithAByteOrderMark(t *testing.T) {
	if w := post(t, New(fakeOptions()), "\ufeff"+`{"query":"{ hello }"}`); !strings.Contains(w.Body.String(), `"world"`) {
		t.Errorf("%s", w.Body)
	}
}

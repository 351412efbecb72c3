package main

import (
	"testing"
	"time"
)

func TestHowLongATokenLastsMayBeSaidInDays(t *testing.T) {
	for text, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "12h": 12 * time.Hour, "1h30m": 90 * time.Minute} {
		var d days
		if err := d.Set(text); err != nil || time.Duration(d) != want {
			t.Errorf("%q: %v, %v; want %v", text, time.Duration(d), err, want)
		}
		var again days
		if err := again.Set(d.String()); err != nil || again != d {
			t.Errorf("%q: shown as %q, which reads as %v (%v)", text, d.String(), time.Duration(again), err)
		}
	}
	for _, text := range []string{"", "0d", "-1d", "d", "90", "1.5d", "0s", "99999999d", "ninety"} {
		var d days
		if err := d.Set(text); err == nil {
			t.Errorf("%q is taken for %v", text, time.Duration(d))
		}
	}
}

func TestTokenCommandLinesThatMakeNoSense(t *testing.T) {
	for _, args := range [][]string{{"token"}, {"token", "make"}, {"token", "create", "x"}, {"token", "revoke"}, {"token", "list", "x"}, {"token", "create", "-expires", "soon"}} {
		o := newOutside(nil)
		if code := o.run(t.Context(), args); code != exitUsage || o.out.Len() > 0 {
			t.Errorf("%q: exit code %d, said %q", args, code, &o.out)
		}
	}
}

// What a command says of a token and what a page says of it are the same time, wherever
// the machine believes to be.
func TestACommandTellsTheSitesTime(t *testing.T) {
	if got := moment(time.Date(2026, 11, 27, 21, 49, 0, 0, time.UTC)); got != "2026-11-28 05:49" {
		t.Errorf("got %s", got)
	}
}

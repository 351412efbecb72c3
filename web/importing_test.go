package web

import (
	"bytes"
	"crypto/rand"
	"io"
	"testing"
)

func TestWhatAPreviewKeepsComesBack(t *testing.T) {
	k := &keeper{}
	want := "{\"type\":\"case\",\"title\":\"测试\"}\n{\"type\":\"case\"}\n"
	for _, line := range bytes.SplitAfter([]byte(want), []byte("\n")) {
		if _, err := k.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	back, err := unkept(k.String())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(back); err != nil || string(got) != want {
		t.Errorf("kept was %q, back came %q, %v", want, got, err)
	}
}

func TestAPreviewKeepsNothingOfTooMuch(t *testing.T) {
	if got := (&keeper{}).String(); got != "" {
		t.Errorf("of nothing it keeps %q", got)
	}
	k, piece := &keeper{}, make([]byte, 64<<10)
	for range maxKept/len(piece) + 1 { // noise, which cannot be packed
		_, _ = rand.Read(piece)
		if n, err := k.Write(piece); n != len(piece) || err != nil {
			t.Fatalf("wrote %d bytes, %v", n, err)
		}
	}
	if got := k.String(); got != "" {
		t.Errorf("it keeps %d bytes of too much", len(got))
	}
}

func TestWhatWasNotKeptIsRefused(t *testing.T) {
	for _, field := range []string{"", "!", "AAAA", "测试"} {
		if _, err := unkept(field); err == nil {
			t.Errorf("%q is taken", field)
		}
	}
}

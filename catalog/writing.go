package catalog

import (
	"encoding/json"
	"time"
)

// Bounds of what is kept of what somebody is writing.
const (
	MaxWriting   = 1 << 20 // bytes of one
	MaxWritings  = 50      // of a viewer
	KeepWritings = 30 * 24 * time.Hour
)

// Writing is what somebody is writing and has not saved (正在写的文字): no record
// and no version of one, so that a session that ends loses nothing.
type Writing struct {
	Of      RecordKind
	Record  ID     // 0 where it is to become a new one
	Name    string // tells several new ones apart; "" is the only one
	Content string // JSON, as it was given
	At      time.Time
}

// WritingKey names a writing among those of its viewer.
type WritingKey struct {
	Of     RecordKind
	Record ID
	Name   string
}

// Validate checks a writing.
func (w *Writing) Validate() error {
	var c checker
	if !w.Of.Valid() {
		c.oneOf("kind", string(w.Of), false)
	}
	c.line("name", w.Name, MaxSlug)
	if len(w.Content) > MaxWriting {
		return &Error{Kind: KindLimit, Path: "content", Zh: "正在写的文字太长，最多 1 MB", En: "what is kept may have 1 MB"}
	}
	if !json.Valid([]byte(w.Content)) {
		c.invalid("content", "须为 JSON", "must be JSON")
	}
	return c.problems.Or()
}

//go:build !linux

package docset

import "errors"

// mapIn is for Linux alone: elsewhere a search enters the pages as it comes to them.
func mapIn([]byte) error { return errors.ErrUnsupported }

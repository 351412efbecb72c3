// Package roundtrip tests on real databases that what is exported comes back by
// an import: the one thing that exchange and store can only show together.
package roundtrip

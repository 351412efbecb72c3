package pgtest_test

import (
	"testing"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// BenchmarkNew measures what a test pays for its database.
func BenchmarkNew(b *testing.B) {
	pgtest.New(b, migrate) // the server's start is not a test's
	for b.Loop() {
		pgtest.New(b, migrate)
	}
}

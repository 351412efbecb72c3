#!/usr/bin/env bash
# bleve: what a segment's VisitStoredFields shows of one document is the next one's after the next visit.
#
# The visitor of SegmentSnapshot.VisitStoredFields gets slices of a pooled buffer into which the segment
# decompresses a document. Nothing at the visitor's type says that they are lent: one that keeps a slice,
# as a cache of stored fields does, later reads what the next visit, its own or another goroutine's, has
# written there. (Document of the same reader copies.)
#
# Run: findings/bleve-stored-values-are-lent.sh   (Go 1.25 or newer; a temporary folder)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	x, err := bleve.New("see.bleve", bleve.NewIndexMapping())
	must(err)
	defer x.Close()
	batch := x.NewBatch()
	for _, c := range []string{"a", "b"} {
		must(batch.Index(c, map[string]any{"text": strings.Repeat(c, 40)}))
	}
	must(x.Batch(batch))
	inner, err := x.Advanced()
	must(err)
	reader, err := inner.Reader()
	must(err)
	defer reader.Close()
	var kept [][]byte
	for n := range uint64(2) {
		must(reader.(*scorch.IndexSnapshot).Segments()[0].Segment().VisitStoredFields(n, func(name string, _ byte, value []byte, _ []uint64) bool {
			if name == "text" {
				kept = append(kept, value)
			}
			return true
		}))
	}
	fmt.Printf("kept of the first: %.3s, of the second: %.3s\n", kept[0], kept[1])
}
GO
go mod init see >/dev/null 2>&1; go get github.com/blevesearch/bleve/v2@v2.6.3 >/dev/null 2>&1; go mod tidy >/dev/null 2>&1
go run . >saw
cat >expected <<'TEXT'
kept of the first: bbb, of the second: bbb
TEXT
echo "bleve v2.6.3, $(go version | cut -d' ' -f3):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }

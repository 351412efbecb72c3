package exchange

import (
	"context"
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
)

// seedActor names the writer of the documented records in their revisions.
var seedActor = catalog.Actor{Name: "documented records"}

// Seed writes the records that come with the binary, all or nothing: the
// divisions, committees and topics, and what was taken from the province's
// document. To seed again finds everything SAME. A refusal is an error, which
// names the first; the report has them all.
func Seed(ctx context.Context, sink Sink) (Report, error) {
	var files []File
	for name, r := range data.Records() {
		files = append(files, File{Name: name, Reader: r})
	}
	report, err := Import(ctx, sink, seedActor, files, ImportOptions{Strict: true})
	if err != nil && len(report.Refusals) > 0 {
		return report, fmt.Errorf("seed: %s: %w", report.Refusals[0], err)
	}
	if err != nil {
		return report, fmt.Errorf("seed: %w", err)
	}
	return report, nil
}

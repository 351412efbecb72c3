//go:build race

package e2e

// raced are the flags that the binary is built with besides: what the tests are
// run with looks for races in the binary, where there is something to find.
var raced = []string{"-race"}

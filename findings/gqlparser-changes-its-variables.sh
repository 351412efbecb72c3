#!/usr/bin/env bash
# gqlparser: coercing a query's variables changes the maps and lists of whoever asks.
#
# validator.VariableValues (v2.5.64, which gqlgen v0.17.98 uses) returns the coerced variables, and its doc
# comment says no more; besides it writes each coerced value of a list or an input into the caller's own. A
# program that asks itself with variables that it keeps, as pages made on the server do, finds them changed,
# and must not ask with them from two goroutines at once. A top-level value stays as it was.
#
# Run: findings/gqlparser-changes-its-variables.sh   (Go 1.25 or newer; a temporary folder)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat >main.go <<'GO'
package main

import (
	"fmt"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

func main() {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { find(in: In, ids: [ID!], id: ID): String } input In { id: ID }`})
	query, err := gqlparser.LoadQuery(schema, `query($in: In, $ids: [ID!], $id: ID) { find(in: $in, ids: $ids, id: $id) }`)
	if err != nil {
		panic(err)
	}
	in, ids := map[string]any{"id": float64(4)}, []any{float64(4)}
	variables := map[string]any{"in": in, "ids": ids, "id": float64(4)}
	if _, err := validator.VariableValues(schema, query.Operations[0], variables); err != nil {
		panic(err)
	}
	fmt.Printf("the caller's input has %T, its list %T, its variable %T; each was float64\n", in["id"], ids[0], variables["id"])
}
GO
export GOFLAGS=-mod=mod
go mod init see >/dev/null 2>&1 && go get github.com/vektah/gqlparser/v2@v2.5.64 >/dev/null 2>&1
go run . >saw
cat >expected <<'TEXT'
the caller's input has int64, its list int64, its variable float64; each was float64
TEXT
echo "github.com/vektah/gqlparser/v2@v2.5.64, $(go version | cut -d' ' -f3):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }

#!/usr/bin/env bash
# gqlparser: of a @oneOf input a literal with two fields is refused, the same value in a variable is taken.
#
# The September 2025 edition of GraphQL wants exactly one field of such an input, not null, in literals and
# in variables alike. gqlparser's rule ValuesOfCorrectType (v2.5.64, which gqlgen v0.17.98 uses) looks at
# literals; validator.VariableValues, which coerces variables, does not know the directive and takes two
# fields, none, and one that is null. A server that relies on @oneOf has to count by itself.
#
# Run: findings/gqlparser-oneof-variables.sh   (Go 1.25 or newer; a temporary folder)
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
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { find(by: By!): String } input By @oneOf { id: ID  slug: String }`})
	_, err := gqlparser.LoadQuery(schema, `{ find(by: {id: "1", slug: "a"}) }`)
	fmt.Println("a literal with two fields is refused:", err != nil)
	query, err := gqlparser.LoadQuery(schema, `query($by: By!) { find(by: $by) }`)
	if err != nil {
		panic(err)
	}
	for _, tt := range []struct {
		what string
		by   map[string]any
	}{{"two fields", map[string]any{"id": "1", "slug": "a"}}, {"no field", map[string]any{}}, {"a null", map[string]any{"id": nil}}} {
		_, err := validator.VariableValues(schema, query.Operations[0], map[string]any{"by": tt.by})
		fmt.Printf("a variable with %s is refused: %t\n", tt.what, err != nil)
	}
}
GO
go mod init see >/dev/null 2>&1 && go get github.com/vektah/gqlparser/v2@v2.5.64 >/dev/null 2>&1
go run . >saw
cat >expected <<'TEXT'
a literal with two fields is refused: true
a variable with two fields is refused: false
a variable with no field is refused: false
a variable with a null is refused: false
TEXT
cat saw
diff expected saw >/dev/null || { echo "no longer so"; exit 1; }

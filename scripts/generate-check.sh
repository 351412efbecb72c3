#!/usr/bin/env bash
# Fails where a generated file is not what the generators make of the sources and
# of what they made before, so that generating again makes no difference either. It
# works on a copy, so that the work tree, whatever state it is in, stays as it is.
set -euo pipefail

cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

# The module path and what gqlgen reads; it type-checks what graph/ imports.
tar -cf - --exclude=./.git --exclude=./bin --exclude=./dist --exclude=./node_modules . | tar -xf - -C "$copy"

(cd "$copy" && go run ./internal/workflowgen && go tool gqlgen generate) || {
	echo "generate-check: the generators failed" >&2
	exit 1
}
if ! diff -ru graph "$copy/graph" >&2 || ! diff -ru schema "$copy/schema" >&2; then
	echo "generate-check: graph/ or schema/ is stale: run 'make generate' and commit · 生成的代码已过期，请运行 make generate 并提交" >&2
	exit 1
fi

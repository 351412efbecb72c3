#!/usr/bin/env bash
# Makes of each client what would be published: a tarball for npm, a wheel, and an R package, checked.
#
# usage: clients/package.sh FOLDER [npm|wheel|r]...
#
# It works on copies, and publishes nothing. npm asks its registry for the compiler; pip and R ask nobody.
set -euo pipefail
unset PYTHONWARNINGS PYTHONPATH # of who calls this; pip is not to fail of what setuptools deprecates
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian's Python has the packages that Debian installs, where another stands before it on PATH.
python=python3
[ -x /usr/bin/python3 ] && python=/usr/bin/python3

pack_npm() {
	mkdir "$work/npm"
	(cd "$here/typescript" && cp -r .npmrc package.json package-lock.json tsconfig.json README.md src test "$work/npm")
	cp "$here/../LICENSE" "$work/npm"
	(cd "$work/npm" && npm ci --ignore-scripts --no-fund --no-audit >&2 && npm run build >&2 && npm pack --ignore-scripts --pack-destination "$out" 2>/dev/null)
}

pack_wheel() {
	mkdir "$work/wheel"
	(cd "$here/python" && cp -r pyproject.toml README.md src "$work/wheel")
	find "$work/wheel" -name __pycache__ -prune -exec rm -rf {} +
	cp "$here/../LICENSE" "$work/wheel"
	"$python" -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir "$out" "$work/wheel" >&2
	(cd "$out" && ls jisi-*.whl)
}

# The manual is left out, as it wants LaTeX.
pack_r() {
	mkdir -p "$work/jisi/R"
	(cd "$here/r" && cp -r DESCRIPTION NAMESPACE man tests "$work/jisi" && cp jisi.R "$work/jisi/R")
	(cd "$work" && R CMD build --no-manual jisi >&2)
	(cd "$work" && _R_CHECK_CRAN_INCOMING_=false _R_CHECK_FORCE_SUGGESTS_=false R CMD check --no-manual --output="$work" jisi_*.tar.gz) | tee "$out/r-check.txt" >&2
	grep -q '^Status: .*\(ERROR\|WARNING\)' "$out/r-check.txt" && exit 1
	cp "$work"/jisi_*.tar.gz "$out"
	(cd "$out" && ls jisi_*.tar.gz)
}

[ $# -gt 0 ] || set -- npm wheel r
for one; do "pack_$one"; done

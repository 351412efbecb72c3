#!/usr/bin/env bash
# Packs a built jisi: a tarball, where dpkg-deb is there a Debian package, and
# their checksums. The same files make the same bytes, whenever and wherever. For
# another processor than this one's, GOOS and GOARCH say which.
#
# usage: dist.sh BINARY VERSION OUTPUT-FOLDER
set -euo pipefail

binary=$(realpath "$1")
version=$2
mkdir -p "$3"
out=$(realpath "$3")
cd "$(dirname "$0")/.."

# The time of the last commit, which the source knows; without git, a fixed one.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -c safe.directory='*' log -1 --format=%ct 2>/dev/null || echo 1577836800)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
umask 022
level=${DIST_LEVEL:-9} # of compression; 1 is for tests

os=$(go env GOOS)
arch=$(go env GOARCH)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pack FOLDER FILE makes a tarball of a folder in $work.
pack() {
	tar --create --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
		--mtime="@$SOURCE_DATE_EPOCH" -C "$work" "$1" | gzip -${level}n >"$2"
}

# newest SYMBOLS prints the newest version of those symbols that the binary wants.
newest() { grep -a -o "$1_[0-9.]*[0-9]" "$binary" | sort -uV | tail -1 | cut -d_ -f2; }

# put FILE MODE PATH installs a file below $root.
put() { install -D -m "$2" "$1" "$root/$3"; }

# compiled FOLDER puts what the build has compiled for PDF files there, if it has: for
# another processor it has not.
compiled() {
	local from=${binary%/*}/jisi-pdfium file
	[ -d "$from" ] && [ "$arch" = "$(go env GOHOSTARCH)" ] || return 0
	(cd "$from" && find . -type f -printf '%P\n') | while read -r file; do put "$from/$file" 644 "$1/$file"; done
}

name=jisi-$version-$os-$arch
root=$work/$name
put "$binary" 755 jisi
compiled jisi-pdfium
for file in LICENSE README.md README.zh-CN.md CHANGELOG.md docs/*.md docs/examples/* docs/screens/*.webp deploy/README.md deploy/dengbao.md deploy/nginx.conf deploy/haproxy.cfg deploy/jisi.service deploy/jisi.env; do
	put "$file" 644 "$file"
done
for file in clients/r/jisi.R clients/python/pyproject.toml clients/python/README.md clients/python/src/jisi/*; do
	[ -f "$file" ] && put "$file" 644 "$file"
done
pack "$name" "$out/$name.tar.gz"
made=("$name.tar.gz")

if command -v dpkg-deb >/dev/null && [ "$os" = linux ]; then
	# A Debian version begins with a digit and has no hyphen of ours.
	debian=$(printf '%s' "$version" | sed 's/^v//; s/-/+/g; s/[^A-Za-z0-9.+~]/./g')
	case $debian in [0-9]*) ;; *) debian=0~$debian ;; esac
	case $arch in 386) architecture=i386 ;; arm) architecture=armhf ;; *) architecture=$arch ;; esac
	root=$work/deb
	put "$binary" 755 usr/bin/jisi
	compiled usr/lib/jisi/pdfium
	put deploy/jisi.service 644 usr/lib/systemd/system/jisi.service
	put deploy/sysusers.conf 644 usr/lib/sysusers.d/jisi.conf
	put deploy/jisi.env 640 etc/jisi/jisi.env
	for file in README.md README.zh-CN.md CHANGELOG.md docs/*.md docs/examples/* docs/screens/*.webp; do
		put "$file" 644 "usr/share/doc/jisi/$file"
	done
	put LICENSE 644 usr/share/doc/jisi/copyright
	put deploy/postinst 755 DEBIAN/postinst
	put deploy/prerm 755 DEBIAN/prerm
	echo /etc/jisi/jisi.env >"$root/DEBIAN/conffiles"
	cat >"$root/DEBIAN/control" <<-CONTROL
		Package: jisi
		Version: $debian
		Architecture: $architecture
		Maintainer: jisi <jisi@localhost>
		Installed-Size: $(find "$root" -type f -printf '%s\n' | awk '{ n += $1 } END { print int(n / 1024) + 1 }')
		Depends: libc6 (>= $(newest GLIBC)), libgcc-s1, libstdc++6 (>= 11)
		Recommends: postgresql (>= 15), ca-certificates, fonts-noto-cjk
		Section: database
		Priority: optional
		Description: knowledge base of consultation cases (吉思广益典型案例知识库)
		 One server with pages in Chinese, a GraphQL API and full-text search over the
		 typical consultation cases of political consultative committees. It keeps a
		 PostgreSQL of its own where none is given.
	CONTROL
	find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
	deb=jisi_${debian}_$architecture.deb
	dpkg-deb --root-owner-group -Zgzip -z$level --build "$root" "$out/$deb" >/dev/null
	made+=("$deb")
fi

# The sums of another processor's packages stay.
(
	cd "$out"
	sums=$(grep -v -F -e "${made[0]}" ${made[1]:+-e "${made[1]}"} SHA256SUMS 2>/dev/null || true)
	{ [ -z "$sums" ] || printf '%s\n' "$sums"; sha256sum "${made[@]}"; } | sort -k 2 >SHA256SUMS.new
	mv SHA256SUMS.new SHA256SUMS
	cat SHA256SUMS
)

#!/usr/bin/env bash
# Makes sure that this machine can build, run and test jisi: Go, a C++ compiler,
# PostgreSQL's programs, and for tests a browser with a Chinese font and LibreOffice. On Debian and Ubuntu, as root, it installs what is
# missing; elsewhere it says in one line what to install.
#
# For the clients that `make test` leaves out: R, pandas, Jupyter, Node. For arm64:
# the cross compiler, and qemu to try what it makes.
#
# compile installs what compiling takes and leaves the rest of what tests need to a
# later call for test, which may run beside the compiler; where nothing can be installed
# it fails like that one.
#
# usage: setup.sh run|compile|test|clients|ha|arm64
set -euo pipefail

purpose=${1:-run}

fail() {
	echo "setup: $*" >&2
	exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# has_postgres looks where internal/localpg looks.
has_postgres() {
	local dir
	has initdb && has postgres && return
	for dir in "$(pg_config --bindir 2>/dev/null || true)" \
		/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
		/opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin /home/linuxbrew/.linuxbrew/opt/postgresql*/bin \
		/opt/local/lib/postgresql*/bin /Applications/Postgres.app/Contents/Versions/*/bin \
		/Library/PostgreSQL/*/bin /opt/PostgreSQL/*/bin /usr/local/pgsql/bin /usr/local/bin; do
		[ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && return
	done
	return 1
}

# has_browser looks where the tests of the pages look.
has_browser() {
	local name
	for name in chromium chromium-headless-shell chromium-browser google-chrome google-chrome-stable headless-shell \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
		has "$name" && return
	done
	return 1
}

# has_chinese_font is true where there is no telling, as on macOS, which has one.
has_chinese_font() {
	! has fc-list || [ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -n 1)" ]
}

# install_debian installs packages without asking anything, and without a
# PostgreSQL server that starts by itself: jisi runs its own.
install_debian() {
	echo "setup: installing $*" >&2
	export DEBIAN_FRONTEND=noninteractive
	local conf=/etc/postgresql-common/createcluster.d/jisi.conf
	if [[ " $* " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common ]; then
		mkdir -p "${conf%/*}"
		echo "create_main_cluster = false" >"$conf"
	fi
	apt-get update -qq </dev/null >&2 || fail "apt-get could not update its lists"
	# Smaller than the whole browser, and twice as quick; Ubuntu has none.
	if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
		local i packages=("$@")
		for i in "${!packages[@]}"; do
			[ "${packages[i]}" != chromium ] || packages[i]=chromium-headless-shell
		done
		set -- "${packages[@]}"
	fi
	apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2 || fail "apt-get could not install: $*"
}

has go || fail "Go is missing: install Go 1.26 or newer from https://go.dev/dl/ · 缺少 Go，请先安装 1.26 或更新的版本"
said=$(go version 2>&1) || fail "this Go can't build the project ($said): install Go 1.26 or newer from https://go.dev/dl/"

missing=()
has "$(go env CXX | cut -d' ' -f1)" || has g++ || missing+=(g++)
has_postgres || missing+=(postgresql)
if [ "$purpose" = test ] || [ "$purpose" = compile ]; then
	has_browser || missing+=(chromium)
	has_browser && has_chinese_font || missing+=(fonts-noto-cjk)
	has pgbouncer || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
	has soffice || has libreoffice || missing+=(libreoffice-calc-nogui libreoffice-writer-nogui) # for .xls, .doc, .wps, .ods
	has npm || missing+=(nodejs npm) # conformance/ takes a newer Node from npm where this one is too old
fi
if [ "$purpose" != run ]; then
	has python3 || missing+=(python3)
fi
if [ "$purpose" = ha ]; then
	has patroni && has patronictl || missing+=(patroni)
	has etcd || missing+=(etcd-server)
	has curl || missing+=(curl)
	has setpriv || missing+=(util-linux)
	has ip || missing+=(iproute2)
fi
if [ "$purpose" = arm64 ]; then
	has aarch64-linux-gnu-g++ || missing+=(g++-aarch64-linux-gnu)
	has qemu-aarch64 || missing+=(qemu-user)
fi
if [ "$purpose" = clients ]; then
	has Rscript && Rscript -e 'library(jsonlite)' >/dev/null 2>&1 || missing+=(r-base-core r-cran-jsonlite)
	/usr/bin/python3 -c 'import pandas' 2>/dev/null || missing+=(python3-pandas)
	has jupyter-nbconvert && /usr/bin/python3 -c 'import ipykernel' 2>/dev/null || missing+=(jupyter-nbconvert python3-ipykernel)
	/usr/bin/python3 -c 'import pip, setuptools, wheel' 2>/dev/null || missing+=(python3-pip python3-setuptools python3-wheel)
	has npm || missing+=(nodejs npm)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if has apt-get && [ "$(id -u)" -eq 0 ]; then
	if [ "$purpose" = compile ]; then
		[[ " ${missing[*]} " == *" g++ "* ]] || exit 0
		missing=(g++)
	fi
	install_debian "${missing[@]}"
	exit 0
fi

# jisi run by an ordinary user downloads PostgreSQL's programs where there are
# none; tests don't.
if [ "$purpose" = run ] && [ "${missing[*]}" = postgresql ]; then
	echo "setup: no PostgreSQL programs here; jisi will download them once" >&2
	exit 0
fi

if has apt-get; then
	how="sudo apt-get install -y ${missing[*]}"
elif [ "$(uname -s)" = Darwin ]; then
	how=$(printf '%s\n' "${missing[@]}" | sed 's/^g++$/xcode-select --install/; s/^postgresql$/brew install postgresql@17/; s/^nodejs$/brew install node/; /^npm$/d; s/^chromium$/brew install --cask google-chrome/; s/^libreoffice-calc-nogui$/brew install --cask libreoffice/; /^libreoffice-writer-nogui$/d; /^fonts-noto-cjk$/d' | paste -sd'&' - | sed 's/&/ \&\& /')
elif has dnf; then
	how=$(printf '%s\n' "${missing[@]}" | sed 's/^g++$/gcc-c++/; s/^postgresql$/postgresql-server/; s/^fonts-noto-cjk$/google-noto-sans-cjk-fonts/; s/^\(libreoffice-[a-z]*\)-nogui$/\1/' | paste -sd' ' -)
	how="sudo dnf install $how"
else
	how="install a C++ compiler, PostgreSQL 15 or newer and, for tests, Chromium and a Chinese font with your package manager"
fi
fail "${missing[*]} missing · 缺少 ${missing[*]}，请先安装: $how"

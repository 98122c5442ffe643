#!/usr/bin/env bash
# Installs the SQLCipher implementations that the tests compare with ("peers")
# into a cache folder outside the checkout:
#
#   testdata/peers/install.sh [NAME...]      all of them without a name
#
# The folder is $PAGESEAL_PEERS, else $XDG_CACHE_HOME/pageseal/peers, else
# ~/.cache/pageseal/peers; each peer is its subfolder NAME with an executable
# `peer`. A peer that is up to date is left alone. Packages come from npm, with
# pinned checksums, and from Debian; nothing of theirs is part of this project.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${PAGESEAL_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/pageseal/peers}
all=(sqlcipher-4.14 sqlcipher-4.5.5 sqlcipher-3.4.1 sqlite-plain signal-4.18 sqlite3mc)

die() {
	echo "install.sh: $*" >&2
	exit 1
}

# package_of prints the npm package a peer is made from and its checksum.
package_of() {
	case $1 in
	sqlcipher-4.14 | sqlite-plain)
		echo @journeyapps/sqlcipher@6.0.0 sha512-YmWSQIR4cnv+5L38lYJoS/dIF/+bEZBaACATbeTyq4XKjMHcxdIlFnElBLiIqa9rwseOIimIYjudgOOCovud3Q==
		;;
	sqlcipher-4.5.5)
		echo @commapp/sqlcipher-amalgamation@4.5.5 sha512-Ebi6aNWlh5qr2fWGaHVvahCBRZtbs63hStQmUOIA8zhfiJT3S0ZgQ0Oby0Pwh12DWP2uRs03am1LFuxgcdegoQ==
		;;
	signal-4.18)
		echo @signalapp/sqlcipher@4.1.0 sha512-B4K2xIVVEoKq+eVARKZPnJzJiJD2YIe42ZMObp7bmKCL7KGBS1V9Sd5lMGXOcE4wbFrTYkWwYC9jAN6+Eft6Uw==
		;;
	sqlite3mc)
		echo better-sqlite3-multiple-ciphers@13.0.3 sha512-UYabM82r1J84TLWc/SszoHs6XopWpl/2HCg3Nui1JUaFXg/VLswzkPowYiRhK/4CftI8dgtikwyZQecMldrGxQ==
		;;
	esac
}

# check_of prints a query and what its answer must contain for the peer to be
# the version it is named after.
check_of() {
	case $1 in
	sqlcipher-4.14) echo '4.14.0 community|PRAGMA cipher_version' ;;
	sqlcipher-4.5.5) echo '4.5.5 community|PRAGMA cipher_version' ;;
	sqlcipher-3.4.1) echo '"t3.4.1"|PRAGMA cipher_version' ;;
	signal-4.18) echo '4.18.0 community|PRAGMA cipher_version' ;;
	sqlite-plain) echo '"t3.51.3"|SELECT sqlite_version()' ;;
	sqlite3mc) echo 'SQLite3 Multiple Ciphers 2.4.0|SELECT sqlite3mc_version()' ;;
	*) die "no peer is called $1; there are: ${all[*]}" ;;
	esac
}

driver_of() {
	if [[ $1 == signal-4.18 ]]; then echo peer.js; else echo peer.c; fi
}

stamp_of() {
	cat "$here/install.sh" "$here/$(driver_of "$1")" | sha256sum | cut -d ' ' -f 1
}

up_to_date() {
	[[ -x $cache/$1/peer && $(cat "$cache/$1/stamp" 2>/dev/null) == "$(stamp_of "$1")" ]]
}

# --- what the machine must have -------------------------------------------

has_header() {
	echo "#include <$1>" | gcc -E -o /dev/null - 2>/dev/null
}

# missing_for prints the Debian packages that making the peers takes and that
# are not installed.
missing_for() {
	[[ $* == signal-4.18 ]] && return
	command -v gcc >/dev/null || echo gcc libc6-dev
	has_header openssl/evp.h || echo libssl-dev
	[[ " $* " != *" sqlcipher-3.4.1 "* ]] || has_header sqlcipher/sqlite3.h || echo libsqlcipher-dev
}

need_packages() {
	local -a missing
	command -v npm >/dev/null || die "node and npm must be installed first"
	read -r -a missing < <(missing_for "$@" | xargs) || true
	((${#missing[@]})) || return 0
	if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
		die "these Debian packages (or what corresponds to them here) must be installed first: ${missing[*]}"
	fi
	{
		apt-get update -qq &&
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
	} >"$cache/tmp/apt.log" 2>&1 || {
		cat "$cache/tmp/apt.log" >&2
		die "cannot install ${missing[*]}"
	}
}

# --- packages and objects, kept between installs ---------------------------

matches() { # FILE INTEGRITY
	[[ $(sha512sum <"$1" | cut -d ' ' -f 1) == $(base64 -d <<<"${2#sha512-}" | od -An -v -tx1 | tr -d ' \n') ]]
}

tarball_of() {
	local spec integrity
	read -r spec integrity < <(package_of "$1")
	echo "$cache/packages/$(tr -c 'a-z0-9.\n' - <<<"${spec#@}").tgz"
}

fetch() {
	local name=$1 spec integrity tarball dir
	read -r spec integrity < <(package_of "$name") || return 0 # not from npm
	tarball=$(tarball_of "$name")
	if [[ -f $tarball ]] && matches "$tarball" "$integrity"; then return; fi
	dir=$(mktemp -d "$cache/tmp/fetch.XXXXXX")
	(cd "$dir" && npm pack --loglevel=error "$spec" >/dev/null) || die "cannot fetch $spec"
	matches "$dir"/*.tgz "$integrity" || die "$spec does not have the pinned checksum"
	mkdir -p "$cache/packages"
	mv "$dir"/*.tgz "$tarball"
}

# unpack puts one folder of a peer's package into DIR.
unpack() { # NAME FOLDER DIR
	mkdir -p "$3"
	tar -xzf "$(tarball_of "$1")" -C "$3" --strip-components="$(tr -cd / <<<"package/$2/" | wc -c)" "package/$2"
}

# compile prints the path of the object made from an amalgamation: nearly all
# the time of an install goes here, so an unchanged one is not made again.
compile() { # SOURCE FLAG...
	local source=$1 key object
	shift
	key=$({ gcc --version && echo "$@" && cat "$source"; } | sha256sum | cut -c 1-32)
	object=$cache/objects/$key.o
	if [[ ! -f $object ]]; then
		mkdir -p "$cache/objects"
		gcc -O2 -w "$@" -c "$source" -o "$cache/tmp/$key.o"
		mv "$cache/tmp/$key.o" "$object"
	fi
	echo "$object"
}

# --- the peers ---------------------------------------------------------------

features=(
	-DHAVE_STDINT_H -DHAVE_USLEEP -DSQLITE_THREADSAFE=1 -DSQLITE_TEMP_STORE=2 -DSQLITE_USE_URI=1
	-DSQLITE_ENABLE_BYTECODE_VTAB -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DBPAGE_VTAB
	-DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS
	-DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_GEOPOLY -DSQLITE_ENABLE_MATH_FUNCTIONS
	-DSQLITE_ENABLE_RTREE -DSQLITE_ENABLE_STAT4 -DSQLITE_ENABLE_STMTVTAB -DSQLITE_SOUNDEX
)
codec=(-DSQLITE_HAS_CODEC -DSQLCIPHER_CRYPTO_OPENSSL)
hooks=(-DSQLITE_EXTRA_INIT=sqlcipher_extra_init -DSQLITE_EXTRA_SHUTDOWN=sqlcipher_extra_shutdown)

# link makes DIR/peer of the driver and an implementation.
link() { # DIR ARGUMENT...
	local dir=$1
	shift
	gcc -O2 -Wall -Wextra "$here/peer.c" "$@" -lcrypto -lpthread -ldl -lm -o "$dir/peer"
}

build_amalgamation() { # NAME DIR FOLDER FLAG...
	local name=$1 dir=$2 folder=$3 object
	shift 3
	unpack "$name" "$folder" "$dir/src"
	object=$(compile "$dir/src/sqlite3.c" "${features[@]}" "$@")
	link "$dir" "$@" -I"$dir/src" "$object"
	rm -r "$dir/src"
}

build_debian() { # DIR
	# Linked statically, so that the peer outlives the package.
	link "$1" -DSQLITE_HAS_CODEC -I/usr/include/sqlcipher -l:libsqlcipher.a
}

build_node() { # NAME DIR
	local platform
	platform=$(node -p 'process.platform + "-" + process.arch')
	unpack "$1" "prebuilds/$platform" "$2"
	mv "$2/@signalapp+sqlcipher.node" "$2/sqlcipher.node"
	cp "$here/peer.js" "$2/peer.js"
	printf '#!/bin/sh\nexec node "${0%%/*}/peer.js"\n' >"$2/peer"
	chmod +x "$2/peer"
}

build() { # NAME DIR
	case $1 in
	sqlcipher-4.14) build_amalgamation "$@" deps/sqlcipher-amalgamation "${codec[@]}" "${hooks[@]}" ;;
	sqlcipher-4.5.5) build_amalgamation "$@" src "${codec[@]}" ;;
	sqlite-plain) build_amalgamation "$@" deps/sqlcipher-amalgamation ;;
	sqlite3mc) build_amalgamation "$@" deps/sqlite3 -DSQLITE_HAS_CODEC ;;
	sqlcipher-3.4.1) build_debian "$2" ;;
	signal-4.18) build_node "$@" ;;
	esac
}

check() { # NAME DIR
	local want query answer
	IFS='|' read -r want query < <(check_of "$1")
	answer=$(printf 'open 8\n:memory:exec %d\n%s' ${#query} "$query" | "$2/peer" | tail -n 1)
	[[ $answer == *"$want"* ]] || die "$1: $query answers $answer, not $want"
}

# install_one makes one peer in a temporary folder and then puts it in place,
# so that a peer is there whole or not at all.
install_one() { # NAME
	local name=$1 dir
	dir=$(mktemp -d "$cache/tmp/$name.XXXXXX")
	build "$name" "$dir"
	check "$name" "$dir"
	stamp_of "$name" >"$dir/stamp"
	chmod 755 "$dir"
	rm -rf "${cache:?}/$name"
	mv "$dir" "$cache/$name"
	echo "$name: installed in ${SECONDS}s"
}

main() {
	local name
	local -a stale=()
	[[ $cache == /* ]] || die "the cache folder must be an absolute path, not $cache"
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	for name in "$@"; do
		check_of "$name" >/dev/null
		if up_to_date "$name"; then echo "$name: up to date"; else stale+=("$name"); fi
	done
	((${#stale[@]})) || return 0
	rm -rf "$cache/tmp"
	mkdir "$cache/tmp"
	need_packages "${stale[@]}"
	for name in "${stale[@]}"; do fetch "$name"; done
	# Two at a time; xargs goes on with the others when one fails.
	printf '%s\n' "${stale[@]}" | xargs -n 1 -P 2 "${BASH_SOURCE[0]}" --one || die "not all peers could be installed"
	rm -rf "$cache/tmp"
}

if [[ ${1-} == --one ]]; then install_one "$2"; else main "${@:-${all[@]}}"; fi

#!/usr/bin/env bash
# Installs what runs the tests of other systems on this machine:
#
#   testdata/platforms/install.sh
#
# Wine runs the Windows build, QEMU those for arm64 and s390x. All of them come
# from Debian. Wine's folder ("prefix") is made in $PAGESEAL_PLATFORMS, else
# $XDG_CACHE_HOME/pageseal/platforms, else ~/.cache/pageseal/platforms, and is
# left alone when it is up to date.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${PAGESEAL_PLATFORMS:-${XDG_CACHE_HOME:-$HOME/.cache}/pageseal/platforms}

die() {
	echo "install.sh: $*" >&2
	exit 1
}

# missing prints the Debian packages that are needed and not installed.
missing() {
	[[ -x /usr/lib/wine/wine64 ]] || echo wine64
	command -v x86_64-w64-mingw32-gcc >/dev/null || echo gcc-mingw-w64-x86-64
	command -v qemu-aarch64-static >/dev/null && command -v qemu-s390x-static >/dev/null || echo qemu-user-static
}

need_packages() {
	local -a packages
	read -r -a packages < <(missing | xargs) || true
	((${#packages[@]})) || return 0
	if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
		die "these Debian packages (or what corresponds to them here) must be installed first: ${packages[*]}"
	fi
	{
		apt-get update -qq &&
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
	} >"$cache/apt.log" 2>&1 || {
		cat "$cache/apt.log" >&2
		die "cannot install ${packages[*]}"
	}
}

stamp() {
	{ cat "$here/install.sh" "$here/bcryptprimitives.c" && /usr/lib/wine/wine64 --version; } | sha256sum | cut -d ' ' -f 1
}

# make_prefix makes the folder in which Windows lives, with the library that
# Go's programs need and this Wine lacks.
make_prefix() {
	local prefix=$cache/wine log=$cache/wine.log
	if [[ $(cat "$prefix/stamp" 2>/dev/null) == "$(stamp)" ]]; then
		echo "wine: up to date"
		return
	fi
	rm -rf "$prefix"
	# No .NET, no browser: asking for them would wait for an answer.
	WINEPREFIX=$prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' \
		/usr/lib/wine/wine64 wineboot --init >"$log" 2>&1 || {
		cat "$log" >&2
		die "cannot make the folder of Wine"
	}
	x86_64-w64-mingw32-gcc -O2 -Wall -shared "$here/bcryptprimitives.c" -ladvapi32 \
		-o "$prefix/drive_c/windows/system32/bcryptprimitives.dll"
	stamp >"$prefix/stamp"
	echo "wine: installed in ${SECONDS}s"
}

# write_overlay has Go remove folders as on older file systems: this Wine answers
# the newer way with an error that Go does not expect. The switch is that of
# Go's own tests.
write_overlay() {
	local file changed=$cache/at_windows.go
	file=$(go env GOROOT)/src/internal/syscall/windows/at_windows.go
	sed 's/^var TestDeleteatFallback bool$/var TestDeleteatFallback = true/' "$file" >"$changed"
	! cmp -s "$file" "$changed" || die "$(go version): TestDeleteatFallback is not where it was"
	printf '{"Replace": {"%s": "%s"}}\n' "$file" "$changed" >"$cache/overlay.json"
}

# check runs a Go program on each platform, as the tests will be.
check() {
	local platform answer
	for platform in windows/amd64 linux/arm64 linux/s390x; do
		answer=$(CGO_ENABLED=0 GOOS=${platform%/*} GOARCH=${platform#*/} \
			go run -exec "$here/run.sh $platform" "$here/hello.go") || die "$platform: a program does not run"
		[[ $answer == "$platform" ]] || die "$platform: a program answers ${answer:-nothing}"
		echo "$platform: runs"
	done
}

main() {
	[[ $cache == /* ]] || die "the cache folder must be an absolute path, not $cache"
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	need_packages
	make_prefix 9>&-
	write_overlay
	check 9>&-
}

main

#!/usr/bin/env bash
# Runs a program that was built for another system:
#
#   testdata/platforms/run.sh PLATFORM PROGRAM [ARGUMENT...]
#
# PLATFORM is windows/amd64, linux/arm64 or linux/s390x. It is what `go test
# -exec` asks for, after install.sh has run.
set -euo pipefail

platform=$1 program=$2
shift 2

# emulate runs the program under QEMU by a script, which is then the name that
# the program was called by: a test that starts itself again comes here again.
emulate() {
	printf '#!/bin/sh\nexec %s -0 "$0" "%s" "$@"\n' "$1" "$program" >"$program.sh"
	chmod +x "$program.sh"
	exec "$program.sh" "${@:2}"
}

case $platform in
windows/amd64)
	export WINEPREFIX=${PAGESEAL_PLATFORMS:-${XDG_CACHE_HOME:-$HOME/.cache}/pageseal/platforms}/wine
	export WINEDEBUG=-all
	exec /usr/lib/wine/wine64 "$program" "$@"
	;;
linux/arm64) emulate qemu-aarch64-static "$@" ;;
linux/s390x) emulate qemu-s390x-static "$@" ;;
*)
	echo "run.sh: nothing here runs programs for $platform" >&2
	exit 2
	;;
esac

#!/usr/bin/env bash
# Runs tests of what is built for other systems, and lets those builds exchange
# databases with each other and with SQLCipher:
#
#   testdata/platforms/test.sh [PLATFORM...]      all of them without one
#
# install.sh must have run. What is missing then is a failure.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${PAGESEAL_PLATFORMS:-${XDG_CACHE_HOME:-$HOME/.cache}/pageseal/platforms}
export CI=true CGO_ENABLED=0 GOFLAGS="${GOFLAGS-} -overlay=$cache/overlay.json"

# Whole packages, but for the count of allocations, which is slow here and the
# same everywhere, and for what runs a SQLCipher of this machine; of the command
# all but what compares it with the sqlite3 of this machine or builds it.
core=(./kdf ./hmacpage ./compat ./vfs ./vfs/vfstest ./testdata/vectors ./vfs/modernc/capi ./vfs/modernc/sqlite3)
not_core='NoAllocations|KeyWords'
not_command='Compare|MainPackage'

# Of the engines what meets the system: the file layer as SQLite calls it, names
# and places of files, locks, pools, copies, and how each structure is laid out.
selection='^Test(Conformance|Attach|Vacuum|Backup|Pool|PageSize|Pragma|Key|NoKey|Connector|OtherEngine|OddNames|BadPlace|ReadOnly'
selection+='|Emptied|Truncated|FlippedBit|WrongKey|Locked|Rekey$|RekeyOfPool|Unexported|Structures|Running|Chain|SuperJournal|NothingInClear)'

# This Wine leaves ncruces without shared memory, see bcryptprimitives.c.
not_ncruces_windows='TestConformance/shared_memory|/^wal|//^wal'

# on runs go test for a platform.
on() { # PLATFORM ARGUMENT...
	local platform=$1
	echo "$platform: go test ${*:2}"
	GOOS=${platform%/*} GOARCH=${platform#*/} nice go test -timeout 30m -exec "$here/run.sh $platform" "${@:2}"
}

cd "$here/../.."
(($#)) || set -- windows/amd64 linux/arm64 linux/s390x
# Wine's server ends a while after the last program, and takes one that starts
# just then along. Here it has one until this script has ended.
exec 8> >(exec "$here/run.sh" windows/amd64 cmd.exe >/dev/null 2>&1)
for platform in "$@"; do
	on "$platform" -skip "$not_core" "${core[@]}"
	on "$platform" -skip "$not_command" ./cli/...
	on "$platform" -run "$selection" ./vfs/modernc
	skip='^$'
	[[ $platform != windows/* ]] || skip=$not_ncruces_windows
	on "$platform" -run "$selection" -skip "$skip" ./vfs/ncruces
	echo "$platform: passed after ${SECONDS}s"
done
go test -tags platforms -count=1 -timeout 30m -run 'TestExchange|TestCommand' ./vfs/vfstest/interop
echo "all platforms: passed after ${SECONDS}s"

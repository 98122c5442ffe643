//go:build unix

package convert

import (
	"os"
	"syscall"
)

// keepOwner gives a file the owner and the group of another one, as far as the
// process may.
func keepOwner(of os.FileInfo, path string) {
	was, ok := of.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	if os.Chown(path, int(was.Uid), int(was.Gid)) != nil {
		_ = os.Chown(path, -1, int(was.Gid))
	}
}

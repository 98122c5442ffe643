package ncruces

import (
	"path/filepath"
	"runtime"
	"strings"
)

// FullPathname takes away the slash that a URI has before a drive letter. SQLite
// leaves that to its VFS for Windows, and the one below does not do it.
func (e *encrypting) FullPathname(path string) (string, error) {
	if runtime.GOOS == "windows" && strings.HasPrefix(path, "/") && filepath.VolumeName(path[1:]) != "" {
		path = path[1:]
	}
	return e.VFS.FullPathname(path)
}

package shell

import (
	"slices"
	"strings"
)

// refusedCommands are the dot-commands of sqlite3 that there are not here.
var refusedCommands = []string{
	"ar", "archive", "auth", "check", "connection", "excel", "expert", "filectrl", "imposter", "iotrace", "lint",
	"load", "nonce", "progress", "scanstats", "selftest", "session", "sha3sum", "testcase", "testctrl", "trace",
	"unmodule", "vfsinfo", "vfslist", "www",
}

// refusedOptions are the flags of sqlite3 that there are not here.
var refusedOptions = []string{
	"A", "append", "deserialize", "maxsize", "memtrace", "multiplex", "nonce", "pcachetrace", "safe", "sorterref",
	"unsafe-testing", "vfstrace", "zip",
}

// isRefused reports whether a command is sqlite3's and not ours. It must not be
// mistaken for a misspelt one: a script may rely on it.
func isRefused(command string) bool { return slices.Contains(refusedCommands, command) }

// isRefusedOption does so for a flag with one dash.
func isRefusedOption(flag string) bool {
	return slices.Contains(refusedOptions, strings.TrimPrefix(flag, "-"))
}

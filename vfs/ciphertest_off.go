//go:build !ciphertest

package vfs

// Without the build tag ciphertest there are no such pragmas, and nothing fails
// on request.
var (
	testPragmas map[string]pragma
	errTest     error
)

func failsToEncrypt() bool { return false }
func failsToDecrypt() bool { return false }
func failsToMigrate() bool { return false }

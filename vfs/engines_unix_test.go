//go:build unix

package vfs_test

import (
	"os"
	"testing"
)

// TestClaimSymbolicLink asks for a file by a symbolic link, which on Windows not
// everybody may make.
func TestClaimSymbolicLink(t *testing.T) { claimOtherName(t, os.Symlink) }

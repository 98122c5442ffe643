//go:build unix

package modernc_test

import (
	"syscall"
	"testing"
)

// becomeNobody gives up the rights of root, for good.
func becomeNobody(t *testing.T) {
	t.Helper()
	const nobody = 65534
	for _, set := range []func() error{
		func() error { return syscall.Setgroups(nil) },
		func() error { return syscall.Setgid(nobody) },
		func() error { return syscall.Setuid(nobody) },
	} {
		if err := set(); err != nil {
			t.Fatal(err)
		}
	}
}

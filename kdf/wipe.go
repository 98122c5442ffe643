package kdf

import "runtime"

// Wipe overwrites b with zeros.
//
// That shortens the life of a secret in memory; it does not end it. Wipe reaches
// the bytes of b and no copy of them: PBKDF2 here works on a string copy of the
// passphrase, hash and cipher states keep what they were given until the garbage
// collector reuses their memory, a goroutine stack that grew leaves its old self
// behind, and the operating system may have written any of it to swap, a
// hibernation image or a core dump.
//
// It is kept out of line, so that the compiler cannot see that the zeros are
// never read and drop the stores.
//
//go:noinline
func Wipe(b []byte) {
	clear(b)
	runtime.KeepAlive(b)
}

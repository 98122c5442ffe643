package hmacpage

import "unsafe"

// overlap reports whether two buffers of one length share memory without being
// the same. Order of addresses is nothing that Go code can ask for, hence unsafe;
// crypto/cipher does the same.
func overlap(a, b []byte) bool {
	return &a[0] != &b[0] &&
		uintptr(unsafe.Pointer(&a[0])) <= uintptr(unsafe.Pointer(&b[len(b)-1])) &&
		uintptr(unsafe.Pointer(&b[0])) <= uintptr(unsafe.Pointer(&a[len(a)-1]))
}

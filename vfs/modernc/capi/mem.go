package capi

import (
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
)

// ptrSize is the size of a C pointer of the transpiled library.
const ptrSize = types.Size_t(unsafe.Sizeof(uintptr(0)))

// pointer turns an address handed out by the transpiled library into a Go
// pointer. Such memory comes from libc's own allocator, outside of the garbage
// collected heap, so it neither moves nor goes away under us. Reading the
// address through a pointer is what keeps the conversion visible in this one
// place instead of in every caller.
func pointer(p uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&p))
}

// readPtr reads the pointer stored at p, as an out-parameter is read.
func readPtr(p uintptr) uintptr { return *(*uintptr)(pointer(p)) }

// view is the n bytes at p, without a copy: valid only until the library
// frees or reuses them.
func view(p uintptr, n int) []byte {
	if p == 0 || n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(p)), n)
}

// mustCString copies s into C memory. It panics when that memory cannot be
// had, as a Go allocation would.
func mustCString(s string) uintptr {
	p, err := libc.CString(s)
	if err != nil {
		panic("capi: out of memory")
	}
	return p
}

// mustMalloc allocates n bytes of zeroed C memory, or panics.
func mustMalloc(tls *libc.TLS, n types.Size_t) uintptr {
	p := libc.Xcalloc(tls, 1, n)
	if p == 0 {
		panic("capi: out of memory")
	}
	return p
}

// code makes a C function pointer of a Go function, whose type must be the exact
// signature: the transpiler keeps one as the address of a Go function value. The
// value must be a variable of the package.
func code[F any](f *F) uintptr { return *(*uintptr)(unsafe.Pointer(f)) }

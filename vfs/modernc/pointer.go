package modernc

import "unsafe"

// pointerSize is the size in bytes of a pointer of the engine.
const pointerSize = unsafe.Sizeof(uintptr(0))

// pointer reads an address that the engine passed as a number. What it points
// to is the engine's memory, which Go neither moves nor collects.
func pointer(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

// at is the engine's structure at an address.
func at[T any](addr uintptr) *T { return (*T)(pointer(addr)) }

// bytesAt are n bytes of the engine's memory.
func bytesAt(addr uintptr, n int) []byte { return unsafe.Slice((*byte)(pointer(addr)), n) }

// address is where a slice of the engine's memory stands.
func address(p []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(p))) }

// code makes a C function pointer of a Go function, and function makes a Go
// function of a C function pointer: the transpiler keeps one as the address of
// a Go function value. F must be the exact signature. The function values that
// code is given must be reachable from a variable of the package.
func code[F any](f *F) uintptr { return *(*uintptr)(unsafe.Pointer(f)) }

func function[F any](addr uintptr) F { return *(*F)(unsafe.Pointer(&addr)) }

// addressOf is where a variable of this package stands. Go does not move it,
// and the package keeps it alive.
func addressOf[T any](v *T) uintptr { return uintptr(unsafe.Pointer(v)) }

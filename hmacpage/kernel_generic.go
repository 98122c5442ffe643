//go:build purego || !(amd64 || arm64)

package hmacpage

// kernel is that of the standard library where there is no other.
type kernel = generic

func newKernel(g Geometry, keys Keys) *kernel { return newGeneric(g, keys) }

// Kernel names the instructions that codecs take here.
func Kernel() string { return "purego" }

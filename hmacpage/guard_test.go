//go:build unix && (amd64 || arm64) && !purego

package hmacpage

import (
	"os"
	"syscall"
	"testing"
)

// guarded returns memory right after or right before memory that cannot be touched.
func guarded(t *testing.T, size int, before bool) []byte {
	t.Helper()
	page := os.Getpagesize()
	room := (size + page - 1) &^ (page - 1)
	b, err := syscall.Mmap(-1, 0, room+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(b) })
	for _, guard := range [][]byte{b[:page], b[page+room:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	if before {
		return b[page:][:size:size]
	}
	return b[page+room-size:][:size:size]
}

// TestKernelStaysInPage has each buffer end, or start, where the memory does. A step
// aside ends the program.
func TestKernelStaysInPage(t *testing.T) {
	everyKernel(t, func(t *testing.T, by *instructions) {
		for _, size := range []int{512, 1024, 4096, 65536} {
			for _, mac := range allMACs {
				for _, n := range []int{1, 3, 8} {
					if !validSize(size, mac) {
						continue
					}
					k := kernelBy(by, Geometry{PageSize: size, MAC: mac}, testKeys(mac))
					pages := make([]Page, n)
					for i := range pages {
						pages[i] = Page{Pgno: uint32(i + 1), Plain: guarded(t, size, i%2 == 0), Cipher: guarded(t, size, i%4 < 2)}
					}
					k.encrypt(pages)
					k.decrypt(pages)
					for i := range pages {
						if pages[i].Bad {
							t.Errorf("%d/%v, page %d of %d is bad", size, mac, i, n)
						}
					}
				}
			}
		}
	})
}

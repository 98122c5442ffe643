//go:build (amd64 || arm64) && !purego

package hmacpage

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// everyKernel runs f on each set of instructions that this processor has.
func everyKernel(t *testing.T, f func(t *testing.T, by *instructions)) {
	some := false
	for i := range sets {
		if by := &sets[i]; by.fits {
			some = true
			t.Run(by.name, func(t *testing.T) { f(t, by) })
		}
	}
	if !some {
		t.Log("this processor has none of the instructions")
	}
}

func randomKeys(mac MAC, seed uint64) Keys {
	k, r := testKeys(mac), rand.NewChaCha8([32]byte{1, byte(seed), byte(seed >> 8), byte(seed >> 16)})
	k.Key, k.MACKey = make([]byte, KeySize), bytes.Clone(k.MACKey)
	r.Read(k.Key)
	r.Read(k.MACKey)
	return k
}

// TestKernels compares each kernel with the standard library: every page size and
// length of a batch, of large pages every second length or less, with and without
// page 1 in it, some pages damaged.
func TestKernels(t *testing.T) {
	t.Parallel()
	everyKernel(t, func(t *testing.T, by *instructions) {
		t.Parallel()
		start := rand.Uint64()
		seed := start
		for size := minPageSize; size <= maxPageSize; size *= 2 {
			step := max(1, size/8192)
			for n := 1 + int(start%uint64(step)); n <= 20; n += step {
				seed++
				g := Geometry{PageSize: size, MAC: allMACs[(seed+seed/4)%4], PgnoOrder: PgnoOrder(seed % 2)}
				if !validSize(size, g.MAC) {
					g.MAC = NoMAC
				}
				g.PlaintextHeader = []int{0, 16, 32, 48, 64, 80, g.Usable()}[seed/2%7]
				b := batch{by: by, g: g, first: uint32(1 + seed%3), ones: seed * 0x9e3779b97f4a7c15 & (seed * 0xd6e8feb86659fd93), n: n, inPlace: seed/8%2 == 0, seed: seed,
					at: func(int) (int, int) { return int(seed / 16 % 64), int(seed / 1024 % 64) }}
				b.compare(t, seed)
			}
		}
	})
}

// TestKernelLanes damages one page after the other of batches of every length, and
// all of them, and each but one.
func TestKernelLanes(t *testing.T) {
	t.Parallel()
	everyKernel(t, func(t *testing.T, by *instructions) {
		t.Parallel()
		b := batch{by: by, g: Geometry{PageSize: 1024, MAC: HMACSHA512}, first: 2, seed: rand.Uint64(),
			at: func(i int) (int, int) { return i, 3 * i }}
		for b.n = 1; b.n <= 20; b.n++ {
			b.inPlace, b.ones = b.n%2 == 0, b.seed>>32
			b.compare(t, 1<<b.n-1)
			for i := range b.n {
				b.seed++
				b.compare(t, 1<<i)
				b.compare(t, (1<<b.n-1)&^(1<<i))
			}
		}
	})
}

// TestKernelEveryByte flips a bit of every byte of a page among others.
func TestKernelEveryByte(t *testing.T) {
	t.Parallel()
	everyKernel(t, func(t *testing.T, by *instructions) {
		t.Parallel()
		g := Geometry{PageSize: 1024, MAC: HMACSHA512}
		k := kernelBy(by, g, testKeys(g.MAC))
		for _, n := range []int{1, 4, 8} {
			b := batch{g: g, first: 2, n: n, at: func(int) (int, int) { return 0, 0 }}
			pages := b.pages()
			k.encrypt(pages)
			for i := range g.PageSize {
				which := i % n
				pages[which].Cipher[i] ^= 1 << (i % 8)
				k.decrypt(pages)
				pages[which].Cipher[i] ^= 1 << (i % 8)
				for j := range pages {
					if pages[j].Bad != (j == which) {
						t.Errorf("byte %d of page %d of %d: Bad of page %d is %v", i, which, n, j, pages[j].Bad)
					}
				}
			}
		}
	})
}

// TestKernelBatch is TestBatch of each kernel.
func TestKernelBatch(t *testing.T) {
	t.Parallel()
	everyKernel(t, func(t *testing.T, by *instructions) {
		t.Parallel()
		for _, n := range []int{1, 4, 9, tile + 5} {
			for _, inPlace := range []bool{false, true} {
				c := v4Codec(t)
				c.kernel = kernelBy(by, c.Geometry(), testKeys(HMACSHA512))
				testBatch(t, c, n, inPlace)
			}
		}
	})
}

// TestKernelOffsets places the buffers at all distances from a line of the cache.
func TestKernelOffsets(t *testing.T) {
	t.Parallel()
	everyKernel(t, func(t *testing.T, by *instructions) {
		t.Parallel()
		for offset := range 64 {
			for _, n := range []int{1, 4, 8} {
				for _, inPlace := range []bool{false, true} {
					b := batch{by: by, g: Geometry{PageSize: 1024, MAC: HMACSHA512}, first: 2, n: n, inPlace: inPlace, seed: rand.Uint64(),
						at: func(i int) (int, int) { return offset, (offset*7 + i) % 64 }}
					b.compare(t, uint64(offset)&1)
				}
			}
		}
	})
}

// FuzzKernels is TestKernels with what the fuzzer comes up with.
func FuzzKernels(f *testing.F) {
	f.Fuzz(func(t *testing.T, size, mac uint8, header uint16, first uint32, n, plain, cipher uint8, inPlace bool, bad, seed, ones uint64) {
		g := Geometry{PageSize: minPageSize << (size % 8), MAC: MAC(mac % 4), PgnoOrder: PgnoOrder(mac / 4 % 2)}
		g.PlaintextHeader = int(header) * 16 % (g.Usable() + 16)
		if g.Validate() != nil {
			return
		}
		b := batch{g: g, first: max(first%(1<<31), 1), ones: ones, n: int(n%20) + 1, inPlace: inPlace, seed: seed,
			at: func(i int) (int, int) { return (int(plain) + 5*i) % 64, (int(cipher) + 3*i) % 64 }}
		for i := range sets {
			if b.by = &sets[i]; b.by.fits {
				b.compare(t, bad)
			}
		}
	})
}

func TestKernelWipe(t *testing.T) {
	t.Parallel()
	everyKernel(t, func(t *testing.T, by *instructions) {
		for _, mac := range allMACs {
			g := Geometry{PageSize: 1024, MAC: mac}
			b := batch{by: by, g: g, first: 1, n: 9, at: func(int) (int, int) { return 0, 0 }}
			k := kernelBy(by, g, testKeys(mac))
			k.encrypt(b.pages())
			l := k.lanes
			if l.dst != [maxLanes]*byte{} || l.src != [maxLanes]*byte{} {
				t.Errorf("%v: keeps pages after a call", mac)
			}
			if l.enc == (roundKeys{}) || l.dec == (roundKeys{}) {
				t.Errorf("%v: has no keys to wipe", mac)
			}
			k.wipe()
			if *l != (lanes{}) || *k != (kernel{}) {
				t.Errorf("%v: something is left", mac)
			}
		}
	})
}

// TestKernelNoAllocations is not parallel: AllocsPerRun counts for the whole process.
func TestKernelNoAllocations(t *testing.T) {
	everyKernel(t, func(t *testing.T, by *instructions) {
		for _, mac := range allMACs {
			b := batch{g: Geometry{PageSize: 1024, MAC: mac}, first: 1, n: 20, at: func(int) (int, int) { return 0, 0 }}
			k, pages := kernelBy(by, b.g, testKeys(mac)), b.pages()
			if n := testing.AllocsPerRun(100, func() { k.encrypt(pages); k.decrypt(pages) }); n != 0 {
				t.Errorf("%v: %v allocations", mac, n)
			}
		}
	})
}

func (by *instructions) String() string {
	if by == nil {
		return "purego"
	}
	return by.name
}

func TestChoose(t *testing.T) {
	t.Parallel()
	some := []instructions{{name: "best"}, {name: "second", fits: true}, {name: "third", fits: true}, {name: "last"}}
	for name, want := range map[string]string{"": "second", "best": "second", "second": "second", "third": "third",
		"last": "second", "nonsense": "second", "Third": "second", "purego": "purego"} {
		if got := choose(name, some); got.String() != want {
			t.Errorf("%q: %v, want %s", name, got, want)
		}
	}
	if got := choose("best", some[:1]); got != nil {
		t.Errorf("%v does not fit", got)
	}
}

// TestChosen runs itself in processes that are told which kernel to take.
func TestChosen(t *testing.T) {
	t.Parallel()
	if os.Getenv("HMACPAGE_TEST_CHOSEN") != "" {
		k := v4Codec(t).kernel
		name := "purego"
		if k.lanes != nil {
			name = k.lanes.by.name
		}
		if got := Kernel(); got != name {
			t.Errorf("Kernel says %s", got)
		}
		fmt.Printf("chosen: %s\n", name)
		return
	}
	run := func(want string, env ...string) {
		cmd := exec.Command(os.Args[0], "-test.run=^TestChosen$")
		cmd.Env = append(append(os.Environ(), "HMACPAGE_TEST_CHOSEN=1"), env...)
		out, err := cmd.CombinedOutput()
		if got, _, _ := strings.Cut(string(out), "\n"); err != nil || got != "chosen: "+want {
			t.Errorf("%q: %v\n%s", env, err, out)
		}
	}
	run(choose("", sets).String(), "PAGESEAL_KERNEL=")
	run("purego", "PAGESEAL_KERNEL=purego")
	for i := range sets {
		run(choose(sets[i].name, sets).String(), "PAGESEAL_KERNEL="+sets[i].name)
	}
	run("purego", "PAGESEAL_KERNEL="+sets[0].name, "GODEBUG=fips140=on")
}

// BenchmarkKernels compares the kernels on the pages of SQLCipher 4.
func BenchmarkKernels(b *testing.B) {
	for _, n := range []int{1, 4, 8, 64} {
		for i := range len(sets) + 1 {
			var by *instructions // the standard library last
			if i < len(sets) {
				by = &sets[i]
			}
			if by != nil && !by.fits {
				continue
			}
			batch := batch{g: Geometry{PageSize: 4096, MAC: HMACSHA512}, first: 2, n: n, at: func(int) (int, int) { return 0, 0 }}
			k, pages := kernelBy(by, batch.g, testKeys(HMACSHA512)), batch.pages()
			for _, op := range []string{"encrypt", "decrypt"} {
				do := map[string]func([]Page){"encrypt": k.encrypt, "decrypt": k.decrypt}[op]
				b.Run(fmt.Sprintf("%s/batch=%d/%v", op, n, by), func(b *testing.B) {
					k.encrypt(pages)
					b.SetBytes(int64(n * batch.g.PageSize))
					for b.Loop() {
						do(pages)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/page")
				})
			}
		}
	}
}

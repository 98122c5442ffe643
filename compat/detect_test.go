package compat

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pageseal/pageseal/testdata/vectors"
)

// heads are the starts of plaintext databases, by name; see testdata/MANIFEST.
func heads(t testing.TB) map[string][]byte {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join("testdata", "MANIFEST"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for line := range strings.Lines(string(manifest)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || !strings.HasSuffix(fields[1], ".head") {
			continue
		}
		head, err := os.ReadFile(filepath.Join("testdata", fields[1]))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(head); hex.EncodeToString(sum[:]) != fields[0] || len(head) != 512 {
			t.Fatalf("%s is not the file of the manifest", fields[1])
		}
		files[strings.TrimSuffix(fields[1], ".head")] = head
	}
	if len(files) != 8 {
		t.Fatalf("%d files, want 8", len(files))
	}
	return files
}

// pageSizeOf is the last part of a name.
func pageSizeOf(t testing.TB, name string) int {
	t.Helper()
	var size int
	if _, err := fmt.Sscan(name[strings.LastIndex(name, "-")+1:], &size); err != nil {
		t.Fatal(err)
	}
	return size
}

// truncations are sizes at which a file or what is known of it may end.
var truncations = []int{0, 1, 2, 15, 16, 100, 511, 512}

// wantKind detects a file, whole and cut short.
func wantKind(t *testing.T, name string, file []byte, want FileKind) {
	t.Helper()
	if got := Detect(file, int64(len(file))); got != want {
		t.Errorf("%s: %v, want %v", name, got, want)
	}
	for _, n := range truncations {
		wantCut := want
		switch {
		case n <= 1:
			wantCut = FileEmpty
		case n < 512:
			wantCut = FileShort
		}
		if got := Detect(file[:n], int64(n)); got != wantCut {
			t.Errorf("%s, cut to %d bytes: %v, want %v", name, n, got, wantCut)
		}
		if n <= 1 {
			wantCut = FileShort // there is more than what was read
		}
		if got := Detect(file[:n], 1<<40); got != wantCut {
			t.Errorf("%s, %d bytes read: %v, want %v", name, n, got, wantCut)
		}
	}
}

func TestDetectVectors(t *testing.T) {
	t.Parallel()
	withHeader := 0
	for _, db := range vectors.Load().Databases {
		want := FileEncrypted
		if db.PlaintextHeader > 0 {
			want = FilePlaintextHeader
			withHeader++
		}
		var file []byte
		for _, page := range db.Pages {
			file = append(file, page.Raw...)
			if db.PlaintextHeader == 0 || page.Pgno > 1 { // each could be the first
				wantKind(t, fmt.Sprintf("%s, page %d", db.Name, page.Pgno), page.Raw, FileEncrypted)
			}
		}
		wantKind(t, db.Name, file, want)
	}
	if withHeader == 0 {
		t.Error("no vector has a plaintext header")
	}
}

// TestDetectHeader puts the header of real databases before the rest of
// encrypted ones.
func TestDetectHeader(t *testing.T) {
	t.Parallel()
	for name, head := range heads(t) {
		wantKind(t, name, head, FilePlaintext)
		for _, db := range vectors.Load().Databases {
			for _, n := range []int{16, 32, 48, 64, 80} {
				if n == 16 && db.PlaintextHeader > 0 {
					continue
				}
				mixed := append(bytes.Clone(head[:n]), db.Pages[0].Raw[n:512]...)
				wantKind(t, fmt.Sprintf("%d bytes of %s in %s", n, name, db.Name), mixed, FilePlaintextHeader)
			}
		}
	}
}

func TestDetectMultipleCiphers(t *testing.T) {
	t.Parallel()
	for _, db := range vectors.Load().Databases {
		for name, head := range heads(t) {
			mixed := bytes.Clone(db.Pages[1].Raw[:512])
			copy(mixed[16:24], head[16:24])
			wantKind(t, db.Name+" under "+name, mixed, FileMultipleCiphers)
			for _, i := range []int{21, 22, 23} {
				mixed[i] ^= 1
				wantKind(t, db.Name+" with another fraction", mixed, FileEncrypted)
				mixed[i] ^= 1
			}
			mixed[16], mixed[17] = 3, 0
			wantKind(t, db.Name+" with no page size", mixed, FileEncrypted)
		}
	}
}

func TestDetectOther(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("detect.go")
	if err != nil {
		t.Fatal(err)
	}
	random := vectors.Load().Databases[0].Pages[1].Raw
	table := heads(t)["table-4096"]
	for name, file := range map[string][]byte{
		"zeros":                make([]byte, 4096),
		"ones":                 bytes.Repeat([]byte{0xff}, 4096),
		"one byte of half":     bytes.Repeat([]byte{0x55}, 4096),
		"16 random bytes":      bytes.Repeat(random[:16], 256),
		"text":                 source,
		"text of another kind": []byte(strings.Repeat("Ärzte, Änderungen; 患者の記録\n", 100)),
		"UTF-16":               utf16(strings.Repeat("Die Würde des Menschen ist unantastbar. ", 30)),
		"base64":               []byte(base64.StdEncoding.EncodeToString(random)),
		"hex digits":           fmt.Appendf(nil, "%x", random),
		"JPEG":                 photo(t),
		"half a page":          append(bytes.Clone(random[:256]), make([]byte, 4096)...),
		"zeros, half a page":   append(make([]byte, 256), random...),
		"magic in capitals":    append([]byte("SQLITE FORMAT 3\x00"), table[16:]...),
		"magic cut short":      append([]byte("SQLite format 3"), append(table[16:512:512], 0)...),
		"magic of version 2":   append([]byte("** This file contains an SQLite 2.1 database **"), make([]byte, 4096)...),
	} {
		wantKind(t, name, file, FileOther)
	}
	// The magic makes it a database, with or without sense behind it.
	wantKind(t, "magic and zeros", append([]byte(Magic), make([]byte, 4096)...), FilePlaintext)
	wantKind(t, "magic and text", append([]byte(Magic), source...), FilePlaintext)
}

func utf16(s string) []byte {
	var out []byte
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

// photo is a JPEG file of something with shades and noise.
func photo(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 200, 200))
	for i := range 200 * 200 {
		x, y := i%200, i/200
		img.Set(x, y, color.RGBA{uint8(x + y), uint8(x * y), uint8(x ^ y), 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// seeded is a generator whose seed is logged, for what comes out wrong.
func seeded(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestDetectRandom measures how often random bytes are not taken for an
// encrypted database: once in 500 million, so that two are one too many.
func TestDetectRandom(t *testing.T) {
	t.Parallel()
	const rounds = 30000
	r := seeded(t)
	header := heads(t)["table-4096"][:32]
	missed, missedHeader := 0, 0
	for range rounds {
		b := randomBytes(r, 512)
		if Detect(b, 4096) != FileEncrypted {
			missed++
		}
		copy(b, header)
		if Detect(b, 4096) != FilePlaintextHeader {
			missedHeader++
		}
	}
	if missed > 1 || missedHeader > 1 {
		t.Errorf("of %d, %d without and %d with a plaintext header are missed", rounds, missed, missedHeader)
	}
}

// TestDetectStructured measures how often what programs and people write is
// taken for an encrypted database.
func TestDetectStructured(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	letters := []rune("etaoinshrdlucmfwypvbgkjqxzäöüßéèñçаеиностлврк，の患者記録")
	word := func() string {
		var b strings.Builder
		for range 2 + r.IntN(8) {
			b.WriteRune(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	for name, record := range map[string]func() []byte{
		"words":           func() []byte { return []byte(word() + " ") },
		"words in UTF-16": func() []byte { return utf16(word() + " ") },
		"numbers":         func() []byte { return fmt.Appendf(nil, "%d,", r.IntN(1<<30)) },
		"hex":             func() []byte { return fmt.Appendf(nil, "%016x ", r.Uint64()) },
		"UUIDs":           func() []byte { return fmt.Appendf(nil, `{"id":"%08x-%04x"},`, r.Uint32(), r.IntN(1<<16)) },
		"base64":          func() []byte { return []byte(base64.StdEncoding.EncodeToString(randomBytes(r, 48)) + "\n") },
		"binary records": func() []byte {
			return []byte{0, 0, byte(r.IntN(256)), byte(r.IntN(256)), 0, 0, 0, byte(r.IntN(20))}
		},
		"random, 7 bits":    func() []byte { return []byte{byte(r.IntN(128))} },
		"random, few kinds": func() []byte { return []byte("\x00\xff\x0f\xf0\x33\xcc\x55\xaa"[r.IntN(8):][:1]) },
	} {
		taken := 0
		const rounds = 500
		for range rounds {
			var file []byte
			for len(file) < 512 {
				file = append(file, record()...)
			}
			if Detect(file, 4096) != FileOther {
				taken++
			}
		}
		if taken > 0 {
			t.Errorf("%s: %d of %d are taken for a database", name, taken, rounds)
		}
	}
}

func TestPlausibleHeader(t *testing.T) {
	t.Parallel()
	sizes := []int{0, 1, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072}
	pages := heads(t)
	for _, db := range vectors.Load().Databases {
		if plain := db.Pages[0].Plain; plain != nil {
			pages[fmt.Sprintf("%s-%d", db.Name, db.PageSize)] = plain
		}
	}
	for name, page := range pages {
		for _, size := range sizes {
			if got, want := PlausibleHeader(page, size), size == pageSizeOf(t, name); got != want {
				t.Errorf("%s, page size %d: %v", name, size, got)
			}
		}
		if got, want := HeaderPageSize(page), pageSizeOf(t, name); got != want {
			t.Errorf("%s: page size %d", name, got)
		}
		for _, i := range []int{16, 17, 21, 22, 23, 44, 45, 46, 56, 57, 58, 59, 72, 73, 80, 90, 91} {
			bad := bytes.Clone(page)
			bad[i] ^= 0xa5
			if PlausibleHeader(bad, pageSizeOf(t, name)) {
				t.Errorf("%s with another byte %d passes", name, i)
			}
		}
		// What may be anything: versions, reserve, counters, user_version.
		for _, i := range []int{0, 18, 19, 20, 24, 31, 40, 43, 48, 60, 63, 64, 68, 71, 92, 99} {
			odd := bytes.Clone(page)
			odd[i] ^= 0xa5
			if !PlausibleHeader(odd, pageSizeOf(t, name)) {
				t.Errorf("%s with another byte %d does not pass", name, i)
			}
		}
	}
	r := seeded(t)
	for range 10000 {
		b := randomBytes(r, 512)
		b[16], b[17] = 16, 0
		if PlausibleHeader(b, 4096) {
			t.Fatal("random bytes pass")
		}
	}
}

func TestFileKind(t *testing.T) {
	t.Parallel()
	encrypted := map[FileKind]bool{FileEncrypted: true, FilePlaintextHeader: true, FileMultipleCiphers: true}
	seen := map[string]bool{}
	for k := FileEmpty; k <= FileOther; k++ {
		if seen[k.String()] || k.String() == "" {
			t.Errorf("kind %d reads %q", int(k), k)
		}
		seen[k.String()] = true
		if k.Encrypted() != encrypted[k] {
			t.Errorf("%v: encrypted is %v", k, k.Encrypted())
		}
	}
}

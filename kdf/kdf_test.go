package kdf

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/testdata/vectors"
)

var v4 = Params{Hash: SHA512, Iter: 256000, FastIter: 2, SaltMask: 0x3a}

func hashNamed(t *testing.T, name string) Hash {
	t.Helper()
	for _, h := range []Hash{SHA1, SHA256, SHA512} {
		if strings.EqualFold(h.String(), name) {
			return h
		}
	}
	t.Fatalf("vectors name an unknown hash %q", name)
	return 0
}

// TestVectors derives the keys of databases that SQLCipher wrote. Raw keys skip
// the first derivation, the raw key of 160 digits (163 bytes with x and quotes)
// brings its MAC key along.
func TestVectors(t *testing.T) {
	t.Parallel()
	combinations := map[string]bool{}
	for _, db := range vectors.Load().Databases {
		p := Params{
			Hash: hashNamed(t, db.KDFAlgo), Iter: db.KDFIter,
			FastIter: db.FastIter, SaltMask: db.Mask[0],
		}
		if db.UseHMAC && !db.KeyIsRaw {
			combinations[db.KDFAlgo+"/"+db.HMACAlgo] = true
		}
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			if !db.KeyIsRaw {
				key, err := Derive(db.KeyInput, db.Salt, p)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(key, db.Key) {
					t.Errorf("key %x, want %x", key, db.Key)
				}
			}
			if db.UseHMAC && len(db.KeyInput) != 163 {
				macKey, err := DeriveMAC(db.Key, db.Salt, p)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(macKey, db.MACKey) {
					t.Errorf("MAC key %x, want %x", macKey, db.MACKey)
				}
			}
		})
	}
	if len(combinations) != 9 {
		t.Errorf("%d combinations of KDF and HMAC in the vectors, want 9", len(combinations))
	}
}

// TestSynthetic covers the synthetic pages, the WAL and the journal.
func TestSynthetic(t *testing.T) {
	t.Parallel()
	set := vectors.Load()
	check := func(name, hash string, iter int, passphrase string, salt, key, macKey []byte) {
		p := Params{Hash: hashNamed(t, hash), Iter: iter, FastIter: 2, SaltMask: 0x3a}
		gotKey, err := Derive([]byte(passphrase), salt, p)
		if err != nil {
			t.Fatal(err)
		}
		gotMACKey, err := DeriveMAC(gotKey, salt, p)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(gotKey, key) || !bytes.Equal(gotMACKey, macKey) {
			t.Errorf("%s: %x and %x, want %x and %x", name, gotKey, gotMACKey, key, macKey)
		}
	}
	for _, s := range set.Synthetic {
		check("synthetic", s.KDFAlgo, s.KDFIter, s.Passphrase, s.Salt, s.Key, s.MACKey)
	}
	w, j := set.WAL, set.HotJournal
	check("wal", w.KDFAlgo, w.KDFIter, w.Passphrase, w.Salt, w.Key, w.MACKey)
	check("journal", j.KDFAlgo, j.KDFIter, j.Passphrase, j.Salt, j.Key, j.MACKey)
}

// TestFixed compares with results computed by OpenSSL, through Python's hashlib.
func TestFixed(t *testing.T) {
	t.Parallel()
	counting := unhex(t, "000102030405060708090a0b0c0d0e0f")
	for _, c := range []struct {
		name        string
		hash        Hash
		passphrase  string
		salt        []byte
		iter        int
		key, macKey string
	}{
		{"SHA1 one iteration", SHA1, "correct horse", counting, 1,
			"ebc326d438035e6106936404c1e138b7b1f87ede9fdd3253dc3ee36d18b2dd04",
			"484fc33ee418dd27970399063a3cbbd0e3c7cfe487d740b62db5b17bcede12fb"},
		{"SHA256 empty passphrase", SHA256, "", make([]byte, SaltSize), 2,
			"2bfe29ec9008ef83514f0e3daf884d9015be7472f6eb1c5dfae9ee6336ca3cbb",
			"42cd1df9c81e8472e5092580a43365d7e5d8f967a48d0fc9141897941a611938"},
		{"SHA512 with NUL", SHA512, "p\x00w", counting, 4096,
			"7217fbcb697927bdfb0a75071bfa8bd320394b75bab7661365243eaa0cbe308e",
			"bbf342b339c654a6da1fbdd429badf92abfafe300cdb3b86990c733ae1aba4ea"},
		{"SHA512 longer than a block", SHA512, strings.Repeat("x", 200), bytes.Repeat([]byte{0xff}, SaltSize), 3,
			"602d9447ffb190b3ee4ceb6417a0bad82d064f64b68f85d3916cd4b25665bb64",
			"296b2d724020be1fa85d06eeea7eb90b89872573ac243ccb02eb28434247f652"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := Params{Hash: c.hash, Iter: c.iter, FastIter: 2, SaltMask: 0x3a}
			salt := bytes.Clone(c.salt)
			key, err := Derive([]byte(c.passphrase), salt, p)
			if err != nil {
				t.Fatal(err)
			}
			if got := hex.EncodeToString(key); got != c.key {
				t.Errorf("key %s, want %s", got, c.key)
			}
			macKey, err := DeriveMAC(key, salt, p)
			if err != nil {
				t.Fatal(err)
			}
			if got := hex.EncodeToString(macKey); got != c.macKey {
				t.Errorf("MAC key %s, want %s", got, c.macKey)
			}
			if !bytes.Equal(salt, c.salt) {
				t.Error("the caller's salt was modified")
			}
		})
	}
}

// TestRFC runs RFC 6070 (SHA-1) and RFC 7914 section 11 (SHA-256), whose salts and
// lengths the exported functions do not take.
func TestRFC(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hash         Hash
		secret, salt string
		iter         int
		want         string
	}{
		{SHA1, "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
		{SHA1, "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
		{SHA1, "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"},
		{SHA1, "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
			"3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
		{SHA1, "pass\x00word", "sa\x00lt", 4096, "56fa6aa75548099dcc37d7f03425e0c3"},
		{SHA256, "passwd", "salt", 1,
			"55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc" +
				"49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"},
	} {
		got := derive(c.hash, []byte(c.secret), []byte(c.salt), c.iter, len(c.want)/2)
		if hex.EncodeToString(got) != c.want {
			t.Errorf("%v %q %q %d: %x, want %s", c.hash, c.secret, c.salt, c.iter, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	key, salt := make([]byte, KeySize), make([]byte, SaltSize)
	with := func(change func(p *Params)) Params {
		p := v4
		p.Iter = 1
		change(&p)
		return p
	}
	asIs := with(func(*Params) {})
	deriveErr := func(salt []byte, p Params) error { _, err := Derive([]byte("x"), salt, p); return err }
	macErr := func(key, salt []byte, p Params) error { _, err := DeriveMAC(key, salt, p); return err }
	for _, c := range []struct {
		name string
		err  error
		want string // empty: no error
	}{
		{"good", deriveErr(salt, asIs), ""},
		{"good MAC", macErr(key, salt, asIs), ""},
		{"fast iterations not used", deriveErr(salt, with(func(p *Params) { p.FastIter = 0 })), ""},
		{"iterations not used", macErr(key, salt, with(func(p *Params) { p.Iter = 0 })), ""},
		{"iterations 0", deriveErr(salt, with(func(p *Params) { p.Iter = 0 })), "kdf: 0 iterations, want at least 1"},
		{"iterations -1", deriveErr(salt, with(func(p *Params) { p.Iter = -1 })), "kdf: -1 iterations, want at least 1"},
		{"fast iterations 0", macErr(key, salt, with(func(p *Params) { p.FastIter = 0 })), "kdf: 0 iterations, want at least 1"},
		{"no salt", deriveErr(nil, asIs), "kdf: salt of 0 bytes, want 16"},
		{"long salt", deriveErr(make([]byte, 17), asIs), "kdf: salt of 17 bytes, want 16"},
		{"short MAC salt", macErr(key, salt[:15], asIs), "kdf: salt of 15 bytes, want 16"},
		{"long MAC salt", macErr(key, make([]byte, 17), asIs), "kdf: salt of 17 bytes, want 16"},
		{"short key", macErr(key[:31], salt, asIs), "kdf: key of 31 bytes, want 32"},
		{"long key", macErr(make([]byte, 33), salt, asIs), "kdf: key of 33 bytes, want 32"},
		{"hash 3", deriveErr(salt, with(func(p *Params) { p.Hash = 3 })), "kdf: unknown hash 3"},
		{"hash -1", macErr(key, salt, with(func(p *Params) { p.Hash = -1 })), "kdf: unknown hash -1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if c.err != nil {
				got = c.err.Error()
			}
			if got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}

// TestFIPSOnly runs itself in a process with the mode on: it cannot be switched
// on later.
func TestFIPSOnly(t *testing.T) {
	t.Parallel()
	if os.Getenv("KDF_TEST_FIPS_ONLY") != "" {
		p := Params{Hash: SHA1, Iter: 1, FastIter: 1}
		_, err := Derive([]byte("x"), make([]byte, SaltSize), p)
		if want := "kdf: SHA1 is not allowed in FIPS 140-only mode"; err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		p.Hash = SHA512
		if _, err := Derive([]byte("x"), make([]byte, SaltSize), p); err != nil {
			t.Error(err)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFIPSOnly$", "-test.v")
	cmd.Env = append(os.Environ(), "KDF_TEST_FIPS_ONLY=1", "GODEBUG=fips140=only")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("PASS: TestFIPSOnly")) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestHashString(t *testing.T) {
	t.Parallel()
	for h, want := range map[Hash]string{SHA1: "SHA1", SHA256: "SHA256", SHA512: "SHA512", 7: "Hash(7)"} {
		if got := h.String(); got != want {
			t.Errorf("String() = %q, want %q", got, want)
		}
	}
}

func TestWipe(t *testing.T) {
	t.Parallel()
	Wipe(nil)
	b := bytes.Repeat([]byte{0xaa}, 100)
	Wipe(b[10:90])
	want := append(append(bytes.Repeat([]byte{0xaa}, 10), make([]byte, 80)...), bytes.Repeat([]byte{0xaa}, 10)...)
	if !bytes.Equal(b, want) {
		t.Errorf("after Wipe: %x", b)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// BenchmarkDerive is what a user waits for when opening a SQLCipher 4 database.
func BenchmarkDerive(b *testing.B) {
	salt := make([]byte, SaltSize)
	for b.Loop() {
		if _, err := Derive([]byte("correct horse"), salt, v4); err != nil {
			b.Fatal(err)
		}
	}
}

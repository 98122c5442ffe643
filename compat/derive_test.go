package compat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/testdata/vectors"
)

// settingsOf are the settings of a database of the vectors, set by name.
func settingsOf(t *testing.T, db vectors.Database) Settings {
	t.Helper()
	s := Latest.Settings()
	for name, value := range map[string]int{
		"cipher_page_size": db.PageSize, "kdf_iter": db.KDFIter, "fast_kdf_iter": db.FastIter,
		"cipher_plaintext_header_size": db.PlaintextHeader,
	} {
		set(t, &s, name, itoa(value))
	}
	set(t, &s, "cipher_kdf_algorithm", "pbkdf2_hmac_"+db.KDFAlgo)
	set(t, &s, "cipher_hmac_algorithm", "hmac_"+db.HMACAlgo)
	set(t, &s, "cipher_hmac_pgno", db.PgnoOrder)
	set(t, &s, "cipher_hmac_salt_mask", "x'"+hex.EncodeToString(db.Mask)+"'")
	set(t, &s, "cipher_use_hmac", map[bool]string{true: "on", false: "off"}[db.UseHMAC])
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	return s
}

func wantKeys(t *testing.T, k Keyspec, s Settings, salt []byte, want hmacpage.Keys) {
	t.Helper()
	got, err := k.Derive(s, salt)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		name      string
		got, want []byte
	}{{"key", got.Key, want.Key}, {"MAC key", got.MACKey, want.MACKey}, {"salt", got.Salt, want.Salt}} {
		if !bytes.Equal(part.got, part.want) {
			t.Errorf("%s %x, want %x", part.name, part.got, part.want)
		}
	}
}

// TestDeriveVectors opens the databases that SQLCipher wrote with their key
// texts.
func TestDeriveVectors(t *testing.T) {
	t.Parallel()
	forms, algorithms := map[string]bool{}, map[[2]string]bool{}
	for _, db := range vectors.Load().Databases {
		k := keyspec(t, string(db.KeyInput))
		forms[k.String()] = true
		if db.UseHMAC {
			algorithms[[2]string{db.KDFAlgo, db.HMACAlgo}] = true
		}
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			s := settingsOf(t, db)
			want := hmacpage.Keys{Key: db.Key, MACKey: db.MACKey, Salt: db.Salt}
			wantKeys(t, k, s, db.Salt, want)
			if k.Slow() == db.KeyIsRaw {
				t.Errorf("Slow is %v for a %s", k.Slow(), k)
			}
			if !db.KeyIsRaw {
				digits, err := HexKeyspec([]byte(hex.EncodeToString(db.KeyInput)))
				if err != nil {
					t.Fatal(err)
				}
				wantKeys(t, digits, s, db.Salt, want)
			}
			wantKeys(t, KeyspecOf(want), s, make([]byte, kdf.SaltSize), want)
			wantPages(t, db, s, want)
		})
	}
	if len(forms) != 4 || len(algorithms) != 9 {
		t.Errorf("the vectors have %d of 4 forms and %d of 9 pairs of KDF and HMAC", len(forms), len(algorithms))
	}
}

// wantPages decrypts the pages under the geometry of the settings.
func wantPages(t *testing.T, db vectors.Database, s Settings, keys hmacpage.Keys) {
	t.Helper()
	codec, err := hmacpage.New(s.Geometry(), keys)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Geometry().Reserve(); got != db.Reserve {
		t.Errorf("reserve %d, want %d", got, db.Reserve)
	}
	for _, page := range db.Pages {
		plain := make([]byte, db.PageSize)
		if err := codec.Decrypt([]hmacpage.Page{{Pgno: page.Pgno, Plain: plain, Cipher: page.Raw}}); err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(plain[:db.PageSize-db.Reserve]); !bytes.Equal(sum[:], page.PlainSHA256) {
			t.Errorf("page %d decrypts to something else", page.Pgno)
		}
	}
}

// TestDeriveRaw wants of each raw form that it uses what it carries, and
// nothing that it replaces.
func TestDeriveRaw(t *testing.T) {
	t.Parallel()
	b := unhex(t, hexText(160))
	salt := []byte("the file's  salt")
	s := Latest.Settings()
	mac := func(key, salt []byte) []byte {
		macKey, err := kdf.DeriveMAC(key, salt, s.KDFParams())
		if err != nil {
			t.Fatal(err)
		}
		return macKey
	}
	slower := s
	slower.KDFIter = 1 << 30 // would not end
	noHMAC := slower
	noHMAC.UseHMAC = false
	for _, c := range []struct {
		name   string
		digits int
		s      Settings
		want   hmacpage.Keys
	}{
		{"key", 64, slower, hmacpage.Keys{Key: b[:32], MACKey: mac(b[:32], salt), Salt: salt}},
		{"key and salt", 96, slower, hmacpage.Keys{Key: b[:32], MACKey: mac(b[:32], b[32:48]), Salt: b[32:48]}},
		{"key, MAC key and salt", 160, slower, hmacpage.Keys{Key: b[:32], MACKey: b[32:64], Salt: b[64:80]}},
		{"key without HMAC", 64, noHMAC, hmacpage.Keys{Key: b[:32], Salt: salt}},
		{"key and salt without HMAC", 96, noHMAC, hmacpage.Keys{Key: b[:32], Salt: b[32:48]}},
		{"key, MAC key and salt without HMAC", 160, noHMAC, hmacpage.Keys{Key: b[:32], Salt: b[64:80]}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantKeys(t, keyspec(t, "x'"+hexText(c.digits)+"'"), c.s, salt, c.want)
		})
	}
}

// TestDeriveCopies wants keys that outlive the keyspec, and the other way
// round.
func TestDeriveCopies(t *testing.T) {
	t.Parallel()
	b := unhex(t, hexText(160))
	k := keyspec(t, "x'"+hexText(160)+"'")
	keys, err := k.Derive(Latest.Settings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	k.Wipe()
	if !slices.Equal(slices.Concat(keys.Key, keys.MACKey, keys.Salt), b) {
		t.Error("wiping the keyspec wiped the keys")
	}
	k = keyspec(t, "x'"+hexText(160)+"'")
	keys, err = k.Derive(Latest.Settings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	clear(keys.Key)
	clear(keys.MACKey)
	clear(keys.Salt)
	wantParts(t, k, formKeyMACSalt, "x'"+hexText(160)+"'")
	salt := make([]byte, kdf.SaltSize)
	keys, err = keyspec(t, "x'"+hexText(64)+"'").Derive(Latest.Settings(), salt)
	if err != nil {
		t.Fatal(err)
	}
	keys.Salt[0] = 1
	if salt[0] != 0 {
		t.Error("the keys share the caller's salt")
	}
}

func TestDeriveErrors(t *testing.T) {
	t.Parallel()
	salt := make([]byte, kdf.SaltSize)
	quick := Latest.Settings()
	quick.KDFIter = 1
	with := func(change func(s *Settings)) Settings {
		s := quick
		change(&s)
		return s
	}
	raw := "x'" + hexText(64) + "'"
	for _, c := range []struct {
		name, text string
		s          Settings
		salt       []byte
	}{
		{"passphrase, no salt", "secret passphrase", quick, nil},
		{"passphrase, short salt", "secret passphrase", quick, salt[:15]},
		{"passphrase, no iterations", "secret passphrase", with(func(s *Settings) { s.KDFIter = 0 }), salt},
		{"passphrase, no fast iterations", "secret passphrase", with(func(s *Settings) { s.FastKDFIter = 0 }), salt},
		{"passphrase, unknown KDF", "secret passphrase", with(func(s *Settings) { s.KDF = 7 }), salt},
		{"raw key, no salt", raw, quick, nil},
		{"raw key, long salt", raw, quick, make([]byte, 17)},
		{"raw key, no fast iterations", raw, with(func(s *Settings) { s.FastKDFIter = 0 }), salt},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			keys, err := keyspec(t, c.text).Derive(c.s, c.salt)
			if err == nil || keys.Key != nil || keys.MACKey != nil || keys.Salt != nil {
				t.Fatalf("%x with error %v", keys, err)
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), hexText(16)) {
				t.Errorf("the error %q shows the key", err)
			}
		})
	}
	for _, s := range []Settings{quick, with(func(s *Settings) { s.UseHMAC = false })} {
		if _, err := (Keyspec{}).Derive(s, salt); !errors.Is(err, ErrNoKey) {
			t.Errorf("no key: %v", err)
		}
	}
}

// TestDigest wants the digests to differ where the keys may.
func TestDigest(t *testing.T) {
	t.Parallel()
	type input struct {
		secret, text string
		s            Settings
		salt         string
	}
	base := input{"secret", "passphrase", Latest.Settings(), "0123456789abcdef"}
	with := func(change func(*input)) input {
		in := base
		change(&in)
		return in
	}
	text := func(text string) input { return with(func(in *input) { in.text = text }) }
	digest := func(in input) [32]byte {
		return keyspec(t, in.text).Digest([]byte(in.secret), in.s, []byte(in.salt))
	}
	seen := map[[32]byte]string{}
	for name, in := range map[string]input{
		"base":               base,
		"secret":             with(func(in *input) { in.secret = "Secret" }),
		"no secret":          with(func(in *input) { in.secret = "" }),
		"passphrase":         text("passphrasf"),
		"longer":             text("passphrase\x00"),
		"moved to secret":    with(func(in *input) { in.secret, in.text = "secretp", "assphrase" }),
		"moved to salt":      with(func(in *input) { in.text, in.salt = "passphras", "e0123456789abcdef" }),
		"moved from salt":    with(func(in *input) { in.text, in.salt = "passphrase0", "123456789abcdef" }),
		"salt":               with(func(in *input) { in.salt = "0123456789abcdeF" }),
		"no salt":            with(func(in *input) { in.salt = "" }),
		"iterations":         with(func(in *input) { in.s.KDFIter++ }),
		"fast iterations":    with(func(in *input) { in.s.FastKDFIter++ }),
		"both iterations":    with(func(in *input) { in.s.KDFIter, in.s.FastKDFIter = in.s.FastKDFIter, in.s.KDFIter }),
		"KDF SHA1":           with(func(in *input) { in.s.KDF = kdf.SHA1 }),
		"KDF SHA256":         with(func(in *input) { in.s.KDF = kdf.SHA256 }),
		"salt mask":          with(func(in *input) { in.s.SaltMask = 0 }),
		"no HMAC":            with(func(in *input) { in.s.UseHMAC = false }),
		"raw key":            text("x'" + hexText(64) + "'"),
		"raw key's bytes":    text(string(unhex(t, hexText(64)))),
		"raw key's digits":   text(hexText(64)),
		"raw key with salt":  text("x'" + hexText(96) + "'"),
		"raw keys with salt": text("x'" + hexText(160) + "'"),
		"other MAC key":      text("x'" + hexText(64) + strings.Repeat("0", 64) + hexText(160)[128:] + "'"),
	} {
		d := digest(in)
		if other, ok := seen[d]; ok {
			t.Errorf("%s and %s have the same digest", name, other)
		}
		seen[d] = name
		if d != digest(in) {
			t.Errorf("%s: the digest changes", name)
		}
	}
	// What the keys do not depend on makes no difference.
	for name, in := range map[string]input{
		"page size":        with(func(in *input) { in.s.PageSize = 1024 }),
		"HMAC":             with(func(in *input) { in.s.HMAC = hmacpage.HMACSHA1 }),
		"pgno order":       with(func(in *input) { in.s.PgnoOrder = hmacpage.BigEndian }),
		"plaintext header": with(func(in *input) { in.s.PlaintextHeader = 32 }),
	} {
		if digest(in) != digest(base) {
			t.Errorf("%s changes the digest", name)
		}
	}
	carried := text("x'" + hexText(96) + "'")
	other := carried
	other.salt = "another one     "
	if digest(carried) != digest(other) {
		t.Error("a salt that the keyspec replaces changes the digest")
	}
}

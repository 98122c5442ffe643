package cli

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// TestAsParams wants the parameters that stand for settings to mean them, to be
// few, and to be the same in each form that they are printed in.
func TestAsParams(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 2000 {
		want := compat.Profile(1 + r.IntN(4)).Settings()
		for range r.IntN(4) {
			change(r, &want)
		}
		params := asParams(want)
		got, err := compat.ParseParams(params)
		if err != nil {
			t.Fatalf("%+v: %v: %v", want, params, err)
		}
		if got.Settings.OrDefaults() != want {
			t.Fatalf("%v mean %+v, want %+v", params, got.Settings, want)
		}
		d, err := compat.ParseDSN(dsn("a b.db", want))
		if err != nil || d.Path != "a b.db" || len(d.Cipher) != len(params)+1 {
			t.Fatalf("DSN %s: %+v, %v", dsn("a b.db", want), d, err)
		}
		flags := strings.Fields(strings.ReplaceAll(settingFlags(want), `"`, ""))
		if len(pragmas(want)) != len(params)+1 || len(flags) != 2*len(params) {
			t.Fatalf("%v: %v, %v", params, pragmas(want), flags)
		}
	}
}

// change gives one setting another value. Page sizes that are too small for
// some MAC are left out.
func change(r *rand.Rand, s *compat.Settings) {
	switch r.IntN(9) {
	case 0:
		s.PageSize = 1024 << r.IntN(7)
	case 1:
		s.KDFIter = 1 + r.IntN(1e6)
	case 2:
		s.FastKDFIter = 1 + r.IntN(1e4)
	case 3:
		s.UseHMAC = !s.UseHMAC
	case 4:
		s.HMAC = []hmacpage.MAC{hmacpage.HMACSHA1, hmacpage.HMACSHA256, hmacpage.HMACSHA512}[r.IntN(3)]
	case 5:
		s.KDF = []kdf.Hash{kdf.SHA1, kdf.SHA256, kdf.SHA512}[r.IntN(3)]
	case 6:
		s.PgnoOrder = []hmacpage.PgnoOrder{hmacpage.LittleEndian, hmacpage.BigEndian}[r.IntN(2)]
	case 7:
		s.SaltMask = byte(r.UintN(256))
	case 8:
		s.PlaintextHeader, s.HasSalt = 32, true
		for i := range s.Salt {
			s.Salt[i] = byte(r.UintN(256))
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	for level := compat.V1; level <= compat.V4; level++ {
		if got, want := describe(level.Settings()), fmt.Sprintf("SQLCipher %d", level); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	s := compat.V3.Settings()
	s.PageSize = 4096
	if got := describe(s); got != "SQLCipher 3, cipher_page_size=4096" {
		t.Error(got)
	}
}

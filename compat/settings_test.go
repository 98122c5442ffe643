package compat

import (
	"errors"
	"math"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(s *Settings)
		ok     bool
	}{
		{"as it is", func(s *Settings) {}, true},
		{"zero value", func(s *Settings) { *s = Settings{} }, false},
		{"page size 0", func(s *Settings) { s.PageSize = 0 }, false},
		{"page size 1000", func(s *Settings) { s.PageSize = 1000 }, false},
		{"page size 512 with HMAC", func(s *Settings) { s.PageSize = 512 }, false},
		{"page size 512 without HMAC", func(s *Settings) { s.PageSize, s.UseHMAC = 512, false }, true},
		{"page size 65536", func(s *Settings) { s.PageSize = 65536 }, true},
		{"plaintext header 32", func(s *Settings) { s.PlaintextHeader = 32 }, true},
		{"plaintext header 33", func(s *Settings) { s.PlaintextHeader = 33 }, false},
		{"plaintext header -16", func(s *Settings) { s.PlaintextHeader = -16 }, false},
		{"plaintext header as the usable size", func(s *Settings) { s.PlaintextHeader = 4096 - 80 }, true},
		{"plaintext header into the reserve", func(s *Settings) { s.PlaintextHeader = 4096 - 64 }, false},
		{"iterations 1", func(s *Settings) { s.KDFIter = 1 }, true},
		{"iterations 0", func(s *Settings) { s.KDFIter = 0 }, false},
		{"iterations -1", func(s *Settings) { s.KDFIter = -1 }, false},
		{"iterations beyond 32 bits", func(s *Settings) { s.KDFIter = math.MaxInt32; s.KDFIter++ }, false},
		{"fast iterations 0", func(s *Settings) { s.FastKDFIter = 0 }, false},
		{"fast iterations beyond 32 bits", func(s *Settings) { s.FastKDFIter = math.MaxInt32; s.FastKDFIter++ }, false},
		{"unknown KDF", func(s *Settings) { s.KDF = kdf.SHA512 + 1 }, false},
		{"unknown KDF below", func(s *Settings) { s.KDF = -1 }, false},
		{"unknown HMAC", func(s *Settings) { s.HMAC = hmacpage.HMACSHA512 + 1 }, false},
		{"no HMAC where one is used", func(s *Settings) { s.HMAC = hmacpage.NoMAC }, false},
		{"no HMAC", func(s *Settings) { s.HMAC, s.UseHMAC = hmacpage.NoMAC, false }, true},
		{"unknown pgno order", func(s *Settings) { s.PgnoOrder = 9 }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := Latest.Settings()
			c.change(&s)
			switch err := s.Validate(); {
			case c.ok && err != nil:
				t.Error(err)
			case !c.ok && !errors.Is(err, ErrSetting):
				t.Errorf("%v, want ErrSetting", err)
			}
		})
	}
}

func TestGeometry(t *testing.T) {
	t.Parallel()
	s := Settings{
		PageSize: 2048, UseHMAC: true, HMAC: hmacpage.HMACSHA256,
		PgnoOrder: hmacpage.BigEndian, PlaintextHeader: 48,
	}
	want := hmacpage.Geometry{
		PageSize: 2048, MAC: hmacpage.HMACSHA256, PgnoOrder: hmacpage.BigEndian, PlaintextHeader: 48,
	}
	if got := s.Geometry(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	s.UseHMAC, want.MAC = false, hmacpage.NoMAC
	if got := s.Geometry(); got != want {
		t.Errorf("without HMAC %+v, want %+v", got, want)
	}
}

func TestKDFParams(t *testing.T) {
	t.Parallel()
	s := Settings{KDF: kdf.SHA256, KDFIter: 5, FastKDFIter: 3, SaltMask: 0x11}
	want := kdf.Params{Hash: kdf.SHA256, Iter: 5, FastIter: 3, SaltMask: 0x11}
	if got := s.KDFParams(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

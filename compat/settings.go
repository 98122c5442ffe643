package compat

import (
	"fmt"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// Settings are the parameters under which one database is encrypted. Apart
// from the salt nothing of them is stored in the file: whoever opens it must
// bring them along. The zero value stands for the Defaults of the process;
// other values start from a Profile.
type Settings struct {
	PageSize        int // bytes, a power of two in 512..65536
	KDF             kdf.Hash
	KDFIter         int  // PBKDF2 rounds from passphrase to key
	FastKDFIter     int  // PBKDF2 rounds from key to MAC key
	SaltMask        byte // xored into the salt before the MAC key is derived
	UseHMAC         bool
	HMAC            hmacpage.MAC // used when UseHMAC is set
	PgnoOrder       hmacpage.PgnoOrder
	PlaintextHeader int // bytes of page 1 left in clear, 0 or a multiple of 16

	// Salt replaces the salt of the file when HasSalt is set: a database with
	// a plaintext header has no room for one.
	Salt    [kdf.SaltSize]byte
	HasSalt bool
}

// IsZero tells that no settings are given.
func (s Settings) IsZero() bool { return s == Settings{} }

// Geometry is the page layout that the settings ask for.
func (s Settings) Geometry() hmacpage.Geometry {
	g := hmacpage.Geometry{
		PageSize:        s.PageSize,
		PgnoOrder:       s.PgnoOrder,
		PlaintextHeader: s.PlaintextHeader,
	}
	if s.UseHMAC {
		g.MAC = s.HMAC
	}
	return g
}

// KDFParams are the parameters of the key derivation.
func (s Settings) KDFParams() kdf.Params {
	return kdf.Params{Hash: s.KDF, Iter: s.KDFIter, FastIter: s.FastKDFIter, SaltMask: s.SaltMask}
}

// Validate reports settings under which no database can exist. The error
// wraps ErrSetting.
func (s Settings) Validate() error {
	if err := s.Geometry().Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrSetting, err)
	}
	if s.UseHMAC && s.HMAC == hmacpage.NoMAC {
		return &SettingError{Name: "cipher_hmac_algorithm", Value: s.HMAC.String()}
	}
	if s.KDF < kdf.SHA1 || s.KDF > kdf.SHA512 {
		return &SettingError{Name: "cipher_kdf_algorithm", Value: s.KDF.String()}
	}
	if !validIter(s.KDFIter) {
		return &SettingError{Name: "kdf_iter", Value: fmt.Sprint(s.KDFIter)}
	}
	if !validIter(s.FastKDFIter) {
		return &SettingError{Name: "fast_kdf_iter", Value: fmt.Sprint(s.FastKDFIter)}
	}
	return nil
}

package convert

import (
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
)

// team encrypts and decrypts a database whose salt is this one, if none is given.
func team(spec compat.Keyspec, set compat.Settings, salt []byte) (*hmacpage.Team, error) {
	keys, err := keysOf(spec, set, salt)
	if err != nil {
		return nil, err
	}
	defer wipe(keys)
	return hmacpage.NewTeam(set.Geometry(), keys)
}

// codec does the same, for pages one by one.
func codec(spec compat.Keyspec, set compat.Settings, salt []byte) (*hmacpage.Codec, error) {
	keys, err := keysOf(spec, set, salt)
	if err != nil {
		return nil, err
	}
	defer wipe(keys)
	return hmacpage.New(set.Geometry(), keys)
}

func keysOf(spec compat.Keyspec, set compat.Settings, salt []byte) (hmacpage.Keys, error) {
	switch {
	case spec.Salt() != nil:
		salt = spec.Salt()
	case set.HasSalt:
		salt = set.Salt[:]
	}
	return vfs.DeriveKeys(spec, set, salt)
}

func wipe(keys hmacpage.Keys) {
	kdf.Wipe(keys.Key)
	kdf.Wipe(keys.MACKey)
}

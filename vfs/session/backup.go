package session

import (
	"fmt"
	"net/url"

	"github.com/pageseal/pageseal/compat"
)

// errMixed is what SQLCipher says.
var errMixed = fmt.Errorf("%w: backup is not supported with encrypted databases", compat.ErrUnsupported)

// BackupURI is the URI by which the engine opens the other side of an online
// backup: that which the data source name names. Where the database is encrypted
// the other one is as well, under the key and the settings of the data source
// name, or without one under those of the session. Pages in clear go into no
// encrypted file, and the other way round: that is compat.ErrUnsupported.
//
// encrypted tells what the database of the session is, and encrypts whether a VFS
// does; vfsName is the one to take where none is named.
func (s *Session) BackupURI(dsn string, encrypted bool, vfsName string, encrypts func(vfs string) bool) (string, error) {
	parts, err := compat.ParseDSN(dsn)
	if err != nil {
		return "", err
	}
	given, err := compat.ParseParams(parts.Cipher)
	if err != nil {
		return "", err
	}
	keyed := !given.Key.IsZero() || given.KeyFile != "" || given.KeyEnv != ""
	given.Key.Wipe()
	params := parts.Rest
	if !params.Has("vfs") {
		params.Set("vfs", vfsName)
	}
	switch {
	case !encrypted && keyed, encrypted && !encrypts(params.Get("vfs")):
		return "", errMixed
	case encrypted && !keyed:
		if !s.Keyed() || len(parts.Cipher) > 0 {
			return "", fmt.Errorf("%w for the other side of the backup", compat.ErrNoKey)
		}
		params.Set(Param, s.Token())
	default:
		addAll(params, parts.Cipher)
	}
	return compat.URI(parts.Path, params), nil
}

func addAll(to url.Values, params []compat.Param) {
	for _, p := range params {
		to.Add(p.Name, p.Value)
	}
}

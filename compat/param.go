package compat

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Param is one name=value of a URI or DSN, percent-decoded.
type Param struct {
	Name, Value string
}

// Params are what the parameters of a URI say about a database.
type Params struct {
	// Key is the key that was given; its zero value where none was.
	Key Keyspec
	// KeyFile and KeyEnv name a file and an environment variable that hold
	// the passphrase. Who opens the database reads them: this package opens
	// nothing.
	KeyFile, KeyEnv string
	// Settings that are given, over the latest level; zero where none is.
	Settings Settings
}

// The parameters that give a key. A database takes one of them.
var keyParams = map[string]func(*Params, string) error{
	"key":     func(p *Params, v string) (err error) { p.Key, err = ParseKeyspec([]byte(v)); return err },
	"textkey": func(p *Params, v string) (err error) { p.Key, err = ParseKeyspec([]byte(v)); return err },
	"hexkey":  func(p *Params, v string) (err error) { p.Key, err = HexKeyspec([]byte(v)); return err },
	"rawkey":  func(p *Params, v string) (err error) { p.Key, err = RawKeyspec([]byte(v)); return err },
	"keyfile": func(p *Params, v string) error { p.KeyFile = v; return notEmpty(v) },
	"keyenv":  func(p *Params, v string) error { p.KeyEnv = v; return notEmpty(v) },
}

func notEmpty(v string) error {
	if v == "" {
		return fmt.Errorf("%w: empty name", ErrKeyspec)
	}
	return nil
}

// URI parameters that SQLite itself reads, see https://sqlite.org/uri.html.
var sqliteParams = []string{"vfs", "mode", "cache", "psow", "nolock", "immutable", "modeof"}

// IsCipherParam tells whether a DSN parameter is one of ours: a key or a
// setting, also as the cgo drivers spell them (_key, _pragma_key,
// _cipher_page_size, _pragma_cipher_page_size).
func IsCipherParam(name string) bool {
	_, ok := canonical(name)
	return ok
}

// ParseParams reads the parameters of a database URI. Parameters of SQLite are
// passed over, and so are those that start with an underscore and resemble
// none of ours, as they belong to the drivers. Everything else that is not
// known is a *ParamError: a key that is misspelt must not leave the database
// in clear. An empty key is ErrKeyspec, and so are two keys.
func ParseParams(params []Param) (Params, error) {
	out := Params{}
	byName := map[string]string{}
	given := ""
	for _, p := range params {
		name, ok := canonical(p.Name)
		switch {
		case ok:
		case slices.Contains(sqliteParams, p.Name):
			continue
		case strings.HasPrefix(p.Name, "_") && nearest(p.Name) == "":
			continue
		default:
			return Params{}, &ParamError{Name: p.Name, Meant: nearest(p.Name)}
		}
		if set, ok := keyParams[name]; ok {
			if given != "" {
				return Params{}, fmt.Errorf("%w: %s is given besides %s", ErrKeyspec, name, given)
			}
			given = name
			if err := set(&out, p.Value); err != nil {
				return Params{}, err
			}
			continue
		}
		if _, ok := byName[name]; ok {
			return Params{}, fmt.Errorf("%w: %s is given twice", ErrSetting, name)
		}
		byName[name] = p.Value
	}
	if err := out.setAll(byName); err != nil {
		return Params{}, err
	}
	return out, nil
}

// setAll applies the settings: the level first, whatever their order, as it
// changes several of them.
func (p *Params) setAll(byName map[string]string) error {
	if len(byName) == 0 {
		return nil
	}
	if v, ok := byName[levelSetting]; ok {
		if err := p.Settings.Set(levelSetting, v); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if name == levelSetting {
			continue
		}
		if err := p.Settings.Set(name, byName[name]); err != nil {
			return err
		}
	}
	return p.Settings.Validate()
}

// canonical is the name of our parameter that a DSN word means.
func canonical(name string) (string, bool) {
	name = strings.ToLower(name)
	for _, prefix := range []string{"", "_pragma_", "_"} {
		rest, ok := strings.CutPrefix(name, prefix)
		if ok && isOurs(rest) {
			return rest, true
		}
	}
	return "", false
}

// GivePageSize tells whether parameters say which page size a database has.
func GivePageSize(params []Param) bool {
	return slices.ContainsFunc(params, func(p Param) bool {
		name, _ := canonical(p.Name)
		return name == "cipher_page_size" || name == levelSetting
	})
}

func isOurs(name string) bool {
	_, isKey := keyParams[name]
	return isKey || IsSetting(name)
}

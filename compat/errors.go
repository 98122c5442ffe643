package compat

import (
	"errors"
	"fmt"
)

// What can be wrong with a database or with what was given to open it. All of
// them are found by errors.Is through database/sql when the database was
// opened by one of our drivers; none of them holds a key, a salt or content.
var (
	// ErrNoKey: the database is encrypted and no key was given.
	ErrNoKey = errors.New("the database is encrypted and no key was given")
	// ErrWrongKey: no page of the database verifies under the key and the
	// settings given. Which of the two is wrong cannot be told from the file.
	ErrWrongKey = errors.New("wrong key or wrong cipher settings")
	// ErrPlaintext: a key was given for a database that is not encrypted.
	ErrPlaintext = errors.New("the database is not encrypted")
	// ErrDamaged: the key is right, a page does not verify. A *PageError says
	// which.
	ErrDamaged = errors.New("damaged page")
	// ErrShortFile: the file ends inside a page.
	ErrShortFile = errors.New("the file ends inside a page")
	// ErrJournal: a hot journal cannot be played back with this key; it was
	// left as it is.
	ErrJournal = errors.New("the hot journal does not belong to this key")
	// ErrKeyspec: the text given as a key cannot be one.
	ErrKeyspec = errors.New("bad keyspec")
	// ErrSetting: a cipher setting has a value that cannot be used.
	ErrSetting = errors.New("bad cipher setting")
	// ErrUnknownParam: a URI or DSN parameter that nobody knows.
	ErrUnknownParam = errors.New("unknown parameter")
	// ErrUnsupported: SQLite can do it, an encrypted file cannot.
	ErrUnsupported = errors.New("not supported on an encrypted database")
	// ErrUnavailable: SQLCipher can do it, pageseal cannot.
	ErrUnavailable = errors.New("not available in pageseal")
	// ErrKeyState: a key was set or changed at a moment that does not allow it.
	//lint:ignore ST1005 SQLCipher's text, which programs may look for
	ErrKeyState = errors.New(KeyPragmaError)
)

// KeyPragmaError is SQLCipher's text for a PRAGMA key or rekey that cannot be
// carried out.
const KeyPragmaError = "An error occurred with PRAGMA key or rekey. " +
	"PRAGMA key requires a key of one or more characters. " +
	"PRAGMA rekey can only be run on an existing encrypted database. " +
	"Use sqlcipher_export() and ATTACH to convert encrypted/plaintext databases."

// PageError names the page that is damaged. It wraps ErrDamaged.
type PageError struct {
	Pgno uint32
}

func (e *PageError) Error() string { return fmt.Sprintf("damaged page %d", e.Pgno) }

// Is makes errors.Is(err, ErrDamaged) hold.
func (e *PageError) Is(target error) bool { return target == ErrDamaged }

// SettingError names a setting and the value that it cannot take. It wraps
// ErrSetting.
type SettingError struct {
	Name, Value string
}

func (e *SettingError) Error() string { return fmt.Sprintf("bad value %q for %s", e.Value, e.Name) }

// Is makes errors.Is(err, ErrSetting) hold.
func (e *SettingError) Is(target error) bool { return target == ErrSetting }

// ParamError names a parameter that nobody knows, and what it may have been
// meant to be. It wraps ErrUnknownParam. The value is left out, as it may be
// a key.
type ParamError struct {
	Name, Meant string
}

func (e *ParamError) Error() string {
	if e.Meant == "" {
		return fmt.Sprintf("unknown parameter %q", e.Name)
	}
	return fmt.Sprintf("unknown parameter %q, did you mean %q?", e.Name, e.Meant)
}

// Is makes errors.Is(err, ErrUnknownParam) hold.
func (e *ParamError) Is(target error) bool { return target == ErrUnknownParam }

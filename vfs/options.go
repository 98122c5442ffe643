package vfs

import (
	"bytes"
	"fmt"
	"os"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
)

// Options say how a main database is opened.
type Options struct {
	// Name of the file, for error messages.
	Name string
	// Key of the database. Without one the file is passed through as it is.
	// The database takes it over and wipes it.
	Key compat.Keyspec
	// Settings of the encryption, for this key or one that is set later. The
	// zero value stands for the defaults of the process at that moment.
	Settings compat.Settings
	// Path of the file, absolute. What one connection has read of it spares
	// others under the same keys the work; without a path it is shared with none.
	Path string
	// ReadOnly tells that the file below cannot be written.
	ReadOnly bool
	// Listener of the connection, or nil.
	Listener Listener
	// Opened is told of the database, unless it is nil.
	Opened func(*MainDB)
}

// OptionsOf are the options that the URI parameters of a database ask for.
// A key file and an environment variable are read here: one line end at the
// end of the file does not belong to the passphrase.
func OptionsOf(name string, params []compat.Param) (Options, error) {
	p, err := compat.ParseParams(params)
	if err != nil {
		return Options{}, err
	}
	o := Options{Name: name, Key: p.Key, Settings: p.Settings}
	switch {
	case p.KeyFile != "":
		o.Key, err = keyOfFile(p.KeyFile)
	case p.KeyEnv != "":
		value, ok := os.LookupEnv(p.KeyEnv)
		if !ok {
			return Options{}, fmt.Errorf("%w: environment variable %s is not set", compat.ErrKeyspec, p.KeyEnv)
		}
		o.Key, err = compat.ParseKeyspec([]byte(value))
	}
	return o, err
}

func keyOfFile(name string) (compat.Keyspec, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return compat.Keyspec{}, fmt.Errorf("%w: %w", compat.ErrKeyspec, err)
	}
	defer kdf.Wipe(text)
	line := bytes.TrimSuffix(text, []byte("\n"))
	return compat.ParseKeyspec(bytes.TrimSuffix(line, []byte("\r")))
}

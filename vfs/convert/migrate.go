package convert

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// Migrate brings a database of an older release of SQLCipher to the default
// settings of the process, in its place, under the same key. The settings given
// with it are one guess at what it has; those of each level are others, and of
// two variants of level 2 that SQLCipher itself does not know any more. It
// returns the settings that the database has from now on. Where they are those
// already, and where there is no database yet, done is false.
//
// If no guess opens the database the error is compat.ErrWrongKey.
func Migrate(ctx context.Context, open Opener, db Database, swap Swap) (set compat.Settings, done bool, err error) {
	set = compat.Defaults()
	if info, err := os.Stat(db.Path); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() <= 1 {
		return set, false, nil
	}
	from, err := Detect(ctx, open, db, Guesses(db.Settings))
	if err != nil || from.Settings == set {
		return set, false, err
	}
	err = Replace(ctx, open, from, Database{Key: db.Key, Settings: set}, swap)
	return set, err == nil, err
}

// Guesses are settings that a database may have, the likeliest first: the
// defaults of the process, those given, those of each level, and of two variants
// of level 2 that SQLCipher itself does not know any more.
func Guesses(given compat.Settings) []compat.Settings {
	all := []compat.Settings{compat.Defaults(), given.OrDefaults()}
	for _, level := range []compat.Profile{compat.V4, compat.V3, compat.V2, compat.V1} {
		all = append(all, level.Settings())
	}
	bigEndian := compat.V2.Settings() // 2.0 as it was built for some processors
	bigEndian.PgnoOrder = hmacpage.BigEndian
	beta := compat.V2.Settings() // 2.0 before it was released
	beta.FastKDFIter, beta.SaltMask = 4000, 0
	return append(all, bigEndian, beta)
}

// Detect finds the settings that open a database: it returns it with the first
// of the guesses under which its key is not wrong, and what else is wrong then.
// A guess that is wrong changes nothing: what is not verified is not written.
func Detect(ctx context.Context, open Opener, db Database, guesses []compat.Settings) (_ Database, err error) {
	for i, guess := range guesses {
		if slices.Contains(guesses[:i], guess) {
			continue
		}
		db.Settings = guess
		if err = reads(ctx, open, db); !isWrongGuess(err) {
			return db, err
		}
	}
	if errors.Is(err, compat.ErrShortFile) {
		return db, err // for pages of any size
	}
	return db, fmt.Errorf("%w: not those of any release of SQLCipher", compat.ErrWrongKey)
}

// reads tells why a database cannot be read.
func reads(ctx context.Context, open Opener, db Database) error {
	c, err := open.conn(ctx, db)
	if err != nil {
		return err
	}
	return errors.Join(c.exec("SELECT count(*) FROM sqlite_schema"), c.Close())
}

// isWrongGuess tells an error that other settings may not lead to: a page of the
// wrong size may also be longer than the file.
func isWrongGuess(err error) bool {
	return errors.Is(err, compat.ErrWrongKey) || errors.Is(err, compat.ErrShortFile)
}

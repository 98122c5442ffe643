package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/compat"
)

// The exit statuses of all commands. Those of the shell are the ones of sqlite3.
const (
	// statusFailed: something went wrong that no other status is for.
	statusFailed = 1
	// statusUsage: the arguments make no sense, or a key was needed and nobody
	// could be asked for it. Nothing was done.
	statusUsage = 2
	// statusKey: the key or the settings do not open the database, it was given
	// none though it is encrypted, or one though it is not.
	statusKey = 3
	// statusDamage: a page does not verify though the key is right, or the file
	// ends inside a page.
	statusDamage = 4
	// statusInterrupted: Ctrl-C, as shells count it.
	statusInterrupted = 130
)

// exitStatuses are the same for people.
const exitStatuses = `0    done
1    failed
2    wrong usage: the arguments make no sense, or nobody could be asked for the key
3    the key or the settings are wrong, or missing, or not needed
4    the file is damaged or cut off
130  interrupted`

// statusOf is the exit status that an error of a command stands for.
func statusOf(ctx context.Context, err error) int {
	var usage *key.UsageError
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil, errors.Is(err, context.Canceled):
		return statusInterrupted
	case errors.As(err, &usage), errors.Is(err, compat.ErrKeyspec),
		errors.Is(err, compat.ErrSetting), errors.Is(err, compat.ErrUnknownParam):
		return statusUsage
	case errors.Is(err, compat.ErrWrongKey), errors.Is(err, compat.ErrNoKey), errors.Is(err, compat.ErrPlaintext):
		return statusKey
	case errors.Is(err, compat.ErrDamaged), errors.Is(err, compat.ErrShortFile), isCorrupt(err):
		return statusDamage
	}
	return statusFailed
}

// readonlyRollback is SQLITE_READONLY_ROLLBACK: a hot journal, and no leave to
// play it back.
const readonlyRollback = 776

// hasHotJournal tells the error of a database that is only read, but has a
// transaction to be rolled back.
func hasHotJournal(err error) bool {
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code() == readonlyRollback
}

// hintOf is what may help with an error, empty where nothing comes to mind.
func hintOf(err error) string {
	switch {
	case hasHotJournal(err):
		return "a transaction was cut off: opening the database for writing, as pageseal FILE does, rolls it back"
	case errors.Is(err, compat.ErrWrongKey):
		return "if the key is right the settings are not: pageseal doctor looks for them"
	case errors.Is(err, compat.ErrPlaintext):
		return "it opens without a key"
	case errors.Is(err, compat.ErrNoKey):
		return "--key-file FILE gives a key, --help has the other ways"
	case errors.Is(err, compat.ErrDamaged), errors.Is(err, compat.ErrShortFile):
		return "pageseal doctor tells damage from a wrong key and wrong settings"
	}
	return ""
}

// exitStatus is what an action returns to end the program with that status,
// having said everything itself.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Package key gives the commands of pageseal their keys and settings: the flags
// that say where a key comes from, and what reads it from there.
//
// The text of a key means what it means to PRAGMA key: a passphrase, or x'...'
// around the 64, 96 or 160 hex digits of a raw key.
package key

import (
	"fmt"
	"strings"

	urfave "github.com/urfave/cli/v2"
)

// UsageError is for arguments that cannot be meant as they are.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// Usagef makes a UsageError.
func Usagef(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// Flags are the flags that name the source of a key: --key-file and so on, or
// with the prefix "new-" --new-key-file and so on for a second one.
func Flags(prefix string) []urfave.Flag {
	category := strings.ReplaceAll(prefix, "-", " ") + "key, from one source (none: from the terminal)"
	text := func(name, usage string) urfave.Flag {
		return &urfave.StringFlag{Name: prefix + name, Usage: usage, Category: category}
	}
	return []urfave.Flag{
		&urfave.PathFlag{Name: prefix + "key-file", TakesFile: true, Category: category,
			Usage: "read the key from `FILE`; a line end at its end is not part of it"},
		text("key-env", "take the key from the environment `VARIABLE`"),
		&urfave.IntFlag{Name: prefix + "key-fd", Category: category, DefaultText: "none",
			Usage: "read the key from the open file descriptor `N`"},
		text("key-cmd", "run `COMMAND` in a shell and take what it prints for the key"),
		&urfave.BoolFlag{Name: prefix + "key-stdin", Category: category,
			Usage: "read the key from standard input"},
		text("keychain", "take the key from the entry `NAME` of the service \"pageseal\" in the keychain of the system"),
		text("key", "the key itself; better not, as others can read `KEY` in the list of processes"),
	}
}

// Given tells whether the arguments name a source.
func Given(c *urfave.Context, prefix string) bool { return len(given(c, prefix)) > 0 }

// given are the names of the flags of the sources that the arguments name.
func given(c *urfave.Context, prefix string) (names []string) {
	for _, flag := range Flags(prefix) {
		name := flag.Names()[0]
		if _, isBool := flag.(*urfave.BoolFlag); c.IsSet(name) && (!isBool || c.Bool(name)) {
			names = append(names, name)
		}
	}
	return names
}

package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"

	"github.com/sethvargo/go-diceware/diceware"
	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/kdf"
)

// The passphrase that keygen makes by itself, and what it warns below. 77 bits
// at 256000 rounds each are more than anybody can try.
const (
	defaultWords = 6
	mostWords    = 64
	enoughBits   = 77
)

// keygenCommand makes a key. No database is touched.
func keygenCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:  "keygen",
		Usage: "make a passphrase of words, or a raw key",
		Description: "Prints a new key, and on standard error how many bits of it an attacker has to guess.\n" +
			"A passphrase is made of words of the EFF long list; a raw key costs no time when a database is\n" +
			"opened, and no person can remember it.\n\n" +
			"Examples:\n\n" +
			"   pageseal keygen\n" +
			"   pageseal keygen --words 8 --out clinic.key\n" +
			"   pageseal keygen --raw --out raw.key",
		Flags: []urfave.Flag{
			&urfave.IntFlag{Name: "words", Value: defaultWords, Usage: "a passphrase of `N` words"},
			&urfave.BoolFlag{Name: "raw", Usage: "a raw key: x'...' around 64 hex digits"},
			&urfave.BoolFlag{Name: "salt", Usage: "a raw key with a salt: 96 hex digits"},
			&urfave.PathFlag{Name: "out", Usage: "write the key to `FILE`, which you alone can read", TakesFile: true},
			&urfave.BoolFlag{Name: "force", Usage: "replace the file if there is one"},
			jsonFlag,
		},
		Action: func(c *urfave.Context) error {
			if _, err := files(c); err != nil {
				return err
			}
			k, err := newKey(c)
			if err != nil {
				return err
			}
			defer kdf.Wipe(k.text)
			return k.deliver(c, env)
		},
	}
}

// newKeyText is a key that was just made.
type newKeyText struct {
	Form string `json:"form"`
	Bits int    `json:"bits"`
	Key  string `json:"key,omitempty"`
	File string `json:"file,omitempty"`

	text []byte
}

func newKey(c *urfave.Context) (newKeyText, error) {
	raw := c.Bool("raw") || c.Bool("salt")
	switch n := c.Int("words"); {
	case raw && c.IsSet("words"):
		return newKeyText{}, key.Usagef("a key is either raw or made of words")
	case c.Bool("force") && !c.IsSet("out"):
		return newKeyText{}, key.Usagef("--force is for --out")
	case n < 1 || n > mostWords:
		return newKeyText{}, key.Usagef("--words takes 1 to %d", mostWords)
	case !raw:
		return newPassphrase(n)
	}
	if c.Bool("salt") {
		return newRawKey("raw key with salt", kdf.KeySize+kdf.SaltSize), nil
	}
	return newRawKey("raw key", kdf.KeySize), nil
}

// newRawKey has 256 bits to guess with a salt too, which is no secret.
func newRawKey(form string, size int) newKeyText {
	b := make([]byte, size)
	defer kdf.Wipe(b)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return newKeyText{Form: form, Bits: 8 * kdf.KeySize, text: fmt.Appendf(nil, "x'%x'", b)}
}

// newPassphrase takes words that are all different, which costs a fraction of a
// bit.
func newPassphrase(n int) (newKeyText, error) {
	words, err := diceware.Generate(n)
	if err != nil {
		return newKeyText{}, err
	}
	bits, left := 0.0, math.Pow(6, float64(diceware.WordListEffLarge().Digits()))
	for range words {
		bits += math.Log2(left)
		left--
	}
	return newKeyText{Form: "passphrase", Bits: int(bits), text: []byte(strings.Join(words, " "))}, nil
}

// deliver writes the key to the file, or else prints it.
func (k newKeyText) deliver(c *urfave.Context, env Env) error {
	fmt.Fprintf(env.Stderr, "%s of %d bits\n", k.Form, k.Bits)
	if k.Bits < enoughBits {
		fmt.Fprintf(env.Stderr, "warning: less than %d bits can be guessed\n", enoughBits)
	}
	if k.File = c.Path("out"); k.File != "" {
		if err := writeKey(k.File, append(k.text, '\n'), c.Bool("force")); err != nil {
			return err
		}
	} else {
		k.Key = string(k.text)
	}
	switch {
	case c.Bool("json"):
		return printJSON(env.Stdout, k)
	case k.Key != "":
		_, err := fmt.Fprintln(env.Stdout, k.Key)
		return err
	}
	return nil
}

// writeKey writes the text to a file that nobody else can read. One that is
// there stays, or with force is replaced in one step.
func writeKey(name string, text []byte, force bool) error {
	target := name
	if force {
		target += ".new"
	}
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist) && !force:
		return fmt.Errorf("%s exists; --force replaces it", name)
	case err != nil:
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil && force {
		err = os.Rename(target, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(target))
	}
	return nil
}

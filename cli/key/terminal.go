package key

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/pageseal/pageseal/kdf"
)

// ErrMismatch is for two answers that ought to be the same.
var ErrMismatch = errors.New("the two keys are not the same")

// ask asks for a key on the terminal of the process, whatever its standard
// input is.
func ask(ctx context.Context, prefix string, twice bool) ([]byte, error) {
	in, out, err := openTerminal()
	if err != nil || !term.IsTerminal(int(in.Fd())) {
		var names []string
		for _, flag := range Flags(prefix) {
			names = append(names, "--"+flag.Names()[0])
		}
		return nil, Usagef("%w: use one of %s", ErrNoSource, strings.Join(names, ", "))
	}
	defer in.Close()
	defer out.Close()
	what := strings.ReplaceAll(prefix, "-", " ") + "key"
	text, err := prompt(ctx, in, out, what+": ")
	if err != nil || !twice {
		return text, err
	}
	again, err := prompt(ctx, in, out, what+" again: ")
	defer kdf.Wipe(again)
	if err == nil && !bytes.Equal(text, again) {
		err = ErrMismatch
	}
	if err != nil {
		kdf.Wipe(text)
		return nil, err
	}
	return text, nil
}

// prompt reads one line without echo. Where the context ends before, the
// terminal gets its echo back.
func prompt(ctx context.Context, in, out *os.File, text string) ([]byte, error) {
	fd := int(in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	fmt.Fprint(out, text)
	answer, err := await(ctx, func() ([]byte, error) { return term.ReadPassword(fd) })
	if ctx.Err() != nil {
		_ = term.Restore(fd, before) // what still reads there does not
	}
	fmt.Fprintln(out)
	if err == io.EOF {
		err = errors.New("no key was typed")
	}
	return answer, err
}

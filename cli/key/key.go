package key

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
)

// MaxSize is how long a key may be, in bytes: what is longer was not meant.
const MaxSize = 64 << 10

// ErrNoSource is wrapped where no source is named and there is no terminal to
// ask on.
var ErrNoSource = errors.New("no key is given, and there is no terminal to ask for it")

// Read returns the key that opens a database, from the source that the flags of
// that prefix name, or else from the terminal. The caller wipes it.
//
// Warnings go to the error output of the application, and --key-stdin reads its
// input. No error holds any of the key; two sources, and none where nobody can
// be asked, are a *UsageError.
func Read(c *urfave.Context, prefix string) (compat.Keyspec, error) {
	return read(c, prefix, false)
}

// ReadNew returns a key that a database is going to have. On the terminal it is
// asked for twice.
func ReadNew(c *urfave.Context, prefix string) (compat.Keyspec, error) {
	return read(c, prefix, true)
}

func read(c *urfave.Context, prefix string, twice bool) (compat.Keyspec, error) {
	sources := given(c, prefix)
	switch {
	case len(sources) > 1:
		return compat.Keyspec{}, Usagef("one key is enough: there are --%s", strings.Join(sources, " and --"))
	case len(sources) == 1 && strings.HasSuffix(sources[0], "key-stdin") && c.Bool("key-stdin") && c.Bool("new-key-stdin"):
		return compat.Keyspec{}, Usagef("standard input can give one key: there are --key-stdin and --new-key-stdin")
	}
	var text []byte
	var err error
	if len(sources) == 0 {
		text, err = ask(c.Context, prefix, twice)
	} else {
		text, err = readers[strings.TrimPrefix(sources[0], prefix)](c, sources[0])
	}
	defer kdf.Wipe(text)
	if err == nil && len(text) == 0 {
		err = errors.New("the key is empty")
	}
	switch {
	case err == nil:
		return compat.ParseKeyspec(text)
	case len(sources) == 1:
		err = fmt.Errorf("--%s: %w", sources[0], err)
	}
	return compat.Keyspec{}, err
}

// await carries out f, which may block for ever, and gives up on it when the
// context is done.
func await(ctx context.Context, f func() ([]byte, error)) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := f()
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readAll reads a key to the end, into memory of a fixed place: a buffer that
// grows leaves copies behind.
func readAll(r io.Reader) ([]byte, error) {
	buf := make([]byte, MaxSize+1)
	n, err := io.ReadFull(r, buf)
	switch {
	case err == nil:
		kdf.Wipe(buf)
		return nil, fmt.Errorf("longer than %d bytes", MaxSize)
	case err != io.EOF && err != io.ErrUnexpectedEOF:
		kdf.Wipe(buf)
		return nil, err
	}
	return buf[:n], nil
}

// readLine reads a key to the end; a line end there is not part of it.
func readLine(ctx context.Context, r io.Reader) ([]byte, error) {
	text, err := await(ctx, func() ([]byte, error) { return readAll(r) })
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r")), err
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/compat"
)

func TestStatusOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		hint   bool
	}{
		{nil, 0, false},
		{io.ErrUnexpectedEOF, 1, false},
		{compat.ErrUnsupported, 1, false},
		{compat.ErrJournal, 1, false},
		{key.Usagef("no"), 2, false},
		{key.Usagef("%w", key.ErrNoSource), 2, false},
		{compat.ErrKeyspec, 2, false},
		{&compat.SettingError{Name: "kdf_iter"}, 2, false},
		{&compat.ParamError{Name: "nonsense"}, 2, false},
		{compat.ErrWrongKey, 3, true},
		{compat.ErrNoKey, 3, true},
		{compat.ErrPlaintext, 3, true},
		{compat.ErrShortFile, 4, true},
		{&compat.PageError{Pgno: 7}, 4, true},
		{context.Canceled, 130, false},
	} {
		err := c.err
		if err != nil {
			err = fmt.Errorf("a.db: %w", err)
		}
		if got := statusOf(context.Background(), err); got != c.status || (hintOf(err) != "") != c.hint {
			t.Errorf("%v: status %d, want %d; hint %q", err, got, c.status, hintOf(err))
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := statusOf(ctx, errors.New("interrupted (9)")); got != 130 {
		t.Errorf("interrupted: status %d", got)
	}
}

package convert

import (
	"context"
	"errors"
	"fmt"

	"github.com/pageseal/pageseal/compat"
)

// rekeyer is a connection that changes the key of its main database.
type rekeyer interface {
	Rekey(ctx context.Context, key compat.Keyspec) error
}

// Rekey gives a database another key, in its place: what PRAGMA rekey does, with
// the key in no statement. At each moment, and after a crash, it opens under one
// of the two. It is busy while somebody else uses the database.
func Rekey(ctx context.Context, open Opener, db Database, key compat.Keyspec) error {
	c, err := open.conn(ctx, db)
	if err != nil {
		return err
	}
	r, ok := c.Conn.(rekeyer)
	if !ok {
		return errors.Join(fmt.Errorf("%w: a new key through this driver", compat.ErrUnsupported), c.Close())
	}
	return errors.Join(r.Rekey(ctx, key), c.Close())
}

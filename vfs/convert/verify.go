package convert

import (
	"fmt"
	"slices"
)

// verify makes sure that the database, which was opened by itself, is whole and
// has that number of rows in each table.
func (c *conn) verify(counts [][]string) error {
	got, err := c.count()
	if err != nil {
		return err
	}
	if !slices.EqualFunc(got, counts, slices.Equal) {
		return fmt.Errorf("%w: in the number of rows", ErrDiffers)
	}
	macs, err := c.query("PRAGMA main.cipher_integrity_check")
	if err != nil {
		return err
	}
	const noMAC = "HMAC is not enabled, unable to integrity check"
	if len(macs) > 0 && macs[0][0] != noMAC {
		return fmt.Errorf("%w: %s", ErrDiffers, macs[0][0])
	}
	return c.sound()
}

// sound makes sure that SQLite finds nothing wrong. That rows break a CHECK
// constraint is not the business of a copy.
func (c *conn) sound() error {
	if err := c.exec("PRAGMA ignore_check_constraints = ON"); err != nil {
		return err
	}
	rows, err := c.query("PRAGMA main.integrity_check")
	if err != nil {
		return err
	}
	if len(rows) != 1 || rows[0][0] != "ok" {
		return fmt.Errorf("%w: %s", ErrDiffers, rows[0][0])
	}
	return nil
}

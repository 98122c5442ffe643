package measure

import (
	"context"
	"errors"
	"path/filepath"
	"time"
)

// lane is the way of one contestant through a round.
type lane struct {
	contestant Contestant
	path       string
	pool       Pool
	conn       Conn
}

func newLane(c Contestant, dir string) *lane {
	return &lane{contestant: c, path: filepath.Join(dir, c.Name()+".db")}
}

// reopen opens the database, anew if it is open.
func reopen(ctx context.Context, l *lane) (err error) {
	if err := l.close(); err != nil {
		return err
	}
	if l.pool, err = l.contestant.Open(l.path); err != nil {
		return err
	}
	l.conn, err = l.pool.Conn(ctx)
	return err
}

func closed(_ context.Context, l *lane) error { return l.close() }

// close may be called twice.
func (l *lane) close() error {
	var errs []error
	if l.conn != nil {
		errs = append(errs, l.conn.Close())
	}
	if l.pool != nil {
		errs = append(errs, l.pool.Close())
	}
	l.conn, l.pool = nil, nil
	return errors.Join(errs...)
}

// openMany opens connections that are all in use at once, each of which reads
// the schema.
func openMany(ctx context.Context, l *lane) (err error) {
	if l.pool, err = l.contestant.Open(l.path); err != nil {
		return err
	}
	for range connections {
		c, err := l.pool.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = c.Close() }()
		if _, err := c.Run(ctx, "SELECT count(*) FROM sqlite_schema"); err != nil {
			return err
		}
	}
	return nil
}

// timed runs a step.
func (l *lane) timed(ctx context.Context, s Step) (took time.Duration, err error) {
	if s.before != nil {
		if err := s.before(ctx, l); err != nil {
			return 0, err
		}
	}
	start := time.Now()
	if err := s.run(ctx, l); err != nil {
		return 0, err
	}
	took = time.Since(start)
	if s.after != nil {
		err = s.after(ctx, l)
	}
	return took, err
}

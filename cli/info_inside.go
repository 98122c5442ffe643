package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// inside is what a database tells to who has the key.
type inside struct {
	Settings      []string       `json:"settings"` // PRAGMAs that open it, without the key
	PageSize      int            `json:"page_size"`
	Pages         int            `json:"pages"`
	FreePages     int            `json:"free_pages"`
	Encoding      string         `json:"encoding"`
	UserVersion   int            `json:"user_version"`
	ApplicationID int            `json:"application_id"`
	JournalMode   string         `json:"journal_mode"`
	WALFrames     int            `json:"wal_frames"`
	WALCommitted  int            `json:"wal_committed"`
	Schema        map[string]int `json:"schema"` // how many tables, indexes, ...

	settings compat.Settings
}

// lookInside opens a database for reading alone, so that it stays what it is.
func lookInside(ctx context.Context, file convert.Database) (in *inside, err error) {
	settings := file.Settings.OrDefaults()
	in = &inside{Settings: pragmas(settings), settings: settings, Schema: map[string]int{}}
	db := openDB(modernc.OpenReadOnly, file)
	defer func() { err = errors.Join(err, db.Close()) }()
	for pragma, to := range map[string]any{
		"page_size":      &in.PageSize,
		"page_count":     &in.Pages,
		"freelist_count": &in.FreePages,
		"encoding":       &in.Encoding,
		"user_version":   &in.UserVersion,
		"application_id": &in.ApplicationID,
		"journal_mode":   &in.JournalMode,
	} {
		if err := db.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(to); err != nil {
			return nil, err
		}
	}
	if err := in.countSchema(ctx, db); err != nil {
		return nil, err
	}
	return in, in.countFrames(file.Path + "-wal")
}

func (in *inside) countSchema(ctx context.Context, db *sql.DB) error {
	for _, kind := range []string{"table", "index", "view", "trigger"} {
		var n int
		err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = ?", kind).Scan(&n)
		if err != nil {
			return err
		}
		in.Schema[kind] = n
	}
	return nil
}

// countFrames looks at the log, which may be missing.
func (in *inside) countFrames(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if log, ok := vfs.InspectLog(f); ok {
		in.WALFrames, in.WALCommitted = log.Frames, log.Committed
	}
	return nil
}

// rows are the lines of the answer for people.
func (in *inside) rows(row func(name, value string)) {
	row("settings", describe(in.settings))
	row("pages", fmt.Sprintf("%d of %d bytes, %d free", in.Pages, in.PageSize, in.FreePages))
	row("encoding", in.Encoding)
	row("user_version", fmt.Sprint(in.UserVersion))
	row("application_id", fmt.Sprint(in.ApplicationID))
	row("journal_mode", in.JournalMode)
	if in.WALFrames > 0 {
		row("wal frames", fmt.Sprintf("%d, %d of them committed", in.WALFrames, in.WALCommitted))
	}
	var schema []string
	for _, kind := range []string{"table", "index", "view", "trigger"} {
		schema = append(schema, fmt.Sprintf("%d %s", in.Schema[kind], plural(kind, in.Schema[kind])))
	}
	row("schema", strings.Join(schema, ", "))
}

func plural(word string, n int) string {
	switch {
	case n == 1:
		return word
	case word == "index":
		return "indexes"
	}
	return word + "s"
}

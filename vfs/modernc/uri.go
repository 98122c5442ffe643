package modernc

import (
	"net/url"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/session"
)

// URI is a URI that opens the database with the driver of the engine, or by
// sqlite3_open_v2, from now until release is called. The key is not in it.
func URI(db convert.Database) (uri string, release func()) {
	params := url.Values{"vfs": {VFSName}}
	if db.Key.IsZero() {
		return compat.URI(db.Path, params), func() {}
	}
	keys := session.NewKeyring(db.Key.Clone(), db.Settings.OrDefaults())
	s := session.New(keys)
	params.Set(session.Param, s.Token())
	return compat.URI(db.Path, params), func() {
		s.Close()
		keys.Wipe()
	}
}

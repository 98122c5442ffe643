package convert

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// pages are the sizes of the pages of each form where it is not 4096.
var pages = map[string]string{level3.name: "1024", level1.name: "1024", large.name: "16384"}

// TestVacuumInto copies a database that a real build has made, as the main one and
// as one that is attached to another. Without a key in the URI the copy is as
// the original is.
func (e Engine) TestVacuumInto(t *testing.T) {
	t.Parallel()
	for _, source := range []form{inClear, level4, phrase, level3, level1, large} {
		for _, main := range []form{{}, inClear, level4, large} {
			for _, target := range []form{source, {"a key of its own", "third horse", []string{"kdf_iter", "10"}}} {
				name := source.name + "/" + target.name
				if main.name != "" {
					name += "/attached to " + main.name
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					dir := t.TempDir()
					path, to := filepath.Join(dir, "source.db"), filepath.Join(dir, "to.db")
					// The tables are those by which the VACUUM of ncruces
					// stumbles: it takes "x" for a name.
					made(t, path, source, everything+"DROP TABLE said; DROP TABLE maybe")
					was := dump(t, peers.SQLCipher414, path, source)
					schema, db := "main", doors[0].one(e, t, path, source)
					if main.name != "" {
						schema, db = "aux", doors[0].one(e, t, filepath.Join(dir, "main.db"), main)
						must(t, db, "CREATE TABLE mine(a)")
						source.attach(t, db, path, schema)
					}
					uri := "file:" + to
					if target.key != source.key {
						uri = target.uri(to)
						target.settings = append([]string{"cipher_page_size", cmp.Or(pages[source.name], "4096")}, target.settings...)
					}
					must(t, db, "PRAGMA page_size = 2048; PRAGMA "+schema+".page_size = 2048") // is passed over
					must(t, db, "VACUUM "+schema+" INTO ?", uri)
					if isClear(t, to) != (target.key == "") {
						t.Fatalf("in clear: %v", isClear(t, to))
					}
					if got := dump(t, peers.SQLCipher414, to, target); got != was {
						t.Errorf("the copy differs\n%s\nnot\n%s", got, was)
					}
				})
			}
		}
	}
}

// TestVacuumRefused asks for copies with pages of another size than the original,
// and for one that would be in clear. Nothing is written then.
func (e Engine) TestVacuumRefused(t *testing.T) {
	t.Parallel()
	for _, source := range []form{inClear, phrase, level3} {
		for _, query := range []string{"&key=third&cipher_page_size=8192", "&key=third&cipher_page_size=512", "&key="} {
			t.Run(source.name+"/"+query, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path, to := filepath.Join(dir, "source.db"), filepath.Join(dir, "to.db")
				made(t, path, source, "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(50000))")
				db := doors[0].one(e, t, path, source)
				_, err := db.ExecContext(t.Context(), "VACUUM INTO ?", "file:"+to+"?vfs=pageseal"+query)
				if !errors.Is(err, compat.ErrUnsupported) && !errors.Is(err, compat.ErrSetting) && !errors.Is(err, compat.ErrKeyspec) {
					t.Errorf("error %v", err)
				}
				if b, err := os.ReadFile(to); err == nil && len(b) > 0 {
					t.Errorf("%d bytes were written", len(b))
				}
				want(t, db, "50000", "SELECT length(a) FROM t")
			})
		}
	}
}

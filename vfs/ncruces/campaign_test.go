package ncruces_test

import (
	"database/sql"
	"path"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/ncruces"
	"github.com/pageseal/pageseal/vfs/vfstest"
	"github.com/pageseal/pageseal/vfs/vfstest/campaign"
)

// onDisk opens databases on a disk of package vfstest.
var onDisk = campaign.Engine{
	Open: func(t testing.TB, d *vfstest.Disk, name, key string) *sql.DB {
		file := path.Join(ncruces.MountDisk(t, d), name)
		db, err := sql.Open("sqlite3", "file:"+file+"?vfs="+ncruces.DiskVFS)
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			key, setting, _ := strings.Cut(key, "\n")
			options := []ncruces.Option{ncruces.Keyspec(key), ncruces.Param("vfs", ncruces.EncryptedDiskVFS)}
			if setting, value, ok := strings.Cut(setting, "="); ok {
				options = append(options, ncruces.Setting(setting, value))
			}
			db = sql.OpenDB(ncruces.NewConnector(file, options...))
		}
		db.SetMaxOpenConns(1)
		return db
	},
	Attach: func(db *sql.DB, name string) string {
		var main string
		if err := db.QueryRow("SELECT file FROM pragma_database_list WHERE name='main'").Scan(&main); err != nil {
			panic(err)
		}
		return path.Join(path.Dir(main), name)
	},
	Scratch: ncruces.ScratchDisk,
}

func TestCrash(t *testing.T) { onDisk.Crash(t) }

func TestFault(t *testing.T) { onDisk.Fault(t) }

func TestTempFault(t *testing.T) { onDisk.TempFault(t) }

func TestTamper(t *testing.T) { onDisk.Tamper(t) }

func TestRekeySurvives(t *testing.T) { onDisk.Rekey(t) }

func TestHeaderSurvives(t *testing.T) { onDisk.Header(t) }

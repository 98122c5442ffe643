package modernc_test

import (
	"database/sql"
	"path"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/vfstest"
	"github.com/pageseal/pageseal/vfs/vfstest/campaign"
)

// onDisk opens databases on a disk of package vfstest.
var onDisk = campaign.Engine{
	Open: func(t testing.TB, d *vfstest.Disk, name, key string) *sql.DB {
		dir, unmount := modernc.MountDisk(d)
		t.Cleanup(unmount)
		db, err := sql.Open("sqlite", "file:"+path.Join(dir, name)+"?vfs="+modernc.DiskVFS)
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			key, setting, _ := strings.Cut(key, "\n")
			options := []modernc.Option{modernc.Keyspec(key), modernc.Param("vfs", modernc.EncryptedDiskVFS)}
			if setting, value, ok := strings.Cut(setting, "="); ok {
				options = append(options, modernc.Setting(setting, value))
			}
			db = sql.OpenDB(modernc.NewConnector(path.Join(dir, name), options...))
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
	Scratch: modernc.ScratchDisk,
}

func TestCrash(t *testing.T) { onDisk.Crash(t) }

func TestFault(t *testing.T) { onDisk.Fault(t) }

func TestTempFault(t *testing.T) { onDisk.TempFault(t) }

func TestTamper(t *testing.T) { onDisk.Tamper(t) }

func TestRekeySurvives(t *testing.T) { onDisk.Rekey(t) }

func TestHeaderSurvives(t *testing.T) { onDisk.Header(t) }

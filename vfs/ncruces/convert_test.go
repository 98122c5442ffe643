package ncruces_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"github.com/pageseal/pageseal/vfs/ncruces"
	"github.com/pageseal/pageseal/vfs/vfstest/convert"
)

// plainVFS is the VFS of the operating system.
const plainVFS = "os"

var converting = convert.Engine{
	Open: func(t testing.TB, dsn string) *sql.DB {
		db, err := sql.Open("sqlite3", dsn)
		if err != nil {
			t.Fatal(err)
		}
		return db
	},
	Defensive: func(t testing.TB, dsn string) *sql.DB {
		db, err := driver.Open(dsn, func(c *sqlite3.Conn) error {
			_, err := c.Config(sqlite3.DBCONFIG_DEFENSIVE, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return db
	},
	Connect: func(_ testing.TB, path, key string, settings ...string) *sql.DB {
		options := []ncruces.Option{ncruces.KeyOptional()}
		if key != "" {
			options = append(options, ncruces.Keyspec(key))
		}
		for i := 0; i < len(settings); i += 2 {
			options = append(options, ncruces.Setting(settings[i], settings[i+1]))
		}
		return sql.OpenDB(ncruces.NewConnector(path, options...))
	},
	Migrating: func(_ testing.TB, path, key string) *sql.DB {
		return sql.OpenDB(ncruces.NewConnector(path, ncruces.Keyspec(key), ncruces.Migrate()))
	},
	Watching: func(_ testing.TB, path, key string, progress func(done, total uint64) error) *sql.DB {
		return sql.OpenDB(ncruces.NewConnector(path, ncruces.Keyspec(key), ncruces.Progress(progress)))
	},
	Convert: ncruces.Open,
	Plain:   plainVFS,
	Backup: func(driverConn any, dsn string, restore bool) error {
		c := driverConn.(interface {
			Backup(schema, dsn string) error
			Restore(schema, dsn string) error
		})
		if restore {
			return c.Restore("main", dsn)
		}
		return c.Backup("main", dsn)
	},
	Code: func(err error) int {
		var code sqlite3.ExtendedErrorCode
		if !errors.As(err, &code) {
			return -1
		}
		return int(code)
	},
}

func TestExport(t *testing.T)          { converting.TestExport(t) }
func TestExportFails(t *testing.T)     { converting.TestExportFails(t) }
func TestExportState(t *testing.T)     { converting.TestExportState(t) }
func TestExportStrict(t *testing.T)    { converting.TestExportStrict(t) }
func TestExportElsewhere(t *testing.T) { converting.TestExportElsewhere(t) }
func TestExportArguments(t *testing.T) { converting.TestExportArguments(t) }

func TestMigrate(t *testing.T)         { converting.TestMigrate(t) }
func TestMigrateOldest(t *testing.T)   { converting.TestMigrateOldest(t) }
func TestMigrateNothing(t *testing.T)  { converting.TestMigrateNothing(t) }
func TestMigrateRefused(t *testing.T)  { converting.TestMigrateRefused(t) }
func TestMigrateBusy(t *testing.T)     { converting.TestMigrateBusy(t) }
func TestMigrateHot(t *testing.T)      { converting.TestMigrateHot(t) }
func TestMigrateKilled(t *testing.T)   { converting.TestMigrateKilled(t) }
func TestConvertCopy(t *testing.T)     { converting.TestCopy(t) }
func TestCopyTrees(t *testing.T)       { converting.TestCopyTrees(t) }
func TestReplace(t *testing.T)         { converting.TestReplace(t) }
func TestReplaceFails(t *testing.T)    { converting.TestReplaceFails(t) }
func TestMigratePool(t *testing.T)     { converting.TestMigratePool(t) }
func TestMigrateStale(t *testing.T)    { converting.TestMigrateStale(t) }
func TestMigrateSmall(t *testing.T)    { converting.TestMigrateSmall(t) }
func TestAutoVacuum(t *testing.T)      { converting.TestAutoVacuum(t) }
func TestBackupOf(t *testing.T)        { converting.TestBackup(t) }
func TestBackupOfDamaged(t *testing.T) { converting.TestBackupOfDamaged(t) }
func TestProgress(t *testing.T)        { converting.TestProgress(t) }
func TestCopyPagesFails(t *testing.T)  { converting.TestCopyPagesFails(t) }
func TestCopyBeside(t *testing.T)      { converting.TestCopyBeside(t) }
func TestCopyLaidOutAnew(t *testing.T) { converting.TestCopyLaidOutAnew(t) }
func TestRekeyByValue(t *testing.T)    { converting.TestRekeyByValue(t) }
func TestVacuumRefused(t *testing.T)   { converting.TestVacuumRefused(t) }
func TestVacuumCopies(t *testing.T)    { converting.TestVacuumInto(t) }

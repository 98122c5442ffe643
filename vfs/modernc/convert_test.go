package modernc_test

import (
	"database/sql"
	"errors"
	"runtime"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/vfstest/convert"
	"modernc.org/sqlite"
)

// plainVFS is the VFS of the operating system.
var plainVFS = map[bool]string{true: "win32", false: "unix"}[runtime.GOOS == "windows"]

var converting = convert.Engine{
	Open: func(t testing.TB, dsn string) *sql.DB {
		db, err := sql.Open("sqlite", dsn)
		if err != nil {
			t.Fatal(err)
		}
		return db
	},
	Defensive: func(t testing.TB, dsn string) *sql.DB {
		db, err := sql.Open("sqlite", dsn+"&_defensive=1&_dqs=0")
		if err != nil {
			t.Fatal(err)
		}
		return db
	},
	Connect: func(_ testing.TB, path, key string, settings ...string) *sql.DB {
		options := []modernc.Option{modernc.KeyOptional()}
		if key != "" {
			options = append(options, modernc.Keyspec(key))
		}
		for i := 0; i < len(settings); i += 2 {
			options = append(options, modernc.Setting(settings[i], settings[i+1]))
		}
		return sql.OpenDB(modernc.NewConnector(path, options...))
	},
	Migrating: func(_ testing.TB, path, key string) *sql.DB {
		return sql.OpenDB(modernc.NewConnector(path, modernc.Keyspec(key), modernc.Migrate()))
	},
	Watching: func(_ testing.TB, path, key string, progress func(done, total uint64) error) *sql.DB {
		return sql.OpenDB(modernc.NewConnector(path, modernc.Keyspec(key), modernc.Progress(progress)))
	},
	Convert: modernc.Open,
	Plain:   plainVFS,
	Backup:  backup,
	Code: func(err error) int {
		var e *sqlite.Error
		if !errors.As(err, &e) {
			return -1
		}
		return e.Code()
	},
	Modules: true,
	Trees:   true,
}

func backup(driverConn any, dsn string, restore bool) error {
	c := driverConn.(interface {
		NewBackup(dsn string) (*sqlite.Backup, error)
		NewRestore(dsn string) (*sqlite.Backup, error)
	})
	start := c.NewBackup
	if restore {
		start = c.NewRestore
	}
	b, err := start(dsn)
	for more := err == nil; more && err == nil; {
		more, err = b.Step(7)
	}
	if b != nil {
		err = errors.Join(err, b.Finish())
	}
	return err
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
func TestCopyPages(t *testing.T)       { converting.TestCopyPages(t) }
func TestCopyPagesFails(t *testing.T)  { converting.TestCopyPagesFails(t) }
func TestCopyBeside(t *testing.T)      { converting.TestCopyBeside(t) }
func TestCopyLaidOutAnew(t *testing.T) { converting.TestCopyLaidOutAnew(t) }
func TestRekeyByValue(t *testing.T)    { converting.TestRekeyByValue(t) }
func TestVacuumRefused(t *testing.T)   { converting.TestVacuumRefused(t) }
func TestVacuumCopies(t *testing.T)    { converting.TestVacuumInto(t) }

package modernc_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/vfstest/convert"
	"modernc.org/sqlite"
)

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
	Convert: modernc.Open,
	Code: func(err error) int {
		var e *sqlite.Error
		if !errors.As(err, &e) {
			return -1
		}
		return e.Code()
	},
	Modules: true,
}

func TestExport(t *testing.T)          { converting.TestExport(t) }
func TestExportFails(t *testing.T)     { converting.TestExportFails(t) }
func TestExportState(t *testing.T)     { converting.TestExportState(t) }
func TestExportStrict(t *testing.T)    { converting.TestExportStrict(t) }
func TestExportElsewhere(t *testing.T) { converting.TestExportElsewhere(t) }
func TestExportArguments(t *testing.T) { converting.TestExportArguments(t) }

func TestMigrate(t *testing.T)        { converting.TestMigrate(t) }
func TestMigrateOldest(t *testing.T)  { converting.TestMigrateOldest(t) }
func TestMigrateNothing(t *testing.T) { converting.TestMigrateNothing(t) }
func TestMigrateRefused(t *testing.T) { converting.TestMigrateRefused(t) }
func TestMigrateBusy(t *testing.T)    { converting.TestMigrateBusy(t) }
func TestMigrateHot(t *testing.T)     { converting.TestMigrateHot(t) }
func TestMigrateKilled(t *testing.T)  { converting.TestMigrateKilled(t) }
func TestConvertCopy(t *testing.T)    { converting.TestCopy(t) }
func TestReplace(t *testing.T)        { converting.TestReplace(t) }
func TestReplaceFails(t *testing.T)   { converting.TestReplaceFails(t) }
func TestMigratePool(t *testing.T)    { converting.TestMigratePool(t) }
func TestMigrateStale(t *testing.T)   { converting.TestMigrateStale(t) }
func TestMigrateSmall(t *testing.T)   { converting.TestMigrateSmall(t) }
func TestAutoVacuum(t *testing.T)     { converting.TestAutoVacuum(t) }
func TestVacuumRefused(t *testing.T)  { converting.TestVacuumRefused(t) }
func TestVacuumCopies(t *testing.T)   { converting.TestVacuumInto(t) }

package ncruces_test

import (
	"database/sql/driver"
	"errors"
	"net/url"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/pageseal/pageseal/vfs/ncruces"
	"github.com/pageseal/pageseal/vfs/vfstest/interop"
)

var engine = interop.Engine{
	Name:   "ncruces",
	NoFTS5: true,

	NoEmptyValue: true,
	Unplayed:     []string{"keys/a write transaction before the key"},
	Connector: func(path string, params url.Values) driver.Connector {
		// The defaults of the engine that are not SQLite's: foreign keys are
		// enforced, and without a pragma there is a busy timeout.
		options := []ncruces.Option{ncruces.KeyOptional(), ncruces.Param("_pragma", "foreign_keys(off)")}
		for name := range params {
			options = append(options, ncruces.Param(name, params.Get(name)))
		}
		return ncruces.NewConnector(path, options...)
	},
	Code: func(err error) int {
		var extended sqlite3.ExtendedErrorCode
		var code sqlite3.ErrorCode
		switch {
		case errors.As(err, &extended):
			return int(extended)
		case errors.As(err, &code):
			return int(code)
		}
		return 0
	},
}

func TestMain(m *testing.M) { engine.Main(m) }

func TestTurns(t *testing.T)             { engine.TestTurns(t) }
func TestHotJournals(t *testing.T)       { engine.TestHotJournals(t) }
func TestHotWAL(t *testing.T)            { engine.TestHotWAL(t) }
func TestSameFrames(t *testing.T)        { engine.TestSameFrames(t) }
func TestAlternate(t *testing.T)         { engine.TestAlternate(t) }
func TestForeignByteOrder(t *testing.T)  { engine.TestForeignByteOrder(t) }
func TestCheckpointMoves(t *testing.T)   { engine.TestCheckpointMoves(t) }
func TestFreedPages(t *testing.T)        { engine.TestFreedPages(t) }
func TestLive(t *testing.T)              { engine.TestLive(t) }
func TestPrograms(t *testing.T)          { engine.TestPrograms(t) }
func TestSameResults(t *testing.T)       { engine.TestSameResults(t) }
func TestKeptPages(t *testing.T)         { engine.TestKeptPages(t) }
func TestLargeTransactions(t *testing.T) { engine.TestLargeTransactions(t) }
func TestSurface(t *testing.T)           { engine.TestSurface(t) }
func TestConcurrentDefects(t *testing.T) { engine.TestConcurrentDefects(t) }
func TestPragmaRows(t *testing.T)        { engine.TestPragmaRows(t) }

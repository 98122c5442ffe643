package modernc_test

import (
	"database/sql/driver"
	"net/url"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/vfstest/interop"
)

var engine = interop.Engine{
	Name: "modernc",
	Connector: func(path string, params url.Values) driver.Connector {
		options := []modernc.Option{modernc.KeyOptional()}
		for name := range params {
			options = append(options, modernc.Param(name, params.Get(name)))
		}
		return modernc.NewConnector(path, options...)
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

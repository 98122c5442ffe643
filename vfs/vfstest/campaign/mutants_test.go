//go:build mutants

package campaign

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutant is a deliberately broken file of ours, and the campaign that must
// find it out.
type mutant struct {
	name, file string
	old, new   string // what is replaced; it stands there once
	campaign   string // the tests, as for go test -run
	// only is the engine that needs it, where the other one would not notice: it
	// does not take a page for the end of the file, or looks at tags.
	only string
}

const oneMode = "/(truncate|wal)_FULL/encrypted_true"

var mutants = []mutant{
	{"the journal has checksums of pages in clear", "vfs/journal.go",
		"binary.BigEndian.Uint32(sum)+j.delta", "binary.BigEndian.Uint32(sum)", "TestCrash/spill" + oneMode, ""},
	{"the journal encrypts an image for another page", "vfs/journal.go",
		"j.put(off, p, pagePiece, j.pgno, 0)", "j.put(off, p, pagePiece, j.pgno+1, 0)", "TestCrash/spill" + oneMode, ""},
	{"the sync of the journal is left out", "vfs/journal.go",
		"return j.base.Sync(flags)", "return nil", "TestCrash/rewrite" + oneMode, ""},
	{"the log has checksums of pages in clear", "vfs/walbehind.go",
		"l.running.add(header[:8]).add(page)", "l.running.add(header[:8]).add(w.behind.inClear(w.behind.pieces[i+1])[:len(page)])",
		"TestCrash/commits" + oneMode, ""},
	{"a frame that is overwritten keeps its old page", "vfs/walbehind.go",
		"_, err := w.base.WriteAt(page, at+frameHeader)\n\treturn err", "return nil", "TestCrash/spill" + oneMode, ""},
	{"free pages torn by a crash stay torn", "vfs/maindb.go",
		"err = m.heal()", "err = nil", "TestCrash/(vacuum|grow_and_free)", ""},
	{"holes stay holes", "vfs/maindb.go",
		"if off <= m.end {", "if true {", "TestCrash/grow_and_free" + oneMode, ""},
	{"the sync of the database is left out", "vfs/maindb.go",
		"return m.base.Sync(flags)", "return nil", "TestCrash/(commits|rewrite)", ""},
	{"a write that failed is none", "vfs/maindb.go",
		"m.discard()\n\t}\n\treturn err", "m.discard()\n\t}\n\treturn nil", "TestFault/rewrite" + oneMode, ""},
	{"a read that failed is the end of the file", "vfs/maindb.go",
		"\tif err != nil && err != io.EOF {\n\t\treturn 0, err\n\t}\n\tsize := m.set.PageSize", "\t_ = err\n\tsize := m.set.PageSize", "TestFault/(commits|spill)" + oneMode, "modernc"},
	{"a sync of the log that failed is none", "vfs/wal.go",
		"return w.base.Sync(flags)", "_ = w.base.Sync(flags); return nil", "TestFault/commits" + oneMode, ""},
	{"a temporary file passes over a failed write", "vfs/temp.go",
		"int64(t.index)*tempBlockSize); err != nil {\n\t\treturn err", "int64(t.index)*tempBlockSize); err != nil {\n\t\treturn nil", "TestTempFault", ""},
	{"a page is not authenticated", "hmacpage/generic.go",
		"want) != 1 {", "want) > 1 {", "TestTamper", ""},
	{"the MAC leaves out the page number", "hmacpage/tagger.go",
		"t.hash.Write(t.pgno[:])", "", "TestTamper", ""},
	{"the pages of a rekey are overwritten without a journal", "vfs/rewrite.go",
		"copy(header, journalMagic)", "", "TestRekeySurvives/crash", ""},
	{"the journal of a rekey is emptied before the pages are durable", "vfs/rewrite.go",
		"return w.m.base.Sync(syncFull)\n}\n\n// write", "return nil\n}\n\n// write", "TestRekeySurvives/crash", ""},
	{"the journal of a conversion tells that the database has one page", "vfs/rewrite.go",
		"w.nonce, w.count,", "w.nonce, w.last,", "TestHeaderSurvives/crash", ""},
	{"the log with pages of the old key stays", "vfs/rekey.go",
		"wal_checkpoint(TRUNCATE)", "wal_checkpoint(PASSIVE)", "TestRekeySurvives/fault/wal_FULL", ""},
	{"a damaged image in a journal is its end", "vfs/journal.go",
		"if off < j.written || j.intact(off, disk) {", "if false {", "TestTamper", ""},
	{"a page is served from memory whatever its tag on disk", "vfs/pagecache.go",
		"!bytes.Equal(page.seal[:len(seal)], seal)", "!bytes.Equal(seal, seal)", "TestSnapshots", ""},
	{"a page is served from memory whatever the change counter", "vfs/span.go",
		"s.number == 0 || s.counter != counter", "s.number == 0", "TestKeptPages/delete", ""},
	{"what was read ahead outlives the lock", "vfs/stream.go",
		"{ s.windows[0].good, s.windows[1].good = 0, 0 }", "{}", "TestSnapshots", "modernc"},
	{"a page that is written again stays as it was encrypted", "vfs/behind.go",
		"\tp.done = false\n", "", "TestLargeTransactions", ""},
	{"frames without checksums are written though they were taken back", "vfs/walbehind.go",
		"return ok && header.off <= w.offsetOf(last), err", "_ = last\n\treturn ok, err", "TestConformance/what_waits", ""},
	{"what was read ahead is served without a look at the shared memory", "vfs/window.go",
		"m.ahead.logged && !m.ahead.shared && ", "false && ", "TestSnapshots/WAL", "ncruces"},
}

// engines are those whose campaigns must find each mutant out.
var engines = []string{"modernc", "ncruces"}

// TestMutants breaks the file layer in one way after the other, by an overlay
// over the source, and wants the campaign to fail each time.
func TestMutants(t *testing.T) {
	for _, engine := range engines {
		for _, m := range mutants {
			if m.only != "" && m.only != engine {
				continue
			}
			t.Run(engine+"/"+m.name, func(t *testing.T) {
				cmd := exec.Command("go", "test", "-overlay", m.overlay(t), "-count=1", "-timeout=5m",
					"-run", m.campaign, "./vfs/"+engine)
				cmd.Dir = root
				cmd.Env = append(os.Environ(), "PAGESEAL_KERNEL=purego") // which is the one that is broken
				if strings.HasPrefix(m.campaign, "TestFault/") {
					cmd.Env = append(cmd.Env, "PAGESEAL_CAMPAIGN=1") // few calls write much, and a sample may miss them
				}
				out, err := cmd.CombinedOutput()
				if err == nil {
					t.Errorf("%s passes", m.campaign)
				} else if !strings.Contains(string(out), "--- FAIL: "+strings.SplitN(m.campaign, "/", 2)[0]) {
					t.Errorf("the campaign did not run: %v\n%s", err, out)
				}
			})
		}
	}
}

// TestMutantsStand wants each mutant to find what it breaks.
func TestMutantsStand(t *testing.T) {
	for _, m := range mutants {
		m.overlay(t)
	}
}

const root = "../../.."

// overlay writes the broken file and tells the go command to take it.
func (m mutant) overlay(t *testing.T) (path string) {
	t.Helper()
	file, err := filepath.Abs(filepath.Join(root, m.file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		t.Fatalf("%q stands in %s %d times", m.old, m.file, n)
	}
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.go")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {file: broken}})
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "overlay.json")
	for name, content := range map[string][]byte{
		broken: []byte(strings.Replace(string(source), m.old, m.new, 1)), path: list,
	} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

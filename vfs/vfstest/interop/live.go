package interop

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// stressVariable sets how many rounds TestLive runs of each cast.
const stressVariable = "PAGESEAL_STRESS"

// cast is who shares one database, and in which journal mode.
type cast struct {
	name string
	mode string
	who  []side
}

// TestLive lets several processes work on one database, kills all of them at a
// random moment, and looks for every row that a commit was acknowledged for.
func (e Engine) TestLive(t *testing.T) {
	rounds := 1
	if v := os.Getenv(stressVariable); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	ours, c := e.side(), peerSide(peers.SQLCipher414)
	mixed := []side{ours, c, ours, c}
	casts := []cast{
		{"mixed wal", "wal", mixed},
		{"ours wal", "wal", []side{ours, ours, ours}},
		// Not in WAL mode: there 4.5.5 loses commits without us too, as SQLite did
		// until 3.51.3.
		{"mixed with 4.5.5 delete", "delete", []side{ours, peerSide(peers.SQLCipher455), ours, c}},
		{"mixed delete", "delete", mixed},
		{"mixed truncate", "truncate", mixed},
		{"mixed persist", "persist", mixed},
	}
	first := uint64(time.Now().UnixNano())
	for _, k := range casts {
		n := rounds
		if k.name == "mixed wal" && n == 1 {
			n = 5
		}
		for i := range n {
			seed := first + uint64(i)
			t.Run(fmt.Sprintf("%s/%d", k.name, i), func(t *testing.T) {
				t.Logf("seed %d", seed)
				e.live(t, k, seed)
			})
		}
	}
}

// worker is one process of a cast and what its commits were acknowledged for.
type worker struct {
	id    int
	side  side
	proc  *peers.Proc
	rnd   *rand.Rand
	next  int   // number of the next row
	acked []int // rows
	open  []int // rows of the transaction in flight, which may be found or not
}

func (e Engine) live(t *testing.T, k cast, seed uint64) {
	dir := t.TempDir()
	path := filepath.Join(dir, "live.db")
	l := layout{key: rawKey64}
	p := l.open(t, k.who[0], path)
	p.MustExec("PRAGMA journal_mode=" + k.mode + "; CREATE TABLE log(worker INT, n INT, kind TEXT, body BLOB); CREATE INDEX log_n ON log(worker, n);")
	p.Quit()

	rnd := rand.New(rand.NewPCG(seed, 0))
	var acks atomic.Int64
	last := int64(100 + rnd.IntN(300))
	enough := make(chan struct{})
	ack := func() {
		if acks.Add(1) == last {
			close(enough)
		}
	}
	var workers []*worker
	var done sync.WaitGroup
	for i, s := range k.who {
		w := &worker{id: i, side: s, proc: l.open(t, s, path), rnd: rand.New(rand.NewPCG(seed, uint64(i+1)))}
		w.proc.MustExec("PRAGMA journal_mode=" + k.mode + "; PRAGMA busy_timeout=20000; PRAGMA cache_size=10; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=50;")
		workers = append(workers, w)
	}
	for _, w := range workers {
		done.Go(func() { w.work(t, ack) })
	}
	<-enough
	for _, w := range workers {
		go w.proc.Kill()
	}
	done.Wait()
	for _, s := range []side{peerSide(peers.SQLCipher414), e.side()} {
		recovered(t, l, s, copyDir(t, dir), workers)
	}
}

// work runs random statements until the process is gone.
func (w *worker) work(t *testing.T, ack func()) {
	for w.step(t) {
		ack()
	}
}

// step is one transaction or checkpoint. It is false when the process is gone.
func (w *worker) step(t *testing.T) bool {
	w.open = nil
	switch n := w.rnd.IntN(20); {
	case n < 8:
		return w.commit(t, w.insert("row", 1, 300))
	case n < 14:
		return w.commit(t, "BEGIN IMMEDIATE;"+w.insert("row", 1+w.rnd.IntN(20), 3000)+
			"SAVEPOINT s;"+w.ghosts()+"ROLLBACK TO s;"+
			"UPDATE log SET kind = kind || '.' WHERE worker = "+strconv.Itoa(w.id)+" AND n % 5 = 0;"+
			w.insert("row", 1, 100)+"COMMIT;")
	case n < 17:
		_, alive := w.run(t, "BEGIN IMMEDIATE;"+w.ghosts()+"ROLLBACK;")
		return alive
	case n < 19:
		modes := []string{"PASSIVE", "FULL", "RESTART", "TRUNCATE"}
		_, alive := w.run(t, "PRAGMA wal_checkpoint("+modes[w.rnd.IntN(4)]+")")
		return alive
	}
	_, alive := w.run(t, "SELECT count(*), sum(length(body)) FROM log")
	return alive
}

// insert makes rows that a commit is to keep.
func (w *worker) insert(kind string, rows, size int) (sql string) {
	for range rows {
		sql += fmt.Sprintf("INSERT INTO log VALUES(%d, %d, '%s', randomblob(%d));", w.id, w.next, kind, 1+w.rnd.IntN(size))
		w.open = append(w.open, w.next)
		w.next++
	}
	return sql
}

// ghosts are rows that are rolled back, many enough to spill.
func (w *worker) ghosts() string {
	return fmt.Sprintf("WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM i WHERE x<%d) "+
		"INSERT INTO log SELECT %d, -x, 'ghost', randomblob(900) FROM i;", 1+w.rnd.IntN(120), w.id)
}

// commit runs SQL that ends in a commit and notes what was acknowledged.
func (w *worker) commit(t *testing.T, sql string) bool {
	ok, alive := w.run(t, sql)
	if ok {
		w.acked = append(w.acked, w.open...)
	}
	if alive {
		w.open = nil
	}
	return alive
}

// run executes SQL. Another process may hold a lock for longer than the busy
// timeout; any other error is one of the database.
func (w *worker) run(t *testing.T, sql string) (ok, alive bool) {
	r, err := w.proc.Do("exec", []byte(sql))
	if err != nil {
		return false, false
	}
	switch r.Code {
	case 0:
		return true, true
	case 5, 6: // SQLITE_BUSY, SQLITE_LOCKED
		_, err := w.proc.Do("exec", []byte("ROLLBACK"))
		return false, err == nil
	}
	t.Errorf("%s: %d %s", w.side.name, r.Code, r.Message)
	return false, true
}

// recovered opens what the killed processes left and compares the rows with
// what was acknowledged.
func recovered(t *testing.T, l layout, s side, dir string, workers []*worker) {
	t.Helper()
	p := l.open(t, s, filepath.Join(dir, "live.db"))
	defer p.Quit()
	rows := p.MustExec("SELECT worker, n, kind LIKE 'ghost%' FROM log").Text()
	found := map[string]bool{}
	for row := range strings.Lines(rows) {
		found[strings.TrimSpace(row)] = true
	}
	total, lost := 0, 0
	for _, w := range workers {
		for _, n := range w.acked {
			key := fmt.Sprintf("%d|%d|0", w.id, n)
			total++
			if !found[key] {
				lost++
			}
			delete(found, key)
		}
		for _, n := range w.open {
			delete(found, fmt.Sprintf("%d|%d|0", w.id, n))
		}
	}
	if lost > 0 {
		t.Errorf("%s finds %d of %d acknowledged rows, %d are lost", s.name, total-lost, total, lost)
	}
	for row := range found {
		t.Errorf("%s finds row %s that no commit was acknowledged for", s.name, row)
	}
	if total == 0 {
		t.Error("nothing was acknowledged: the test tests nothing")
	}
	check(t, s, p)
}

// copyDir copies the files of a folder into a new one.
func copyDir(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

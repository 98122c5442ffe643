package modernc_test

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestFullDisk fills the disk at many moments of a transaction: on a small
// file system of its own where the process may mount one, else under a limit on
// the size of files.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "TRUNCATE", "PERSIST", "WAL"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			if os.Getenv(childEnv) == t.Name() {
				dir, full := smallDisk(t)
				fillDisk(t, dir, mode, full)
				return
			}
			cmd := child(t, ownMounts, ownTempDir(t))
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState == nil {
				t.Logf("no mounts of our own: %v", err)
				cmd = child(t, ownTempDir(t))
				out, err = cmd.CombinedOutput()
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			passed(t, string(out))
		})
	}
}

// ownMounts gives a process mounts that no other sees and that end with it.
func ownMounts(cmd *exec.Cmd) {
	cmd.Env = append(cmd.Env, ownMountsEnv+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
}

const ownMountsEnv = "PAGESEAL_TEST_OWN_MOUNTS"

// diskSize is enough for a database with samples, 900 KB, and for the journal
// of some of its pages.
const diskSize = 1400 << 10

// smallDisk is a directory on a disk that is soon full, and the result code of
// that.
func smallDisk(t *testing.T) (dir string, full int) {
	t.Helper()
	dir = t.TempDir()
	if os.Getenv(ownMountsEnv) == "" {
		// The kernel sends a signal too, which would end the process.
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: diskSize, Max: diskSize}); err != nil {
			t.Fatal(err)
		}
		return dir, codeIOErr
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir, codeFull
}

func fillDisk(t *testing.T, dir, mode string, full int) {
	path := filepath.Join(dir, "clinic.db")
	db := openDB(t, path, options(modernc.Param("_pragma", "journal_mode("+mode+")"), modernc.Param("_pragma", "cache_size(10)"))...)
	samples(t, db, 600)
	sum := row(t, db, digestQuery)
	for _, query := range []string{
		`UPDATE sample SET body = zeroblob(length(body) + 1000)`,
		`INSERT INTO sample(name, body) SELECT 'new ' || name, zeroblob(5000) FROM sample`,
		`CREATE TABLE another AS SELECT * FROM sample AS a, sample AS b LIMIT 20000`,
		`INSERT INTO sample VALUES (100000, 'big', zeroblob(3000000))`,
		`UPDATE sample SET name = name || hex(zeroblob(500))`,
		`VACUUM`,
	} {
		_, err := db.ExecContext(t.Context(), query)
		if err == nil && query == "VACUUM" {
			continue // its copy is on another disk
		}
		fails(t, err, nil, full)
		want(t, db, sum, digestQuery)
		intact(t, db)
	}
	inTransaction(t, db, sum, full)
	must(t, db, `UPDATE sample SET name = 'small' WHERE id = 1`)
	sum = row(t, db, digestQuery)
	closeDB(t, db)
	unhurt(t, path, sum, options()...)
	verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter))
}

// inTransaction fills the disk inside of a transaction and rolls it back.
func inTransaction(t *testing.T, db *sql.DB, sum string, full int) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	must(t, tx, `UPDATE sample SET name = 'once ' || name WHERE id < 5`)
	_, err = tx.ExecContext(t.Context(), `INSERT INTO sample VALUES (100000, 'big', zeroblob(3000000))`)
	fails(t, err, nil, full)
	// SQLite may have rolled back by itself, which database/sql calls an error.
	_ = tx.Rollback()
	want(t, db, sum, digestQuery)
	intact(t, db)
}

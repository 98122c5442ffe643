package cli

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/pageseal/pageseal/cli/measure"
)

// TestBench reads what bench writes.
func TestBench(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plot := filepath.Join(dir, "bench.svg")
	var out, said bytes.Buffer
	args := []string{"pageseal", "bench", "--rows", "300", "--rounds", "2", "--dir", dir, "--svg", plot, "--json"}
	if status := Run(t.Context(), args, Env{Stdout: &out, Stderr: &said}); status != 0 || said.Len() > 0 {
		t.Fatalf("status %d: %s", status, &said)
	}
	var b bench
	if err := json.Unmarshal(out.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	if b.System != runtime.GOOS+"/"+runtime.GOARCH || b.Rows != 300 || b.Rounds != 2 || b.KDF <= 0 || len(b.Sizes) != 2 || len(b.Steps) != 10 {
		t.Errorf("%+v", b)
	}
	for _, s := range b.Steps {
		if s.Name == "" || s.Operations < 1 || len(s.Of) != 2 || s.Of[0].Contestant != "clear" || s.Of[1].Contestant != "encrypted" {
			t.Errorf("%+v", s)
		}
	}
	text, err := os.Open(plot)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	elements := 0
	for d := xml.NewDecoder(text); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := token.(xml.StartElement); ok {
			elements++
		}
	}
	if elements < 40 {
		t.Errorf("the plot has %d elements", elements)
	}
	if left, err := os.ReadDir(dir); len(left) != 1 || err != nil {
		t.Errorf("%v is left, %v", left, err)
	}
}

// TestBenchContestants wants the one to write in clear and the other not to.
func TestBenchContestants(t *testing.T) {
	t.Parallel()
	encrypted, err := encryptedContestant()
	if err != nil {
		t.Fatal(err)
	}
	for clear, c := range map[bool]measure.Contestant{true: clearContestant(), false: encrypted} {
		path := filepath.Join(t.TempDir(), "a.db")
		pool, err := c.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Run(t.Context(), "CREATE TABLE something(a)"); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(conn.Close(), pool.Close()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil || len(text) == 0 || bytes.Contains(text, []byte("something")) != clear {
			t.Errorf("%s: %d bytes in clear is not %v, %v", c.Name(), len(text), clear, err)
		}
	}
}

// TestInterruptedBench ends the program as Ctrl-C does, while it works on its
// files.
func TestInterruptedBench(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // a process there cannot send it to another one
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Args = []string{"pageseal", "bench", "--rows", "50000000", "--dir", dir}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for files := []string(nil); len(files) == 0; files, _ = filepath.Glob(filepath.Join(dir, "*", "*.db*")) {
		select {
		case <-ended:
			t.Fatalf("it makes no files: %s", &said)
		case <-look.C: // no system tells when there is a file
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-ended
	if status := cmd.ProcessState.ExitCode(); status != statusInterrupted {
		t.Errorf("status %d: %s", status, &said)
	}
	if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
		t.Errorf("%v is left, %v", left, err)
	}
}

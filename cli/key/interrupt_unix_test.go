//go:build unix

package key_test

import (
	"bufio"
	"os"
	"os/exec"
	"testing"
)

// TestInterrupted wants Ctrl-C to end the wait for whatever a key comes from.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe() // on which nothing comes
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, args := range [][]string{
		{"--key-cmd", "echo ready >&2; exec sleep 600"},
		{"--key-cmd", "echo ready >&2; sleep 6; true"}, // in a child of the shell
	} {
		cmd := exec.Command("readkey", append(args, "hunter2")...)
		cmd.Stdin = r
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(stderr).ReadString('\n'); line != "ready\n" {
			t.Fatalf("%q, %v", line, err)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if got := cmd.ProcessState.ExitCode(); got != 130 {
			t.Errorf("%v: status %d", args, got)
		}
	}
}

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestScript runs the scripts in testdata/script, each in a folder of its own.
// Beside the commands of package testscript there are
//
//	status N PROGRAM ARGS...     runs a program that has to end with that status
//	peer [-crash] NAME FILE SQL...   runs SQL in a C build, see vfs/vfstest/peers;
//	                             -crash ends it without closing the database
//	damage FILE OFFSET           changes the byte there
//	truncate FILE SIZE           cuts off a file
//	mode FILE MODE               wants these permissions
//	same-salt FILE FILE          wants two databases to begin alike
//	leftovers                    wants no file that a command makes on its way
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Values["t"] = e.T()                   // a *testing.T, for the peers
			e.Setenv("GORACE", "atexit_sleep_ms=0") // or each process of a race test takes a second more
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   scriptStatus,
			"peer":     scriptPeer,
			"damage":   scriptDamage,
			"truncate": scriptTruncate,

			"mode":      scriptMode,
			"same-salt": scriptSameSalt,
			"leftovers": scriptLeftovers,
		},
	})
}

// secrets stand in every key that the scripts use, so that one which comes out
// where it must not is seen.
var secrets = []string{"hunter", "5ec2e7"}

// leaked is the status of a program that has printed a key where all can see it.
const leaked = 99

// scriptProgram is the program, run by a script.
func scriptProgram() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	guard := &leakGuard{to: os.Stderr}
	status := Run(ctx, os.Args, Env{os.Stdin, os.Stdout, guard})
	for _, secret := range secrets {
		if bytes.Contains(bytes.ToLower(guard.said.Bytes()), []byte(secret)) {
			fmt.Fprintf(os.Stderr, "LEAK: there is a key in what stands above\n")
			status = leaked
		}
	}
	os.Exit(status)
}

// leakGuard keeps what passes.
type leakGuard struct {
	to   io.Writer
	said bytes.Buffer
}

func (g *leakGuard) Write(b []byte) (int, error) {
	g.said.Write(b)
	return g.to.Write(b)
}

func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

func scriptPeer(ts *testscript.TestScript, neg bool, args []string) {
	crash := len(args) > 0 && args[0] == "-crash"
	if crash {
		args = args[1:]
	}
	if neg || len(args) < 3 {
		ts.Fatalf("usage: peer [-crash] NAME FILE SQL...")
	}
	t := ts.Value("t").(testing.TB)
	peer := peers.Require(t, args[0])
	p := peer.Start(t)
	defer p.Kill()
	p.MustOpen(ts.MkAbs(args[1]))
	for _, sql := range args[2:] {
		fmt.Fprintln(ts.Stdout(), p.MustExec(sql).Text())
	}
	if !crash {
		p.Quit()
	}
}

func scriptDamage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: damage FILE OFFSET")
	}
	offset, err := strconv.ParseInt(args[1], 0, 64)
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_RDWR, 0)
	ts.Check(err)
	b := make([]byte, 1)
	_, err = f.ReadAt(b, offset)
	ts.Check(err)
	b[0] ^= 0x55
	_, err = f.WriteAt(b, offset)
	ts.Check(err)
	ts.Check(f.Close())
}

func scriptTruncate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truncate FILE SIZE")
	}
	size, err := strconv.ParseInt(args[1], 0, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

func scriptMode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode FILE MODE")
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

func scriptSameSalt(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same-salt FILE FILE")
	}
	if same := ts.ReadFile(args[0])[:16] == ts.ReadFile(args[1])[:16]; same == neg {
		ts.Fatalf("the salts are the same: %v", same)
	}
}

func scriptLeftovers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: leftovers")
	}
	entries, err := os.ReadDir(ts.MkAbs("."))
	ts.Check(err)
	for _, e := range entries {
		info, err := e.Info()
		ts.Check(err)
		for _, mark := range []string{".part", "-migrated", "-journal"} {
			if strings.Contains(e.Name(), mark) && info.Size() > 0 { // an empty journal says nothing
				ts.Fatalf("%s is left", e.Name())
			}
		}
	}
}

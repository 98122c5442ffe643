package key_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/compat"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", noSleep)
	testscript.Main(m, map[string]func(){"readkey": func() { os.Exit(readkey()) }})
}

// noSleep keeps the race detector from adding a second to each process.
const noSleep = "atexit_sleep_ms=0"

// readkey is a program that reads a key and says whether it is the one in its
// argument. The variable READ is "new" for one that is to be set, PREFIX that of
// the flags.
func readkey() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	app := &urfave.App{
		Reader: os.Stdin, Writer: os.Stdout, ErrWriter: os.Stderr,
		Flags:          slices.Concat(key.Flags(""), key.Flags("new-"), key.SettingFlags("")),
		Action:         answer,
		ExitErrHandler: func(*urfave.Context, error) {},
		OnUsageError:   func(_ *urfave.Context, err error, _ bool) error { return &key.UsageError{Err: err} },
	}
	err := app.RunContext(ctx, os.Args)
	var usage *key.UsageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		return 130
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}

func answer(c *urfave.Context) error {
	settings, err := key.Settings(c, "")
	if err != nil {
		return err
	}
	if !settings.IsZero() {
		for _, pragma := range settings.Pragmas() {
			fmt.Println(pragma)
		}
		return nil
	}
	read := key.Read
	if os.Getenv("READ") == "new" {
		read = key.ReadNew
	}
	got, err := read(c, os.Getenv("PREFIX"))
	if err != nil {
		return err
	}
	want, err := compat.ParseKeyspec([]byte(c.Args().First()))
	if err != nil {
		return err
	}
	salt, s := make([]byte, 16), compat.Latest.Settings()
	if got.Digest(nil, s, salt) != want.Digest(nil, s, salt) {
		return errors.New("another key")
	}
	fmt.Println(got)
	return nil
}

// TestScript runs the scripts in testdata/script; status N PROGRAM ARGS... runs
// a program that has to end with that status.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", noSleep)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": func(ts *testscript.TestScript, neg bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				err = ts.Exec(args[1], args[2:]...)
				got := 0
				var exit interface{ ExitCode() int }
				if errors.As(err, &exit) {
					got = exit.ExitCode()
				} else {
					ts.Check(err)
				}
				if neg || got != want {
					ts.Fatalf("%v ended with status %d, want %d", args[1:], got, want)
				}
			},
		},
	})
}

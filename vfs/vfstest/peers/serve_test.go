package peers

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv("PEERS_TEST_SERVE") != "" {
		if err := Serve(os.Stdin, os.Stdout, &fake{}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fake answers with what it was asked.
type fake struct{ opened string }

type busyError struct{}

func (busyError) Error() string { return "database is locked" }
func (busyError) Code() int     { return 5 | 2<<8 }

func (f *fake) Open(name string, flags []string) error {
	f.opened = name + "?" + strings.Join(flags, "&")
	return nil
}

func (f *fake) Exec(sql string) ([]Result, error) {
	row := []Value{ValueOf(f.opened), ValueOf(sql), ValueOf([]byte{0, 255}), ValueOf(1.0), ValueOf(nil), ValueOf(int64(7))}
	results := []Result{{Columns: []string{"o", "s", "b", "r", "n", "i"}, Rows: [][]Value{row}}}
	if strings.Contains(sql, "fail") {
		return results, fmt.Errorf("fake: exec: %w", busyError{})
	}
	return results, nil
}

func (f *fake) Key([]byte) error { return errors.New("no keys here") }
func (f *fake) Close() error     { return nil }

func TestCommandServe(t *testing.T) {
	t.Parallel()
	proc := Command(t, os.Args[0], nil, []string{"PEERS_TEST_SERVE=1"})
	proc.MustOpen("/some/file", "ro", "rw")
	r := proc.MustExec("SELECT\n1")
	if want := "/some/file?ro&rw|SELECT\n1|\x00\xff|1.0||7"; r.Text() != want {
		t.Errorf("exec: %q, want %q", r.Text(), want)
	}
	r = proc.Exec("fail")
	if r.Code != 5 || r.Extended != 517 || len(r.Results) != 1 || r.Message != "fake: exec: database is locked" {
		t.Errorf("exec with an error: %+v", r)
	}
	if r := proc.Key([]byte("k")); r.Code != 1 || r.Message != "no keys here" {
		t.Errorf("key: %+v", r)
	}
	if r := proc.CloseDB(); r.Code != 0 {
		t.Errorf("close: %+v", r)
	}
	if r, err := proc.Do("dance", nil); err != nil || r.Code != 1 {
		t.Errorf("unknown verb: %+v, %v", r, err)
	}
	proc.Quit()
	if _, err := proc.Do("exec", nil); err == nil {
		t.Error("a process that has quit answers")
	}
}

func TestServeMalformed(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"exec", "exec\n", "exec -1\n", "exec 5\nabc"} {
		if err := Serve(strings.NewReader(in), &bytes.Buffer{}, &fake{}); err == nil {
			t.Errorf("%q is served", in)
		}
	}
	if err := Serve(strings.NewReader(""), &bytes.Buffer{}, &fake{}); err != nil {
		t.Errorf("nothing to serve: %v", err)
	}
}

func TestCommandStderr(t *testing.T) {
	t.Parallel()
	proc := Command(t, "/bin/sh", []string{"-c", "echo out of luck >&2; exit 3"}, nil)
	_, err := proc.Do("exec", nil)
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("process that fails: %v", err)
	}
}

func TestValueString(t *testing.T) {
	t.Parallel()
	for v, want := range map[Value]string{
		{}:                         "",
		{Integer, "-3"}:            "-3",
		{Real, "2"}:                "2.0",
		{Real, "1e+20"}:            "1.0e+20",
		{Real, "0.10000000000001"}: "0.10000000000001",
		{Real, "inf"}:              "Inf",
		{Text, "a|b"}:              "a|b",
		{Blob, "\x01"}:             "\x01",
	} {
		if got := v.String(); got != want {
			t.Errorf("%#v prints %q, want %q", v, got, want)
		}
	}
}

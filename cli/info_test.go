package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/cli"
)

// info runs pageseal info on a file.
func info(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = cli.Run(context.Background(), append([]string{"pageseal", "info"}, args...),
		cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
	return status, out.String(), errs.String()
}

func sqlRun(t *testing.T, file, sql string) {
	t.Helper()
	var out bytes.Buffer
	env := cli.Env{Stdin: strings.NewReader(sql), Stdout: &out, Stderr: &out}
	if status := cli.Run(context.Background(), []string{"pageseal", file}, env); status != 0 {
		t.Fatalf("status %d: %s", status, out.String())
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, content []byte) {
		if err := os.WriteFile(file(name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sqlRun(t, file("plain.db"), "CREATE TABLE t(a);")
	sqlRun(t, file("cipher.db"), "PRAGMA key='p'; CREATE TABLE t(a);")
	sqlRun(t, file("header.db"), `PRAGMA key='p'; PRAGMA cipher_plaintext_header_size=32;
		PRAGMA cipher_salt="x'000102030405060708090a0b0c0d0e0f'"; CREATE TABLE t(a);`)
	write("empty.db", nil)
	write("short.db", []byte("too short"))
	write("text.db", bytes.Repeat([]byte("a plain text\n"), 100))
	write("hot.db", nil)
	write("hot.db-journal", append([]byte("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"), make([]byte, 512)...))
	for name, want := range map[string][]string{
		"plain.db":  {"plaintext SQLite database", "2 of 4096 bytes"},
		"cipher.db": {"encrypted database\n", "2 of 4096 bytes", "salt"},
		"header.db": {"encrypted database with a plaintext header", "2 of 4096 bytes"},
		"empty.db":  {"empty file"},
		"short.db":  {"too short"},
		"text.db":   {"not a database"},
		"hot.db":    {"hot, 520 bytes"},
	} {
		status, out, errs := info(t, file(name))
		if status != 0 || errs != "" {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: %q is not in\n%s", name, w, out)
			}
		}
	}
	_, out, _ := info(t, "--json", file("plain.db"))
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil || got["page_size"] != 4096.0 {
		t.Errorf("JSON: %v %v", got, err)
	}
}

func TestInfoErrors(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"a", "b"}, {filepath.Join(t.TempDir(), "missing")}, {t.TempDir()}} {
		status, out, errs := info(t, args...)
		if status == 0 || out != "" || !strings.HasPrefix(errs, "error: ") {
			t.Errorf("info %v: status %d, stdout %q, stderr %q", args, status, out, errs)
		}
	}
}

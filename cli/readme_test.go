package cli_test

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/cli"
)

// TestReadme runs the sessions in the README and compares what they print. The
// salt is another one each time.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	blocks := regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 2 {
		t.Fatalf("the README has %d sessions", len(blocks))
	}
	salt := regexp.MustCompile(`(salt +)[0-9a-f]{32}`)
	for _, b := range blocks {
		for _, step := range strings.Split("\n"+b[1], "\n$ ")[1:] {
			command, want, _ := strings.Cut(step, "\n")
			got := runLine(t, command, &want)
			if salt.ReplaceAllString(got, "${1}SALT") != salt.ReplaceAllString(want, "${1}SALT") {
				t.Errorf("%s prints\n%s, the README says\n%s", command, got, want)
			}
		}
	}
}

// runLine runs one command of a session. The text of a here document is taken
// off the front of what follows.
func runLine(t *testing.T, command string, rest *string) string {
	t.Helper()
	stdin := ""
	if m := regexp.MustCompile(`^(.*) <<'(\w+)'$`).FindStringSubmatch(command); m != nil {
		command = m[1]
		stdin, *rest, _ = strings.Cut(*rest, m[2]+"\n")
	}
	if !strings.HasSuffix(*rest, "\n") && *rest != "" {
		*rest += "\n"
	}
	var args []string
	for _, w := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(command, -1) {
		args = append(args, strings.Trim(w, "'"))
	}
	var out bytes.Buffer
	cli.Run(context.Background(), args, cli.Env{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &out})
	return out.String()
}

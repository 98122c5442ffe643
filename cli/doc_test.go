package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	urfave "github.com/urfave/cli/v2"
)

var update = flag.Bool("update", false, "write what doc/commands.md should say")

// exampleOf finds the examples in a description: lines by themselves, or behind
// "Example:".
var exampleOf = regexp.MustCompile(`(?m)^(?:   |Example: )(pageseal .*)$`)

func examples(c *urfave.Command) (all []string) {
	for _, m := range exampleOf.FindAllStringSubmatch(c.Description, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestExamples wants every example of --help to be run by a script.
func TestExamples(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	prefix := regexp.MustCompile(`^(\[[^]]*\] )*(exec|status 0) `)
	run := map[string]bool{}
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if rest := prefix.ReplaceAllString(line, ""); rest != line {
				run[rest] = true
			}
		}
	}
	for _, c := range commands(Env{}) {
		all := examples(c)
		if len(all) == 0 {
			t.Errorf("%s has no example", c.Name)
		}
		for _, example := range all {
			if !run[example] {
				t.Errorf("no script runs this example of %s: %s", c.Name, example)
			}
		}
	}
}

// TestCommandsDoc wants doc/commands.md to say what --help says.
func TestCommandsDoc(t *testing.T) {
	t.Parallel()
	const name, marker = "../doc/commands.md", "<!-- From here on as --help has it: go test ./cli -run TestCommandsDoc -update -->\n"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), marker)
	if !ok {
		t.Fatalf("%s has no line %s", name, marker)
	}
	for line := range strings.Lines(exitStatuses) {
		status, meaning, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if row := fmt.Sprintf("| %s | %s |\n", status, strings.TrimSpace(meaning)); !strings.Contains(head, row) {
			t.Errorf("%s has no row %s", name, row)
		}
	}
	want := documented(commands(Env{}))
	if want == rest {
		return
	}
	if !*update {
		t.Fatalf("%s is not what --help says; go test ./cli -run TestCommandsDoc -update writes it", name)
	}
	if err := os.WriteFile(name, []byte(head+marker+want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// documented are the commands as Markdown.
func documented(all []*urfave.Command) string {
	var b strings.Builder
	for _, c := range all {
		synopsis := strings.TrimSpace("pageseal " + c.Name + " [OPTIONS] " + c.ArgsUsage)
		fmt.Fprintf(&b, "\n## %s\n\n`%s`: %s.\n\n%s\n", c.Name, synopsis, c.Usage, strings.ReplaceAll(c.Description, "\n   ", "\n    "))
		documentFlags(&b, c.Flags)
	}
	return b.String()
}

// documentFlags lists the flags that a command has for itself, and names the
// groups that it shares with others.
func documentFlags(b *strings.Builder, flags []urfave.Flag) {
	var own, shared []string
	for _, f := range flags {
		category := f.(urfave.CategorizableFlag).GetCategory()
		if group, _, _ := strings.Cut(category, ","); group != "" {
			link := fmt.Sprintf("[%s](#keys-and-settings)", group)
			if len(shared) == 0 || shared[len(shared)-1] != link {
				shared = append(shared, link)
			}
			continue
		}
		usage := f.(urfave.DocGenerationFlag).GetUsage()
		own = append(own, fmt.Sprintf("| `--%s` | %s |\n", f.Names()[0], usage))
	}
	if len(own) > 0 {
		fmt.Fprintf(b, "\n| flag | meaning |\n| --- | --- |\n%s", strings.Join(own, ""))
	}
	if len(shared) > 0 {
		fmt.Fprintf(b, "\nFlags for %s.\n", strings.Join(shared, ", "))
	}
}

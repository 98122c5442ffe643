package vfs

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
)

// TestPragmasAreDocumented compares the table of doc/compatibility.md with what
// is answered.
func TestPragmasAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../doc/compatibility.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n# Pragmas\n")
	if !ok {
		t.Fatal("there is no section")
	}
	section, _, _ = strings.Cut(section, "\n#") // another one
	var told []string
	name := regexp.MustCompile("`([a-z_]+)`")
	for line := range strings.Lines(section) {
		if row, ok := strings.CutPrefix(line, "| "); ok {
			names, _, _ := strings.Cut(row, " | ")
			for _, m := range name.FindAllStringSubmatch(names, -1) {
				told = append(told, m[1])
			}
		}
	}
	for name := range pragmas {
		if !slices.Contains(told, name) {
			t.Errorf("%s is not in the table", name)
		}
	}
	for _, line := range append(compat.Defaults().Pragmas(), compat.Defaults().DefaultPragmas()...) {
		if name := strings.Fields(line)[1]; !slices.Contains(told, name) {
			t.Errorf("%s is not in the table", name)
		}
	}
	for _, name := range told {
		if _, ok := pragmaOf(name); !ok && !strings.HasPrefix(name, "cipher_test") && name != "cipher_migrate" {
			t.Errorf("%s is in the table, and not answered", name)
		}
	}
	for _, name := range Pragmas() {
		if !slices.Contains(told, name) {
			t.Errorf("%s is among the names, and not in the table", name)
		}
	}
	if len(told) < 40 || len(Pragmas()) < len(told)-10 {
		t.Errorf("%d names in the table", len(told))
	}
}

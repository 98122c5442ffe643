package interop

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDifferences asserts that each difference on purpose is told to those who
// come from SQLCipher.
func TestDifferences(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../doc/compatibility.md")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for line := range strings.Lines(string(text)) {
		if row, ok := strings.CutPrefix(line, "| "); ok {
			what, _, _ := strings.Cut(row, " | ")
			what, _, _ = strings.Cut(what, ", such as ")
			what, _, _ = strings.Cut(what, ":")
			told = append(told, what)
		}
	}
	all, err := themes()
	if err != nil {
		t.Fatal(err)
	}
	scenes, found := 0, 0
	for _, th := range all {
		for _, sc := range th.scenes {
			scenes++
			for _, s := range append(sc.steps, step{differs: sc.files}) {
				if s.differs == "" {
					continue
				}
				found++
				if !slices.Contains(told, s.differs) {
					t.Errorf("%s/%s: doc/compatibility.md has no row %q", th.name, sc.name, s.differs)
				}
			}
		}
	}
	if scenes < 300 || found == 0 {
		t.Errorf("%d scripts with %d differences: where are the others?", scenes, found)
	}
}

package pageseal_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pageseal/pageseal/"

// allowed are the imports that each package may have beyond the standard
// library; a name that ends in a slash allows what is below it. Before adding
// one, see doc/architecture.md: dependencies point one way.
var allowed = map[string][]string{
	"kdf":                     {"golang.org/x/crypto/pbkdf2"},
	"hmacpage":                {"golang.org/x/sys/cpu"},
	"compat":                  {module + "kdf", module + "hmacpage"},
	"vfs":                     {module + "compat", module + "kdf", module + "hmacpage"},
	"vfs/btree":               {},
	"vfs/convert":             {module + "vfs", module + "vfs/btree", module + "kdf", module + "vfs/session", module + "compat", module + "hmacpage"},
	"vfs/salvage":             {module + "vfs", module + "vfs/btree", module + "compat", module + "hmacpage"},
	"vfs/session":             {module + "vfs", module + "compat"},
	"vfs/modernc":             {module + "vfs", module + "vfs/convert", module + "vfs/session", module + "compat", module + "kdf", "modernc.org/"},
	"vfs/modernc/sqlite3":     {module + "compat", module + "vfs/modernc"},
	"vfs/modernc/capi":        {module + "vfs", module + "vfs/modernc", "modernc.org/"},
	"vfs/ncruces":             {module + "vfs", module + "vfs/convert", module + "vfs/session", module + "compat", module + "kdf", module + "hmacpage", "github.com/ncruces/"},
	"vfs/vfstest":             {module + "vfs", module + "compat"},
	"vfs/vfstest/conformance": {module + "vfs/vfstest", module + "vfs", module + "compat", module + "hmacpage"},
	"vfs/vfstest/interop":     {module + "vfs/vfstest/peers", module + "vfs", module + "compat"},
	"vfs/vfstest/attach":      {module + "compat", module + "hmacpage"},
	"vfs/vfstest/convert":     {module + "vfs/vfstest/peers", module + "vfs/convert", module + "compat"},
	"vfs/vfstest/campaign":    {module + "vfs/vfstest", module + "vfs", module + "compat", module + "hmacpage"},
	"vfs/vfstest/peers":       {},
	"cli":                     {module + "cli/", module + "vfs", module + "vfs/modernc", module + "vfs/modernc/capi", module + "vfs/convert", module + "vfs/salvage", module + "compat", module + "hmacpage", module + "kdf", "github.com/sethvargo/go-diceware/diceware", "github.com/urfave/cli/v2", "golang.org/x/term"},
	"cli/dist":                {module + "compat", "github.com/CycloneDX/cyclonedx-go"},
	"cli/key":                 {module + "compat", module + "kdf", "github.com/urfave/cli/v2", "github.com/zalando/go-keyring", "golang.org/x/term"},
	"cli/shell":               {module + "cli/shell/", module + "vfs/modernc/capi", module + "vfs/salvage", "github.com/peterh/liner", "golang.org/x/term"},
	"cli/shell/render":        {},
	"cli/work":                {"github.com/schollz/progressbar/v3", "golang.org/x/sys/", "golang.org/x/term"},
	"cli/measure":             {},
	"cli/pageseal":            {module + "cli"},
}

// TestImports fences the direction of the dependencies.
func TestImports(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, line := range goList(t, `{{.ImportPath}} {{join .Imports " "}}`) {
		path, imports, _ := strings.Cut(line, " ")
		if path+"/" == module {
			continue
		}
		name := strings.TrimPrefix(path, module)
		rules, ok := allowed[name]
		if !ok {
			t.Errorf("package %s has no rule here", name)
			continue
		}
		seen[name] = true
		for _, imp := range strings.Fields(imports) {
			if !isStandard(imp) && !permits(rules, imp) {
				t.Errorf("%s may not import %s", name, imp)
			}
		}
	}
	for name := range allowed {
		if !seen[name] {
			t.Errorf("there is a rule for %s, but no such package", name)
		}
	}
}

// TestTestSupportStaysOut keeps test support out of what ships.
func TestTestSupportStaysOut(t *testing.T) {
	t.Parallel()
	for _, dep := range goList(t, "{{.ImportPath}}", "-deps", "./cli/pageseal") {
		if strings.Contains(dep, "vfstest") || strings.Contains(dep, "testdata") || dep == "testing" {
			t.Errorf("the program contains %s", dep)
		}
	}
}

func goList(t *testing.T, format string, args ...string) []string {
	t.Helper()
	if len(args) == 0 {
		args = []string{"./..."}
	}
	out, err := exec.Command("go", append([]string{"list", "-f", format}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 2 {
		t.Fatalf("go list found %d packages", len(lines))
	}
	return lines
}

func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

func permits(rules []string, path string) bool {
	return slices.ContainsFunc(rules, func(rule string) bool {
		return rule == path || strings.HasSuffix(rule, "/") && strings.HasPrefix(path, rule)
	})
}

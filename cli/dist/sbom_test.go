package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestSBOM wants the parts that the binary itself names, and the SQLite that
// answers in it.
func TestSBOM(t *testing.T) {
	r := builtRelease(t)
	b := r.built[0]
	text, err := os.ReadFile(filepath.Join(written(t), "pageseal-"+r.version+"-linux-amd64.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	var bom struct {
		BOMFormat    string `json:"bomFormat"`
		SerialNumber string `json:"serialNumber"`
		Metadata     struct {
			Timestamp string
			Component sbomComponent
		}
		Components   []sbomComponent
		Dependencies []struct {
			Ref       string
			DependsOn []string
		}
	}
	if err := json.Unmarshal(text, &bom); err != nil {
		t.Fatal(err)
	}
	if bom.BOMFormat != "CycloneDX" || bom.SerialNumber != "" || bom.Metadata.Timestamp != "2001-02-03T04:05:06Z" {
		t.Errorf("it begins %.300s", text)
	}
	parts := map[string]sbomComponent{}
	for _, c := range bom.Components {
		parts[c.PURL] = c
	}
	info, err := buildinfo.ReadFile(b.path)
	if err != nil || len(info.Deps) < 5 {
		t.Fatalf("%d modules, %v", len(info.Deps), err)
	}
	for _, dep := range info.Deps {
		if c, ok := parts["pkg:golang/"+dep.Path+"@"+dep.Version]; !ok || len(c.Hashes) != 1 {
			t.Errorf("%s is not there, or has no hash: %+v", moduleName(dep), c)
		}
	}
	if c := parts["pkg:golang/std@"+strings.TrimPrefix(info.GoVersion, "go")]; c.Name != "std" {
		t.Errorf("Go's library is not there: %+v", c)
	}
	if len(bom.Components) != len(info.Deps)+2 || len(parts) != len(bom.Components) {
		t.Errorf("%d parts of %d modules", len(bom.Components), len(info.Deps))
	}

	sqlite := ""
	for _, d := range bom.Dependencies {
		if strings.HasPrefix(d.Ref, "pkg:golang/modernc.org/sqlite@") && len(d.DependsOn) == 1 {
			sqlite = d.DependsOn[0]
		}
	}
	version := askSQLite(t)
	if c := parts[sqlite]; c.PURL != "pkg:generic/sqlite@"+version || c.Version != version ||
		c.CPE != "cpe:2.3:a:sqlite:sqlite:"+version+":*:*:*:*:*:*:*" {
		t.Errorf("SQLite %s is %+v", version, c)
	}
}

type sbomComponent struct {
	Name, Version, PURL, CPE string
	Hashes                   []struct{ Alg, Content string }
}

// askSQLite asks the program for the version of its SQLite.
func askSQLite(t *testing.T) string {
	t.Helper()
	host := target{runtime.GOOS, runtime.GOARCH}
	out, err := exec.Command(filepath.Join(workDir, host.String(), host.file()), ":memory:", "SELECT sqlite_version()").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(out))
}

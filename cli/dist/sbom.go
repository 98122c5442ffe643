package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// engine is the module that SQLite comes in, translated to Go: its own version
// does not say which SQLite that is, and people look for known faults by that.
const engine = "modernc.org/sqlite"

// writeSBOM writes what a binary is made of, as CycloneDX.
func (r *release) writeSBOM(b *binary, name string) error {
	program, err := b.read()
	if err != nil {
		return err
	}
	bom, err := r.sbom(b, sha256.Sum256(program))
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := cdx.NewBOMEncoder(&text, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return err
	}
	return os.WriteFile(name, text.Bytes(), 0o644)
}

// sbom has no serial number: it would be another one each time.
func (r *release) sbom(b *binary, sum [sha256.Size]byte) (*cdx.BOM, error) {
	self := component(cdx.ComponentTypeApplication, "pageseal", r.version, golang(b.info.Main.Path, "v"+r.version))
	self.Hashes = sha256Hash(sum[:])
	self.Licenses = &cdx.Licenses{{License: &cdx.License{ID: "BSD-3-Clause"}}}
	self.Properties = &[]cdx.Property{{Name: "pageseal:target", Value: b.target.String()}}

	components := []cdx.Component{standardLibrary(b.info.GoVersion), r.sqliteComponent()}
	sqlite := components[1].BOMRef
	parts := []string{components[0].BOMRef}
	dependencies := []cdx.Dependency{{Ref: self.BOMRef, Dependencies: &parts}}
	for _, dep := range b.info.Deps {
		c, err := moduleComponent(dep)
		if err != nil {
			return nil, err
		}
		components = append(components, c)
		parts = append(parts, c.BOMRef)
		if dep.Path == engine {
			dependencies = append(dependencies, cdx.Dependency{Ref: c.BOMRef, Dependencies: &[]string{sqlite}})
		}
	}
	if len(dependencies) != 2 {
		return nil, fmt.Errorf("%s is not built of %s: where is its SQLite from?", b.target, engine)
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: r.epoch.Format(time.RFC3339), Component: &self}
	bom.Components, bom.Dependencies = &components, &dependencies
	return bom, nil
}

func component(kind cdx.ComponentType, name, version, purl string) cdx.Component {
	return cdx.Component{BOMRef: purl, Type: kind, Name: name, Version: version, PackageURL: purl}
}

// golang is the package URL of a module.
func golang(path, version string) string {
	return "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
}

func standardLibrary(version string) cdx.Component {
	number, _, _ := strings.Cut(strings.TrimPrefix(version, "go"), " ") // experiments follow
	c := component(cdx.ComponentTypeLibrary, "std", number, "pkg:golang/std@"+number)
	c.CPE = "cpe:2.3:a:golang:go:" + number + ":*:*:*:*:*:*:*"
	c.Licenses = &cdx.Licenses{{License: &cdx.License{ID: "BSD-3-Clause"}}}
	return c
}

func (r *release) sqliteComponent() cdx.Component {
	c := component(cdx.ComponentTypeLibrary, "sqlite", r.sqlite, "pkg:generic/sqlite@"+r.sqlite)
	c.CPE = "cpe:2.3:a:sqlite:sqlite:" + r.sqlite + ":*:*:*:*:*:*:*"
	c.Description = "SQLite, translated to Go in " + engine
	c.Licenses = &cdx.Licenses{{License: &cdx.License{ID: "blessing"}}}
	return c
}

// moduleComponent is a module, with the sum that go.sum has.
func moduleComponent(m *debug.Module) (cdx.Component, error) {
	if m.Replace != nil {
		m = m.Replace
	}
	c := component(cdx.ComponentTypeLibrary, m.Path, m.Version, golang(m.Path, m.Version))
	sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
	if err != nil || len(sum) != sha256.Size {
		return c, fmt.Errorf("%s has no sum: %q", moduleName(m), m.Sum)
	}
	c.Hashes = sha256Hash(sum)
	return c, nil
}

func sha256Hash(sum []byte) *[]cdx.Hash {
	return &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: hex.EncodeToString(sum)}}
}

package vfs

import (
	"crypto/fips140"
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// provider names whose cryptography it is: that of Go's standard library.
const provider = "go"

func fipsStatus() string { return compat.BoolText(fips140.Enabled()) }

// status answers 1 as long as no page has failed under the key. Whether the key
// is right is not known before a page was read.
func (m *MainDB) status(name string) (Reply, error) {
	return row(name, compat.BoolText(m.state != unkeyed && !m.failed)), nil
}

func noLonger(_ *MainDB, name string) (Reply, error) {
	return row(name, fmt.Sprintf("PRAGMA %s is no longer supported.", name)), nil
}

// addRandom answers whether the value is a blob. The generator of Go takes
// nothing from outside, and needs nothing: it is the operating system's.
func addRandom(_ *MainDB, name, value string) (Reply, error) {
	return row(name, compat.BoolText(!compat.IsBlob(value))), nil
}

// memorySecurity is passed over, and answers that it is off: keys are wiped, but
// SQLite's memory belongs to the engine, and Go locks none.
func memorySecurity(*MainDB, string, string) (Reply, error) { return silent, nil }

// offOnly refuses to write a log, or times of statements, anywhere: nothing is
// logged, and the file layer sees no statements.
func offOnly(_ *MainDB, name, value string) (Reply, error) {
	if !strings.EqualFold(value, "off") {
		return Reply{}, fmt.Errorf("%w: %s", compat.ErrUnavailable, name)
	}
	return row(name, "0"), nil
}

// Package vectors holds the SQLCipher test vectors of this module: pages, a
// WAL and a hot rollback journal written by the SQLCipher 4.9.0 and 3.4.1
// command line shells, with the keys that open them. Every entry names its
// maker.
//
// It is imported by tests only. Being below a testdata folder, it is not matched
// by the ./... pattern: run go test ./testdata/vectors by name.
package vectors

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

//go:embed vectors.json
var file []byte

// Load parses the vectors. Each call returns a copy of its own, which the caller
// may modify. It panics if the file is malformed or a section of it is empty, so
// that no test can pass for want of cases.
func Load() *Set {
	set, err := parse(file)
	if err != nil {
		panic("vectors: " + err.Error())
	}
	return set
}

func parse(data []byte) (*Set, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	// A field that no struct knows is a fact that no test checks.
	dec.DisallowUnknownFields()
	set := new(Set)
	if err := dec.Decode(set); err != nil {
		return nil, err
	}
	for _, section := range []struct {
		name string
		size int
	}{
		{"databases", len(set.Databases)},
		{"synthetic", len(set.Synthetic)},
		{"wal.frames", len(set.WAL.Frames)},
		{"hot_journal.records", len(set.HotJournal.Segments)},
		{"key_parse", len(set.KeyParse)},
	} {
		if section.size == 0 {
			return nil, fmt.Errorf("section %s is empty", section.name)
		}
	}
	return set, nil
}

// Hex is a byte string that the file spells in hex digits.
type Hex []byte

// UnmarshalText decodes hex digits.
func (h *Hex) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

// Plain returns the plaintext of a synthetic page, PageSize - Reserve
// bytes long: byte i is (7*i + pgno) mod 256.
func (s *Synthetic) Plain() []byte {
	b := make([]byte, s.PageSize-s.Reserve)
	for i := range b {
		b[i] = byte(7*i + int(s.Pgno))
	}
	return b
}

package shell

import (
	"crypto/sha3"
	"errors"
	"os"
	"path/filepath"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// sqlFunction is one that sqlite3 adds to SQLite's.
type sqlFunction struct {
	name        string
	args, flags int
	call        capi.Function
}

// sqlFunctions makes the functions for a connection.
func sqlFunctions() []sqlFunction {
	return []sqlFunction{
		{"readfile", 1, capi.DirectOnly, readFile},
		{"writefile", -1, capi.DirectOnly, writeFile},
		{"regexp", 2, capi.Deterministic | capi.Innocuous, matchWith("")},
		{"regexpi", 2, capi.Deterministic | capi.Innocuous, matchWith("i")},
		{"sha3", 1, capi.Deterministic | capi.Innocuous, hashSHA3},
		{"sha3", 2, capi.Deterministic | capi.Innocuous, hashSHA3},
	}
}

// addFunctions makes the functions known to a connection.
func addFunctions(db *capi.DB) error {
	for _, f := range sqlFunctions() {
		if err := db.CreateFunction(f.name, f.args, f.flags, f.call); err != nil {
			return err
		}
	}
	return nil
}

// readFile returns a file as a blob, and NULL for one that cannot be read.
func readFile(args []capi.Value) (any, error) {
	content, err := os.ReadFile(args[0].Text())
	if err != nil {
		return nil, nil
	}
	return content, nil
}

// writeFile writes a file, and the folders that it is in. It returns the number
// of bytes, and NULL for a file that cannot be written. sqlite3's takes a mode
// and a time of change too.
func writeFile(args []capi.Value) (any, error) {
	if len(args) != 2 {
		return nil, errors.New("wrong number of arguments to function writefile()")
	}
	if args[0].Type() == capi.Null {
		return nil, nil
	}
	name, content := args[0].Text(), args[1].Blob()
	err := os.WriteFile(name, content, 0o666)
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(name), 0o777); err == nil {
			err = os.WriteFile(name, content, 0o666)
		}
	}
	if err != nil {
		return nil, nil
	}
	return int64(len(content)), nil
}

func hashSHA3(args []capi.Value) (any, error) {
	size := int64(256)
	if len(args) == 2 {
		size = args[1].Int64()
	}
	if args[0].Type() == capi.Null && (size == 224 || size == 256 || size == 384 || size == 512) {
		return nil, nil
	}
	switch content := args[0].Blob(); size {
	case 224:
		sum := sha3.Sum224(content)
		return sum[:], nil
	case 256:
		sum := sha3.Sum256(content)
		return sum[:], nil
	case 384:
		sum := sha3.Sum384(content)
		return sum[:], nil
	case 512:
		sum := sha3.Sum512(content)
		return sum[:], nil
	}
	return nil, errors.New("SHA3 size should be one of: 224 256 384 512")
}

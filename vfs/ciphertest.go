//go:build ciphertest

package vfs

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/pageseal/pageseal/compat"
)

// With the build tag ciphertest pages fail on request, as in a SQLCipher that
// was built with SQLCIPHER_TEST. It is for tests of programs, and never for
// what ships: any statement can turn it on for the whole process.

// testFlags are what fails, as PRAGMA cipher_test adds it up.
var testFlags atomic.Uint32

// testRate is one failure in how many; 0 is each time.
var testRate atomic.Int64

const (
	failEncrypt = 1
	failDecrypt = 2
	failMigrate = 4
)

var flagNames = map[string]uint32{
	"fail_encrypt": failEncrypt, "fail_decrypt": failDecrypt, "fail_migrate": failMigrate,
}

var testPragmas = map[string]pragma{
	"cipher_test": {get: func(_ *MainDB, name string) (Reply, error) {
		return row(name, strconv.FormatUint(uint64(testFlags.Load()), 10)), nil
	}},
	"cipher_test_on": {set: func(_ *MainDB, _, value string) (Reply, error) {
		testFlags.Or(flagNames[strings.ToLower(value)])
		return silent, nil
	}},
	"cipher_test_off": {set: func(_ *MainDB, _, value string) (Reply, error) {
		testFlags.And(^flagNames[strings.ToLower(value)])
		return silent, nil
	}},
	"cipher_test_rand": {
		get: func(_ *MainDB, name string) (Reply, error) {
			return row(name, strconv.FormatInt(testRate.Load(), 10)), nil
		},
		set: func(_ *MainDB, name, value string) (Reply, error) {
			n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 32)
			if err != nil || n < 0 {
				return Reply{}, &compat.SettingError{Name: name, Value: value}
			}
			testRate.Store(n)
			return silent, nil
		},
	},
}

// errTest is out of memory, as in SQLCipher.
const errTest = Code(7) // SQLITE_NOMEM

func fails(flag uint32) bool {
	if testFlags.Load()&flag == 0 {
		return false
	}
	rate := testRate.Load()
	return rate == 0 || rand.Int64N(rate) == 0
}

func failsToEncrypt() bool { return fails(failEncrypt) }
func failsToDecrypt() bool { return fails(failDecrypt) }
func failsToMigrate() bool { return fails(failMigrate) }

package vfs

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// Reply is the answer to a pragma: rows of one column. SQLite's file control
// carries one row, whose column has the name of its text; a Listener gets it
// whole.
type Reply struct {
	// Handled tells that SQLite is to leave the pragma alone.
	Handled bool
	// Column is its name; empty where the pragma has no result.
	Column string
	Rows   []string
}

// Text is all rows in one, a line each.
func (r Reply) Text() string { return strings.Join(r.Rows, "\n") }

// row is a reply of one row.
func row(column, text string) Reply {
	return Reply{Handled: true, Column: column, Rows: []string{text}}
}

// silent is the reply of a pragma that was carried out and has no result.
var silent = Reply{Handled: true}

// deprecated is the reply to a new value of a pragma that is.
func deprecated(name string) Reply {
	return row(name, fmt.Sprintf("PRAGMA %s is deprecated, please remove from use", name))
}

// pragma is one that a database answers: by get where no value is given, and by
// set where one is. Where it has none it says nothing.
type pragma struct {
	keyed bool // only where the database has a key
	get   func(m *MainDB, name string) (Reply, error)
	set   func(m *MainDB, name, value string) (Reply, error)
}

// pragmas are SQLCipher's by their names, but those of the settings and of the
// defaults, which are all alike.
var pragmas = map[string]pragma{
	"key":     {set: (*MainDB).pragmaKey},
	"textkey": {set: (*MainDB).pragmaKey},
	"hexkey":  {set: (*MainDB).pragmaKey},

	"rekey":     {set: (*MainDB).pragmaRekey},
	"textrekey": {set: (*MainDB).pragmaRekey},
	"hexrekey":  {set: (*MainDB).pragmaRekey},

	"auto_vacuum":    {true, passOn, (*MainDB).setAutoVacuum},
	"cipher_migrate": {keyed: true, get: (*MainDB).pragmaMigrate},

	"page_size":         {true, (*MainDB).getPageSize, (*MainDB).setPageSize},
	"cipher_salt":       {true, (*MainDB).getSalt, (*MainDB).setSetting},
	"cipher_store_pass": {true, (*MainDB).getStorePass, (*MainDB).setStorePass},

	"cipher_settings":         {true, listSettings, anyValue(listSettings)},
	"cipher_default_settings": {false, listDefaults, anyValue(listDefaults)},
	"cipher_integrity_check":  {true, (*MainDB).integrityCheck, anyValue((*MainDB).integrityCheck)},

	"cipher_version":          {get: says(compat.Version)},
	"cipher_status":           {get: (*MainDB).status},
	"cipher_provider":         {keyed: true, get: says(provider)},
	"cipher_provider_version": {keyed: true, get: says(runtime.Version())},
	"cipher_fips_status":      {keyed: true, get: says(fipsStatus())},
	"cipher_add_random":       {keyed: true, set: addRandom},
	"cipher":                  {true, says("AES-256-CBC"), anyValue(noLonger)},
	"rekey_cipher":            {set: anyValue(noLonger)},
	"rekey_kdf_iter":          {set: anyValue(noLonger)},

	"cipher_memory_security": {false, says("0"), memorySecurity},
	"cipher_log":             {set: offOnly},
	"cipher_log_level":       {false, says("NONE"), anyValue(says("NONE"))},
	"cipher_log_source":      {false, says("NONE"), anyValue(says("NONE"))},
	"cipher_profile":         {set: offOnly},
}

// pragmaOf finds a pragma by its name in lower case.
func pragmaOf(name string) (p pragma, ok bool) {
	if p, ok = pragmas[name]; ok {
		return p, true
	}
	switch {
	case compat.IsSetting(name):
		return pragma{true, (*MainDB).getSetting, (*MainDB).setSetting}, true
	case compat.IsDefault(name):
		return pragma{false, getDefault, setDefault}, true
	}
	p, ok = testPragmas[name]
	return p, ok
}

// Pragmas are the names of all pragmas that a database answers.
func Pragmas() []string {
	names := slices.AppendSeq(compat.SettingNames(), maps.Keys(pragmas))
	for _, setting := range compat.SettingNames() {
		if name := "cipher_default_" + strings.TrimPrefix(setting, "cipher_"); compat.IsDefault(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Pragma answers the pragmas that concern encryption, and refuses those that
// would harm an encrypted file. value is nil where none was given. The name is
// taken in any case.
func (m *MainDB) Pragma(name string, value *string) (Reply, error) {
	var reply Reply
	err := m.flush() // what it looks at is the file
	if err == nil {
		reply, err = m.pragma(strings.ToLower(name), value)
	}
	if err == nil && reply.Handled && m.listener != nil {
		m.listener.Answer(reply)
	}
	return reply, m.fail(err)
}

func (m *MainDB) pragma(name string, value *string) (Reply, error) {
	p, ok := pragmaOf(name)
	switch {
	case !ok, p.keyed && m.state == unkeyed:
		return Reply{}, nil
	case value == nil && p.get != nil:
		return p.get(m, name)
	case value != nil && p.set != nil:
		return p.set(m, name, *value)
	}
	return silent, nil
}

// says is a pragma that always answers the same.
func says(text string) func(*MainDB, string) (Reply, error) {
	return func(_ *MainDB, name string) (Reply, error) { return row(name, text), nil }
}

// anyValue is a pragma to which it is of no matter what value it is given.
func anyValue(get func(*MainDB, string) (Reply, error)) func(*MainDB, string, string) (Reply, error) {
	return func(m *MainDB, name, _ string) (Reply, error) { return get(m, name) }
}

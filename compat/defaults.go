package compat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// defaults are the settings that a database of this process starts from where
// none are given for it, as SQLCipher keeps them for all connections.
var defaults = struct {
	sync.Mutex
	Settings
}{Settings: Latest.Settings()}

// defaultPrefix begins the names of the pragmas of the defaults. A cipher_ of
// the setting that they are of is left out behind it.
const defaultPrefix = "cipher_default_"

// Defaults are the settings that a database has when it is given a key and no
// settings: those of the latest level, until a pragma like
// cipher_default_kdf_iter or SetDefault changes them. Safe for concurrent use.
func Defaults() Settings {
	defaults.Lock()
	defer defaults.Unlock()
	return defaults.Settings
}

// OrDefaults are the settings if any are given, else the Defaults.
func (s Settings) OrDefaults() Settings {
	if s.IsZero() {
		return Defaults()
	}
	return s
}

// IsDefault tells whether name, in lower case, is a pragma of the defaults.
func IsDefault(name string) bool {
	_, ok := settingOf(name)
	return ok
}

// SetDefault gives a default, by the name of its pragma, a value for all
// connections of the process that set a key later on. Its errors are those of
// Settings.Set and Settings.Validate. Safe for concurrent use.
func SetDefault(name, value string) error {
	setting, ok := settingOf(name)
	if !ok {
		return &ParamError{Name: name, Meant: nearest(name)}
	}
	defaults.Lock()
	defer defaults.Unlock()
	next := defaults.Settings
	if err := next.Set(setting, value); err != nil {
		var bad *SettingError
		if errors.As(err, &bad) {
			bad.Name = name
		}
		return err
	}
	if err := next.Validate(); err != nil {
		return err
	}
	defaults.Settings = next
	return nil
}

// Default is the value of a default as SQLCipher prints it.
// cipher_default_compatibility, which it does not print, is false.
func Default(name string) (string, bool) {
	setting, ok := settingOf(name)
	if !ok {
		return "", false
	}
	return Defaults().Get(setting)
}

// settingOf is the setting that a pragma of the defaults is of.
func settingOf(name string) (string, bool) {
	for _, setting := range append([]string{levelSetting}, listed...) {
		if name == defaultName(setting) {
			return setting, true
		}
	}
	return "", false
}

func defaultName(setting string) string {
	return defaultPrefix + strings.TrimPrefix(setting, "cipher_")
}

// listed are the settings that PRAGMA cipher_settings lists, in its order.
var listed = []string{
	"kdf_iter", "cipher_page_size", "cipher_use_hmac",
	"cipher_plaintext_header_size", "cipher_hmac_algorithm", "cipher_kdf_algorithm",
}

// Pragmas are the statements that give a database these settings, as PRAGMA
// cipher_settings lists them: all but those that are deprecated, and the salt.
func (s Settings) Pragmas() []string { return s.pragmas(listed) }

// DefaultPragmas are those that make them the defaults of a process, as PRAGMA
// cipher_default_settings lists them.
func (s Settings) DefaultPragmas() []string {
	names := slices.Clone(listed)
	for i, setting := range listed {
		names[i] = defaultName(setting)
	}
	return s.pragmas(names)
}

func (s Settings) pragmas(names []string) (statements []string) {
	for i, setting := range listed {
		value, _ := s.Get(setting)
		statements = append(statements, fmt.Sprintf("PRAGMA %s = %s;", names[i], value))
	}
	return statements
}

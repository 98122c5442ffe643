package key

import (
	"errors"
	"strconv"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/compat"
)

// SettingFlags are the flags for the settings of a database: --level and --set,
// or with the prefix "new-" --new-level and --new-set.
func SettingFlags(prefix string) []urfave.Flag {
	category := strings.ReplaceAll(prefix, "-", " ") + "settings, where they are not the defaults"
	return []urfave.Flag{
		&urfave.IntFlag{Name: prefix + "level", Category: category, DefaultText: "4",
			Usage: "the settings of SQLCipher `1..4`"},
		&urfave.StringSliceFlag{Name: prefix + "set", Category: category,
			Usage: "a setting as `NAME=VALUE`, by the name of its pragma, for example cipher_page_size=1024; may be repeated"},
	}
}

// Settings are the settings that the flags of that prefix ask for, zero where
// there are none. What cannot be used is a *UsageError.
func Settings(c *urfave.Context, prefix string) (compat.Settings, error) {
	var params []compat.Param
	if c.IsSet(prefix + "level") {
		params = append(params, compat.Param{Name: "cipher_compatibility", Value: strconv.Itoa(c.Int(prefix + "level"))})
	}
	for _, text := range c.StringSlice(prefix + "set") {
		p, err := setting(prefix+"set", text)
		if err != nil {
			return compat.Settings{}, err
		}
		params = append(params, p)
	}
	all, err := compat.ParseParams(params)
	if err != nil {
		return compat.Settings{}, &UsageError{err}
	}
	return all.Settings, nil
}

// setting takes apart one NAME=VALUE. Only a name of a setting will do: what
// else stands in a URI has flags of its own.
func setting(flag, text string) (compat.Param, error) {
	name, value, ok := strings.Cut(text, "=")
	name = strings.ToLower(strings.TrimSpace(name))
	switch {
	case compat.IsSetting(name) && ok:
		return compat.Param{Name: name, Value: strings.TrimSpace(value)}, nil
	case compat.IsSetting(name):
		return compat.Param{}, Usagef("--%s takes NAME=VALUE: %s has no value", flag, name)
	}
	var unknown *compat.ParamError
	if err := new(compat.Settings).Set(name, ""); errors.As(err, &unknown) && compat.IsSetting(unknown.Meant) {
		return compat.Param{}, Usagef("--%s: there is no setting %q, did you mean %q?", flag, name, unknown.Meant)
	}
	return compat.Param{}, Usagef("--%s: there is no setting %q; there are %s", flag, name, strings.Join(compat.SettingNames(), ", "))
}

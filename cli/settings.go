package cli

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// asParams are the parameters that make settings of the defaults, the fewest
// that do: a level, and what differs from it.
func asParams(s compat.Settings) (params []compat.Param) {
	for _, level := range []compat.Profile{compat.V4, compat.V3, compat.V2, compat.V1} {
		var some []compat.Param
		if level != compat.Latest {
			some = append(some, compat.Param{Name: "cipher_compatibility", Value: fmt.Sprint(int(level))})
		}
		some = append(some, differences(level.Settings(), s)...)
		if level == compat.Latest || len(some) < len(params) {
			params = some
		}
	}
	return params
}

// differences are the parameters that make the settings to of those of from.
func differences(from, to compat.Settings) (params []compat.Param) {
	for _, name := range compat.SettingNames() {
		was, ok := from.Get(name)
		if is, _ := to.Get(name); ok && is != was {
			if name == "cipher_hmac_salt_mask" {
				is = "x'" + is + "'"
			}
			params = append(params, compat.Param{Name: name, Value: is})
		}
	}
	if to.HasSalt {
		params = append(params, compat.Param{Name: "cipher_salt", Value: fmt.Sprintf("x'%x'", to.Salt)})
	}
	return params
}

// pragmas are the statements that open a database with these settings, from a
// shell. The key is left out.
func pragmas(s compat.Settings) []string {
	all := []string{"PRAGMA key = '...';"}
	for _, p := range asParams(s) {
		value := p.Value
		if compat.IsBlob(value) {
			value = `"` + value + `"`
		}
		all = append(all, fmt.Sprintf("PRAGMA %s = %s;", p.Name, value))
	}
	return all
}

// dsn is the data source name that opens the file with these settings.
func dsn(path string, s compat.Settings) string {
	name := compat.URI(path, nil) + "?keyfile=..."
	for _, p := range asParams(s) {
		name += "&" + p.Name + "=" + url.QueryEscape(p.Value)
	}
	return name
}

// settingFlags are the flags of a command that stand for these settings, as a
// shell reads them.
func settingFlags(s compat.Settings) string {
	var flags []string
	for _, p := range asParams(s) {
		if p.Name == "cipher_compatibility" {
			flags = append(flags, "--level "+p.Value)
			continue
		}
		value := p.Value
		if compat.IsBlob(value) {
			value = `"` + value + `"`
		}
		flags = append(flags, "--set "+p.Name+"="+value)
	}
	return strings.Join(flags, " ")
}

// describe says which settings these are: a release, and what differs from it.
func describe(s compat.Settings) string {
	text := []string{"SQLCipher 4"}
	for _, p := range asParams(s) {
		if p.Name == "cipher_compatibility" {
			text[0] = "SQLCipher " + p.Value
			continue
		}
		text = append(text, p.Name+"="+p.Value)
	}
	return strings.Join(text, ", ")
}

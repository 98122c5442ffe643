package compat

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var sentinels = map[string]error{
	"ErrNoKey": ErrNoKey, "ErrWrongKey": ErrWrongKey, "ErrPlaintext": ErrPlaintext, "ErrDamaged": ErrDamaged,
	"ErrShortFile": ErrShortFile, "ErrJournal": ErrJournal, "ErrKeyspec": ErrKeyspec, "ErrSetting": ErrSetting,
	"ErrUnknownParam": ErrUnknownParam, "ErrUnsupported": ErrUnsupported, "ErrKeyState": ErrKeyState,
}

// TestErrors finds each error, and the typed ones by what they wrap, through
// layers of wrapping.
func TestErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		err  error
		is   string
		text string
	}{
		"page":    {&PageError{Pgno: 7}, "ErrDamaged", "damaged page 7"},
		"setting": {&SettingError{Name: "kdf_iter", Value: "x\n"}, "ErrSetting", `bad value "x\n" for kdf_iter`},
		"param": {
			&ParamError{Name: "kye", Meant: "key"}, "ErrUnknownParam",
			`unknown parameter "kye", did you mean "key"?`,
		},
		"unguessed param": {&ParamError{Name: "bus\n"}, "ErrUnknownParam", `unknown parameter "bus\n"`},
	}
	for name, err := range sentinels {
		cases[name] = struct {
			err  error
			is   string
			text string
		}{err, name, err.Error()}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.err.Error(); got != c.text {
				t.Errorf("%q, want %q", got, c.text)
			}
			for _, err := range []error{
				c.err, fmt.Errorf("open: %w", c.err), fmt.Errorf("a: %w", fmt.Errorf("b: %w", c.err)),
				errors.Join(errors.New("else"), c.err), fmt.Errorf("%w (%w)", errors.New("else"), c.err),
			} {
				for other, sentinel := range sentinels {
					if errors.Is(err, sentinel) != (other == c.is) {
						t.Errorf("%v is %s: %v", err, other, errors.Is(err, sentinel))
					}
				}
				wantAs(t, err, c.err)
			}
		})
	}
}

// wantAs finds the typed error in the chain, and no other.
func wantAs(t *testing.T, err, want error) {
	t.Helper()
	var page *PageError
	var setting *SettingError
	var param *ParamError
	isPage, isSetting, isParam := errors.As(err, &page), errors.As(err, &setting), errors.As(err, &param)
	switch want := want.(type) {
	case *PageError:
		if !isPage || *page != *want || isSetting || isParam {
			t.Errorf("%v: page %v %v %v", err, isPage, isSetting, isParam)
		}
	case *SettingError:
		if !isSetting || *setting != *want || isPage || isParam {
			t.Errorf("%v: setting %v %v %v", err, isPage, isSetting, isParam)
		}
	case *ParamError:
		if !isParam || *param != *want || isPage || isSetting {
			t.Errorf("%v: param %v %v %v", err, isPage, isSetting, isParam)
		}
	default:
		if isPage || isSetting || isParam {
			t.Errorf("%v: %v %v %v", err, isPage, isSetting, isParam)
		}
	}
}

// TestErrorTexts wants no two errors to read the same, and the style of Go.
func TestErrorTexts(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for name, err := range sentinels {
		text := err.Error()
		if seen[text] != "" {
			t.Errorf("%s and %s read the same", name, seen[text])
		}
		seen[text] = name
		if name == "ErrKeyState" {
			continue // SQLCipher's own words
		}
		if text == "" || strings.HasSuffix(text, ".") || text[:1] != strings.ToLower(text[:1]) {
			t.Errorf("%s: %q", name, text)
		}
	}
	const want = "An error occurred with PRAGMA key or rekey. PRAGMA key requires a key of " +
		"one or more characters. PRAGMA rekey can only be run on an existing encrypted database. Use " +
		"sqlcipher_export() and ATTACH to convert encrypted/plaintext databases."
	if KeyPragmaError != want || ErrKeyState.Error() != want {
		t.Errorf("%q, want %q", KeyPragmaError, want)
	}
}

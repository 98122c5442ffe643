package compat

import "testing"

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "key", 3},
		{"key", "", 3},
		{"key", "key", 0},
		{"key", "kye", 1}, // swapped
		{"key", "kez", 1}, // replaced
		{"key", "ke", 1},  // deleted
		{"key", "keyy", 1},
		{"key", "yek", 2},
		{"kitten", "sitting", 3},
		{"cipher_pagesize", "cipher_page_size", 1},
		{"abcdef", "badcfe", 3},
		{"ca", "abc", 3}, // a letter is moved once only
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                       "",
		"_":                      "",
		"_fk":                    "",
		"_rt":                    "",
		"_dqs":                   "",
		"_foreign_keys":          "",
		"_pragma_foreign_keys":   "",
		"foreign_keys":           "",
		"_defer_foreign_keys":    "",
		"busy_timeout":           "",
		"_auth_pass":             "",
		"be":                     "", // two slips in three letters
		"key":                    "key",
		"_pragma_key":            "key",
		"wkey":                   "key",
		"rawky":                  "rawkey",
		"xexkey":                 "hexkey",
		"kdf_iterations":         "key",
		"fast_kdf_itr":           "fast_kdf_iter",
		"kdff_itter":             "kdf_iter",
		"kdff_ittter":            "key",    // three slips
		"texkey":                 "hexkey", // as far from textkey
		"cipher_hmac_algorithms": "cipher_hmac_algorithm",
		"CIPHER_SALTS":           "cipher_salt",
	} {
		for range 20 { // maps have no order
			if got := nearest(name); got != want {
				t.Fatalf("%q is taken for %q, want %q", name, got, want)
			}
		}
	}
}

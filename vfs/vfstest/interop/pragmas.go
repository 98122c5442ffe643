package interop

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
)

// TestPragmaRows asks pragmas by database/sql: names of columns, several rows or
// none, prepared statements, several statements in one text, each schema. Their
// texts are those of TestSurface.
func (e Engine) TestPragmaRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ask  func(t *testing.T, c *sql.Conn)
	}{
		{"several rows", func(t *testing.T, c *sql.Conn) {
			wantRows(t, c, "PRAGMA cipher_settings", "pragma", settingsOf("10", "1024")...)
			wantRows(t, c, "PRAGMA cipher_settings = 1", "pragma", settingsOf("10", "1024")...)
		}},
		{"one row", func(t *testing.T, c *sql.Conn) {
			wantRows(t, c, "PRAGMA page_size", "cipher_page_size", "1024")
			wantRows(t, c, "PRAGMA key = 'x'", "ok", "ok")
			wantRows(t, c, "PRAGMA fast_kdf_iter = 3", "fast_kdf_iter",
				"PRAGMA fast_kdf_iter is deprecated, please remove from use")
		}},
		{"a column and no row", func(t *testing.T, c *sql.Conn) {
			wantRows(t, c, "PRAGMA cipher_integrity_check", "cipher_integrity_check")
		}},
		{"a column that is called like a reply before", func(t *testing.T, c *sql.Conn) {
			wantRows(t, c, "PRAGMA cipher_page_size", "cipher_page_size", "1024")
			wantRows(t, c, `SELECT 7 AS "1024"`, "1024", "7")
		}},
		{"nothing at all", func(t *testing.T, c *sql.Conn) {
			for _, q := range []string{
				"PRAGMA kdf_iter = 10", "PRAGMA page_size = 8192", "PRAGMA cipher_compatibility", "PRAGMA key",
				"PRAGMA cipher_nonsense", "PRAGMA cipher_default_kdf_iter = 256000",
			} {
				if q == "PRAGMA key" && e.NoEmptyValue {
					continue
				}
				wantRows(t, c, q, "")
			}
		}},
		{"prepared", func(t *testing.T, c *sql.Conn) {
			for range 2 {
				st, err := c.PrepareContext(t.Context(), "PRAGMA cipher_settings")
				if err != nil {
					t.Fatal(err)
				}
				for range 3 {
					rows, err := st.QueryContext(t.Context())
					checkRows(t, rows, err, "prepared", "pragma", settingsOf("10", "1024"))
				}
				if err := st.Close(); err != nil {
					t.Error(err)
				}
			}
		}},
		{"prepared, and others in between", func(t *testing.T, c *sql.Conn) {
			st, err := c.PrepareContext(t.Context(), "PRAGMA cipher_settings")
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			wantRows(t, c, "PRAGMA cipher_page_size", "cipher_page_size", "1024")
			wantRows(t, c, "SELECT 7 AS seven", "seven", "7")
			if _, err := c.ExecContext(t.Context(), "CREATE TABLE u(a)"); err != nil {
				t.Fatal(err)
			}
			rows, err := st.QueryContext(t.Context())
			checkRows(t, rows, err, "prepared", "pragma", settingsOf("10", "1024"))
		}},
		{"explained", func(t *testing.T, c *sql.Conn) {
			st, err := c.PrepareContext(t.Context(), "EXPLAIN PRAGMA cipher_settings")
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			rows, err := st.QueryContext(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			if columns, err := rows.Columns(); len(columns) < 8 || err != nil || !rows.Next() {
				t.Errorf("columns %q, %v", columns, err)
			}
		}},
		{"another schema", func(t *testing.T, c *sql.Conn) {
			for _, q := range []string{
				"ATTACH ':memory:' AS mem", "ATTACH '" + filepath.Join(t.TempDir(), "a'x.db") + "' AS aux KEY 'other'",
			} {
				if _, err := c.ExecContext(t.Context(), strings.Replace(q, "a'x", "a''x", 1)); err != nil {
					t.Fatal(err)
				}
			}
			for _, q := range []string{"PRAGMA aux.kdf_iter = 11", `PRAGMA "AUX".cipher_page_size = 2048`} {
				wantRows(t, c, q, "")
			}
			wantRows(t, c, "PRAGMA aux.cipher_settings", "pragma", settingsOf("11", "2048")...)
			wantRows(t, c, "PRAGMA main.cipher_settings", "pragma", settingsOf("10", "1024")...)
			wantRows(t, c, "PRAGMA cipher_settings", "pragma", settingsOf("10", "1024")...)
			wantRows(t, c, "PRAGMA mem.cipher_settings", "")
			wantRows(t, c, "PRAGMA temp.cipher_settings", "")
			if _, err := c.ExecContext(t.Context(), "CREATE TABLE aux.u(a)"); err != nil {
				t.Fatal(err)
			}
			wantRows(t, c, "PRAGMA aux.cipher_integrity_check", "cipher_integrity_check")
		}},
		{"several statements", func(t *testing.T, c *sql.Conn) { e.askSeveral(t, c) }},
		{"what is deleted", func(t *testing.T, c *sql.Conn) {
			wantRows(t, c, "PRAGMA secure_delete", "secure_delete", "1")
			wantRows(t, c, "PRAGMA secure_delete = OFF", "secure_delete", "0")
			wantRows(t, c, "PRAGMA secure_delete", "secure_delete", "0")
		}},
		{"errors", func(t *testing.T, c *sql.Conn) {
			for q, want := range map[string]error{
				"PRAGMA cipher_default_kdf_iter = none": compat.ErrSetting,
				"PRAGMA cipher_store_pass = maybe":      compat.ErrSetting,
				"PRAGMA cipher_log = stderr":            compat.ErrUnavailable,
				"PRAGMA cipher_profile = stdout":        compat.ErrUnavailable,
				"PRAGMA rekey = ''":                     compat.ErrKeyState,
			} {
				if _, err := c.ExecContext(t.Context(), q); !errors.Is(err, want) {
					t.Errorf("%s: %v", q, err)
				}
			}
			wantRows(t, c, "PRAGMA cipher_status", "cipher_status", "1")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := sql.OpenDB(e.Connector(filepath.Join(t.TempDir(), "main.db"), url.Values{}))
			defer db.Close()
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			const prologue = "PRAGMA key = 'secret'; PRAGMA kdf_iter = 10; PRAGMA cipher_page_size = 1024; CREATE TABLE t(a)"
			if _, err := conn.ExecContext(t.Context(), prologue); err != nil {
				t.Fatal(err)
			}
			c.ask(t, conn)
		})
	}
}

// askSeveral asks in one text. Some engines have a text of one statement only.
func (e Engine) askSeveral(t *testing.T, c *sql.Conn) {
	rows, err := c.QueryContext(t.Context(), "SELECT 1; SELECT 2")
	if err != nil {
		t.Logf("the engine refuses: %v", err)
		return
	}
	_ = rows.Close()
	for _, q := range []string{
		"PRAGMA cipher_version; PRAGMA cipher_settings", "PRAGMA cipher_settings;", "CREATE TABLE v(a); PRAGMA cipher_settings;",
		"PRAGMA cipher_settings; \n", "PRAGMA cipher_status; PRAGMA kdf_iter = 3; PRAGMA cipher_settings",
	} {
		wantRows(t, c, q, "pragma", settingsOf("10", "1024")...)
	}
	wantRows(t, c, "PRAGMA cipher_settings; PRAGMA cipher_page_size", "cipher_page_size", "1024")
	wantRows(t, c, "PRAGMA cipher_settings; PRAGMA cipher_integrity_check", "cipher_integrity_check")
	wantRows(t, c, "PRAGMA cipher_settings; SELECT 5 AS five", "five", "5")
	wantRows(t, c, "PRAGMA cipher_integrity_check; SELECT 5 AS five", "five", "5")
	wantRows(t, c, "PRAGMA cipher_integrity_check; CREATE TABLE w(a)", "")

	// With blanks behind, the engine returns the last rows that there are.
	wantRows(t, c, "PRAGMA cipher_settings; PRAGMA kdf_iter = 3; \n", "pragma", settingsOf("10", "1024")...)

	st, err := c.PrepareContext(t.Context(), "PRAGMA cipher_version; SELECT 5 AS five")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rows, err = st.QueryContext(t.Context())
	checkRows(t, rows, err, "several statements, prepared", "five", []string{"5"})
}

// settingsOf is what cipher_settings lists.
func settingsOf(kdfIter, pageSize string) []string {
	return []string{
		fmt.Sprintf("PRAGMA kdf_iter = %s;", kdfIter), fmt.Sprintf("PRAGMA cipher_page_size = %s;", pageSize),
		"PRAGMA cipher_use_hmac = 1;", "PRAGMA cipher_plaintext_header_size = 0;",
		"PRAGMA cipher_hmac_algorithm = HMAC_SHA512;", "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;",
	}
}

// wantRows wants a query to have one column of that name, or none, and these
// rows.
func wantRows(t *testing.T, c *sql.Conn, query, column string, want ...string) {
	t.Helper()
	rows, err := c.QueryContext(context.Background(), query)
	checkRows(t, rows, err, query, column, want)
}

func checkRows(t *testing.T, rows *sql.Rows, err error, query, column string, want []string) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", query, err)
		return
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if got := strings.Join(columns, "|"); got != column || len(columns) > 0 && column == "" || err != nil {
		t.Errorf("%s: columns %q, want %q; %v", query, columns, column, err)
	}
	var got []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Errorf("%s: %v", query, err)
		}
		got = append(got, text)
	}
	if err := rows.Err(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q; %v", query, got, want, err)
	}
}

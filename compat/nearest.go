package compat

import (
	"slices"
	"strings"
)

// Words that no parameter of a driver has in its name unless it means ours.
var telltales = []string{"cipher", "kdf", "hmac", "key", "passphrase", "password", "passwd", "pwd", "secret"}

// Pragmas of SQLite's own that have one of these words. They come in the DSN of
// every driver.
var innocent = []string{"foreign_keys", "defer_foreign_keys"}

// nearest is the parameter of ours that a misspelt name was meant to be, or ""
// where it resembles none.
func nearest(name string) string {
	name = strings.ToLower(name)
	name = strings.TrimPrefix(strings.TrimPrefix(name, "_"), "pragma_")
	if slices.Contains(innocent, name) {
		return ""
	}
	best, bestDistance := "", 3
	consider := func(known string) {
		d := distance(name, known)
		if d >= max(2, len(known)/2) {
			return // two slips in three letters would make a key of anything
		}
		if d < bestDistance || d == bestDistance && known < best {
			best, bestDistance = known, d
		}
	}
	for known := range keyParams {
		consider(known)
	}
	for known := range settings {
		consider(known)
	}
	if best != "" {
		return best
	}
	for _, word := range telltales {
		if strings.Contains(name, word) {
			return "key"
		}
	}
	return ""
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

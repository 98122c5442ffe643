package shell

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// completer proposes how a word that was begun may end. What it cannot find
// out it does not propose; it never complains.
type completer struct {
	*Shell
	typed func() []string // the lines of the statement that stand above
	words func() vocabulary
}

// vocabulary are the words that are the same in every database.
type vocabulary struct{ keywords, functions, pragmas []string }

func newCompleter(s *Shell, typed func() []string) *completer {
	return &completer{s, typed, sync.OnceValue(s.vocabulary)}
}

// complete cuts the line into what stands before the word at the cursor, what
// the word may be, and what follows.
func (c *completer) complete(line string, pos int) (head string, words []string, tail string) {
	runes := []rune(line)
	left, tail := string(runes[:pos]), string(runes[pos:])
	above := c.typed()
	if len(above) == 0 && strings.HasPrefix(left, ".") {
		head, words = c.dotWords(left)
	} else {
		head, words = c.sqlWords(strings.Join(append(above, ""), "\n"), left)
	}
	slices.Sort(words)
	words = slices.DeleteFunc(slices.Compact(words), func(w string) bool {
		// What would change the terminal instead of being shown on it.
		return !utf8.ValidString(w) || strings.ContainsFunc(w, unicode.IsControl)
	})
	return head, words, tail
}

// sqlWords completes a word of SQL.
func (c *completer) sqlWords(above, left string) (head string, words []string) {
	tokens, last := scanSQL(above + left)
	word := last.text
	if last.closed || len(word) > len(left) || strings.HasPrefix(word, "'") {
		return left, nil
	}
	head = left[:len(left)-len(word)]
	switch {
	case is(tokens, 0, "pragma"):
		return head, c.pragmaWords(tokens, word)
	case is(tokens, -1, "."):
		return head, names(word, c.qualified(tokens))
	case len(tokens) > 0 && slices.Contains(beforeTable, tokens[len(tokens)-1].lower()):
		return head, names(word, append(c.tables(""), c.schemas()...))
	case word == "": // anything may follow
		return left, nil
	}
	words = names(word, slices.Concat(c.tables(""), c.columns(""), c.schemas()))
	for _, f := range begunWith(word, c.words().functions) {
		words = append(words, f+"(")
	}
	keywords := begunWith(word, inCaseOf(word, c.words().keywords))
	if len(words) == 0 && len(keywords) == 1 {
		return head, []string{keywords[0] + " "}
	}
	return head, append(words, keywords...)
}

// beforeTable are the words that the name of a table follows.
var beforeTable = []string{"from", "join", "into", "update", "table", "view"}

// pragmaWords may follow PRAGMA.
func (c *completer) pragmaWords(tokens []token, word string) []string {
	switch {
	case len(tokens) == 1:
		return append(begunWith(word, c.words().pragmas), names(word, c.schemas())...)
	case len(tokens) == 3 && is(tokens, 2, "."):
		return begunWith(word, c.words().pragmas)
	case is(tokens, -1, "("):
		return names(word, c.tables(""))
	}
	return nil
}

// qualified may follow a name and a dot.
func (c *completer) qualified(tokens []token) []string {
	if len(tokens) < 2 {
		return nil
	}
	name := tokens[len(tokens)-2].name()
	if tables := c.tables(name); len(tables) > 0 {
		return tables
	}
	// The name may be another for a table: FROM t AS name, or without AS.
	for i, t := range tokens[1:] {
		if strings.EqualFold(t.name(), name) && i+1 < len(tokens)-2 {
			before := tokens[i]
			if before.lower() == "as" && i > 0 {
				before = tokens[i-1]
			}
			if columns := c.columns(before.name()); len(columns) > 0 {
				return columns
			}
		}
	}
	return c.columns(name)
}

// begunWith is the choice of the words that begin as one was begun, in any
// case. They go on in theirs: what was typed stays as it is.
func begunWith(word string, words []string) (chosen []string) {
	for _, w := range words {
		if strings.HasPrefix(strings.ToLower(w), strings.ToLower(word)) && len(w) >= len(word) {
			chosen = append(chosen, word+w[len(word):])
		}
	}
	return chosen
}

// names is begunWith for names of SQL, in quotes where they need them, or where
// the word has them. Names that need quotes come only by themselves: a word
// that goes on in two ways must begin in one.
func names(word string, all []string) (chosen []string) {
	word, quoted := strings.CutPrefix(word, `"`)
	var inQuotes []string
	for _, name := range begunWith(word, all) {
		if quoted || needsQuotes(name) {
			inQuotes = append(inQuotes, quoteName(name))
		} else {
			chosen = append(chosen, name)
		}
	}
	if len(chosen) > 0 {
		return chosen
	}
	return inQuotes
}

// inCaseOf is the words in the case in which a part of one was typed.
func inCaseOf(part string, words []string) []string {
	if part != strings.ToLower(part) {
		return words
	}
	lower := make([]string, len(words))
	for i, w := range words {
		lower[i] = strings.ToLower(w)
	}
	return lower
}

// vocabulary asks a database of its own, so that the user's is left alone.
func (s *Shell) vocabulary() (v vocabulary) {
	v.keywords = capi.Keywords()
	v.pragmas = capi.Pragmas()
	db, err := capi.Open(":memory:", s.env.VFS, capi.OpenReadWrite|capi.OpenCreate)
	if err != nil {
		return v
	}
	defer db.Close()
	_ = addFunctions(db)
	v.functions = firstColumn(db, "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*'")
	v.pragmas = append(v.pragmas, firstColumn(db, "PRAGMA pragma_list")...)
	return v
}

// firstColumn is the first column of a query, as far as it goes.
func firstColumn(db *capi.DB, sql string, params ...string) (column []string) {
	rows, _ := query(db, sql, params...)
	for _, r := range rows {
		column = append(column, r[0])
	}
	return column
}

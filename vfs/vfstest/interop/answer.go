package interop

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// answer is what a side says to one statement, with the names of its own files
// replaced.
type answer struct {
	code    int // the primary result code, 0 when all went well
	message string
	rows    string
}

// answerOf makes an answer of a reply. A pragma without a row has said nothing,
// whatever its column is called. Of random values only the kind counts.
func answerOf(r peers.Reply, dir string, pragma, random bool) answer {
	if r.Code != 0 {
		return answer{code: r.Code, message: strings.ReplaceAll(r.Message, dir, "$DIR")}
	}
	var rows []string
	for _, result := range r.Results {
		if len(result.Columns) == 0 {
			continue // steps without a row that the drivers of Go pass over
		}
		if len(result.Rows) == 0 && !pragma {
			rows = append(rows, strings.Join(result.Columns, "|")+": no row")
		}
		for _, row := range result.Rows {
			rows = append(rows, rowText(result.Columns, row, random))
		}
	}
	return answer{rows: strings.ReplaceAll(strings.Join(rows, " / "), dir, "$DIR")}
}

// rowText is a row as column=value|column=value.
func rowText(columns []string, row []peers.Value, random bool) string {
	cells := make([]string, len(row))
	for i, v := range row {
		if random {
			cells[i] = columns[i] + "=" + kindName(v)
		} else {
			cells[i] = columns[i] + "=" + literal(v)
		}
	}
	return strings.Join(cells, "|")
}

// literal is a value as SQL writes it, long ones cut short.
func literal(v peers.Value) string {
	const long = 400
	text := v.Text
	if len(text) > long {
		text = fmt.Sprintf("%s... (%d)", text[:long], len(text))
	}
	switch v.Kind {
	case peers.Null:
		return "NULL"
	case peers.Blob:
		return fmt.Sprintf("x'%x'", text)
	case peers.Text:
		return quote(text)
	}
	return text
}

func kindName(v peers.Value) string {
	switch v.Kind {
	case peers.Null:
		return "NULL"
	case peers.Integer:
		return "integer"
	case peers.Real:
		return "real"
	case peers.Blob:
		return "blob"
	}
	return "text"
}

func (a answer) String() string {
	switch {
	case a.code != 0:
		return fmt.Sprintf("error %d: %s", a.code, a.message)
	case a.rows == "":
		return "nothing"
	}
	return a.rows
}

// sameAs tells whether the answer is that of SQLCipher. An error of ours names
// the cause before what SQLite says, so the text of theirs stands inside of it.
func (a answer) sameAs(theirs answer) bool {
	if a.code != 0 || theirs.code != 0 {
		return a.code == theirs.code && strings.Contains(a.message, theirs.message)
	}
	return a.rows == theirs.rows
}

// is tells whether the answer is the one written down. The message of an error
// may stand there in part.
func (a answer) is(written string) bool {
	if a.code == 0 {
		return a.String() == written
	}
	text, ok := strings.CutPrefix(written, fmt.Sprintf("error %d: ", a.code))
	return ok && strings.Contains(a.message, text)
}

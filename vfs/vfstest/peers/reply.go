package peers

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Reply is the answer to one request.
type Reply struct {
	// Results has one entry for each statement that returns columns. On an
	// error they are those up to it.
	Results []Result `json:"results"`
	// Code is SQLite's primary result code, 0 when all went well.
	Code int `json:"code"`
	// Extended is the extended result code, as far as the peer tells it.
	Extended int `json:"extended"`
	// Message is SQLite's error message.
	Message string `json:"message"`
	// Changes is the sum of sqlite3_changes after each statement that changed
	// rows. A Go process behind [Serve] leaves it 0.
	Changes int64 `json:"changes"`
}

// Text renders the rows of all results as the sqlite3 shell does in list mode,
// a|b with a newline between rows, which is handy to compare.
func (r Reply) Text() string {
	var lines []string
	for _, result := range r.Results {
		for _, row := range result.Rows {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = v.String()
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
	}
	return strings.Join(lines, "\n")
}

// Result is what one statement returned.
type Result struct {
	Columns []string  `json:"columns"`
	Rows    [][]Value `json:"rows"`
}

// The kinds of a [Value]; on the wire they are the first letter.
const (
	Null    byte = 0
	Integer byte = 'i'
	Real    byte = 'r'
	Text    byte = 't'
	Blob    byte = 'b'
)

// Value is one value of a row. Values can be compared with ==; the zero Value
// is NULL.
type Value struct {
	Kind byte
	// Text is the number in decimal (%.17g for a Real), the text, or the bytes
	// of the blob.
	Text string
}

// ValueOf returns the Value of what a scan into an any gives: an int64, float64,
// string, []byte, bool or nil. Anything else becomes the text that fmt prints.
func ValueOf(v any) Value {
	switch v := v.(type) {
	case nil:
		return Value{}
	case int64:
		return Value{Integer, strconv.FormatInt(v, 10)}
	case int:
		return Value{Integer, strconv.Itoa(v)}
	case bool:
		if v {
			return Value{Integer, "1"}
		}
		return Value{Integer, "0"}
	case float64:
		// As C prints %.17g, where infinities are lower case and without a plus.
		s := strconv.FormatFloat(v, 'g', 17, 64)
		return Value{Real, strings.ToLower(strings.TrimPrefix(s, "+"))}
	case string:
		return Value{Text, v}
	case []byte:
		return Value{Blob, string(v)}
	default:
		return Value{Text, fmt.Sprint(v)}
	}
}

// String returns the value as the sqlite3 shell prints it in list mode: NULL is
// empty, a real has 15 digits and always a point, a blob is its bytes.
func (v Value) String() string {
	if v.Kind != Real {
		return v.Text
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	if err != nil {
		return v.Text
	}
	s := strings.TrimPrefix(strconv.FormatFloat(f, 'g', 15, 64), "+")
	mantissa, exponent, hasExponent := strings.Cut(s, "e")
	if math.IsInf(f, 0) || strings.Contains(mantissa, ".") {
		return s
	}
	if hasExponent {
		return mantissa + ".0e" + exponent
	}
	return s + ".0"
}

// MarshalJSON implements [json.Marshaler].
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.Kind {
	case Null:
		return []byte("null"), nil
	case Blob:
		return json.Marshal("b" + hex.EncodeToString([]byte(v.Text)))
	default:
		return json.Marshal(string(v.Kind) + v.Text)
	}
}

// UnmarshalJSON implements [json.Unmarshaler].
func (v *Value) UnmarshalJSON(data []byte) error {
	var s *string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("peers: value: %w", err)
	}
	if s == nil {
		*v = Value{}
		return nil
	}
	if *s == "" || !strings.Contains("irtb", (*s)[:1]) {
		return fmt.Errorf("peers: value: %q has no known kind", *s)
	}
	*v = Value{(*s)[0], (*s)[1:]}
	if v.Kind == Blob {
		raw, err := hex.DecodeString(v.Text)
		if err != nil {
			return fmt.Errorf("peers: value: %w", err)
		}
		v.Text = string(raw)
	}
	return nil
}

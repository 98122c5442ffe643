package convert

import (
	"fmt"
	"strconv"
	"strings"
)

func (e *exporter) exec(sql string) error {
	_, err := e.Query(sql)
	return err
}

// number is the only value of a query.
func (e *exporter) number(sql string) (int64, error) {
	rows, err := e.Query(sql)
	if err != nil {
		return 0, err
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return 0, fmt.Errorf("convert: %s: %d rows", sql, len(rows))
	}
	return strconv.ParseInt(rows[0][0], 10, 64)
}

// quoteName makes an identifier of a name.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// quoteText makes a literal of a text.
func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

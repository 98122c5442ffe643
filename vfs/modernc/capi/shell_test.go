package capi_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

func memory(t *testing.T) *capi.DB {
	t.Helper()
	db, err := capi.Open(":memory:", "", capi.OpenReadWrite|capi.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestOptionAndLimit(t *testing.T) {
	t.Parallel()
	db := memory(t)
	for _, on := range []bool{true, false} {
		db.SetOption(capi.OptionEnableFkey, on)
		if db.Option(capi.OptionEnableFkey) != on {
			t.Errorf("foreign keys are not %v", on)
		}
	}
	if old := db.SetLimit(capi.LimitColumn, 7); old != 2000 {
		t.Errorf("the limit was %d", old)
	}
	if now := db.SetLimit(capi.LimitColumn, -1); now != 7 {
		t.Errorf("the limit is %d", now)
	}
}

// TestBindColumn wants a value to go from one connection to another as it is,
// and statements to run again.
func TestBindColumn(t *testing.T) {
	t.Parallel()
	from, _, err := memory(t).Prepare("VALUES(1),(2.5),('x'),(x'00'),(NULL)")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Finalize()
	to, _, err := memory(t).Prepare("SELECT quote(:v)")
	if err != nil {
		t.Fatal(err)
	}
	defer to.Finalize()
	if to.ParameterCount() != 1 || to.ParameterName(1) != ":v" {
		t.Errorf("%d parameters, %q", to.ParameterCount(), to.ParameterName(1))
	}
	for _, want := range []string{"1", "2.5", "'x'", "X'00'", "NULL"} {
		if _, err := from.Step(); err != nil {
			t.Fatal(err)
		}
		if err := to.BindColumn(1, from, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := to.Step(); err != nil {
			t.Fatal(err)
		}
		if got, _ := to.ColumnText(0); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if err := to.Reset(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAppendReal(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{2.5: "2.5", 100: "100.0", math.Inf(-1): "-Inf"} {
		if got := string(capi.AppendReal([]byte("v="), v)); got != "v="+want {
			t.Errorf("%s, want v=%s", got, want)
		}
	}
}

func TestBackupOfUnknown(t *testing.T) {
	t.Parallel()
	err := capi.Backup(memory(t), "main", memory(t), "nope", func() bool { return false })
	if err == nil || err.Error() != "unknown database nope" {
		t.Errorf("error %v", err)
	}
}

// TestCreateFunction wants values to come in and go out as they are, and a
// function to be forgotten with its connection.
func TestCreateFunction(t *testing.T) {
	t.Parallel()
	db := memory(t)
	same := func(args []capi.Value) (any, error) {
		switch v := args[0]; v.Type() {
		case capi.Null:
			return nil, nil
		case capi.Integer:
			return v.Int64(), nil
		case capi.Blob:
			return v.Blob(), nil
		default:
			return v.Text(), nil
		}
	}
	if err := db.CreateFunction("same", 1, capi.Deterministic, same); err != nil {
		t.Fatal(err)
	}
	if err := db.CreateFunction("fail", -1, 0, func(args []capi.Value) (any, error) {
		return nil, fmt.Errorf("%d arguments", len(args))
	}); err != nil {
		t.Fatal(err)
	}
	const query = `SELECT same(a) IS a AND typeof(same(a)) = typeof(a) FROM
		(SELECT column1 AS a FROM (VALUES (NULL), (-1), (''), ('a'||char(0)||'é'), (x''), (x'00ff')))`
	stmt, _, err := db.Prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Finalize()
	rows := 0
	for more, err := stmt.Step(); more || err != nil; more, err = stmt.Step() {
		if err != nil {
			t.Fatal(err)
		}
		if rows++; stmt.ColumnInt64(0) != 1 {
			t.Errorf("row %d comes back as another value", rows)
		}
	}
	if rows != 6 {
		t.Errorf("%d rows", rows)
	}
	failing, _, err := db.Prepare("SELECT fail(1, 2)")
	if err != nil {
		t.Fatal(err)
	}
	defer failing.Finalize()
	if _, err := failing.Step(); err == nil || err.Error() != "2 arguments" {
		t.Errorf("%v", err)
	}
}

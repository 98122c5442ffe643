package capi_test

import (
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

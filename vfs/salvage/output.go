package salvage

// Output is what a database is salvaged into.
type Output interface {
	// Begin gets the settings of the database before anything else.
	Begin(Header) error
	// Exec carries out a statement. It is a *RefusedError where only this
	// statement cannot be.
	Exec(sql string) error
	// Query returns the rows of a query of the schema made so far, as text.
	Query(sql string) ([][]string, error)
	// Insert puts a row into a table, with a value for each of the columns, or
	// of all columns where none are named. It is a *RefusedError where only
	// this row cannot be.
	Insert(table string, columns []string, values []any) error
	// End comes after everything else.
	End() error
}

// RefusedError says why the database did not take a statement or a row.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return e.Err.Error() }
func (e *RefusedError) Unwrap() error { return e.Err }

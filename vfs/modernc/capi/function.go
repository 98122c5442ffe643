package capi

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Function is an SQL function: it returns nil for NULL, an int64, a string or
// a []byte. The text of an error is what the statement fails with.
type Function func(args []Value) (any, error)

// Value is an argument of a Function, valid until that returns.
type Value struct {
	tls   *libc.TLS
	value uintptr // sqlite3_value*
}

// Type returns the storage class of the value.
func (v Value) Type() Type { return Type(sqlite3.Xsqlite3_value_type(v.tls, v.value)) }

// Int64 returns the value as an integer.
func (v Value) Int64() int64 { return sqlite3.Xsqlite3_value_int64(v.tls, v.value) }

// Text returns the value as text, empty for NULL.
func (v Value) Text() string {
	p := sqlite3.Xsqlite3_value_text(v.tls, v.value)
	return string(view(p, int(sqlite3.Xsqlite3_value_bytes(v.tls, v.value))))
}

// Blob returns a copy of the bytes of the value, those of its text for what is
// no blob.
func (v Value) Blob() []byte {
	p := sqlite3.Xsqlite3_value_blob(v.tls, v.value)
	return append([]byte{}, view(p, int(sqlite3.Xsqlite3_value_bytes(v.tls, v.value)))...)
}

// What a function may be used for.
const (
	// Deterministic tells that the same arguments give the same result.
	Deterministic = sqlite3.SQLITE_DETERMINISTIC
	// DirectOnly keeps a function out of the schema: a database of somebody
	// else's must not call it.
	DirectOnly = sqlite3.SQLITE_DIRECTONLY
	// Innocuous tells that a schema may call it in any case.
	Innocuous = sqlite3.SQLITE_INNOCUOUS
)

// functions are those that SQLite knows by a number, until their connection is
// closed.
var functions struct {
	sync.Mutex
	last uintptr
	byID map[uintptr]Function
}

// CreateFunction makes a function of that many arguments, -1 for any number,
// known to the connection.
func (d *DB) CreateFunction(name string, args, flags int, f Function) error {
	functions.Lock()
	functions.last++
	id := functions.last
	if functions.byID == nil {
		functions.byID = map[uintptr]Function{}
	}
	functions.byID[id] = f
	functions.Unlock()

	zName := mustCString(name)
	defer libc.Xfree(d.tls, zName)
	rc := sqlite3.Xsqlite3_create_function_v2(d.tls, d.db, zName, int32(args), int32(flags)|sqlite3.SQLITE_UTF8,
		id, code(&callFunction), 0, 0, code(&forgetFunction))
	if rc != sqlite3.SQLITE_OK {
		return newError(d.tls, d.db, rc)
	}
	return nil
}

// What SQLite calls. The variables keep the functions where C looks for them.
var (
	callFunction = func(tls *libc.TLS, ctx uintptr, n int32, argv uintptr) {
		functions.Lock()
		f := functions.byID[sqlite3.Xsqlite3_user_data(tls, ctx)]
		functions.Unlock()
		args := make([]Value, n)
		for i := range args {
			args[i] = Value{tls, readPtr(argv + uintptr(i)*uintptr(ptrSize))}
		}
		result, err := f(args)
		if err != nil {
			z := mustCString(err.Error())
			defer libc.Xfree(tls, z)
			sqlite3.Xsqlite3_result_error(tls, ctx, z, -1)
			return
		}
		setResult(tls, ctx, result)
	}
	forgetFunction = func(_ *libc.TLS, id uintptr) {
		functions.Lock()
		defer functions.Unlock()
		delete(functions.byID, id)
	}
)

func setResult(tls *libc.TLS, ctx uintptr, result any) {
	const transient = ^uintptr(0) // SQLITE_TRANSIENT: SQLite makes its own copy
	switch r := result.(type) {
	case int64:
		sqlite3.Xsqlite3_result_int64(tls, ctx, r)
	case string:
		z := mustCString(r)
		defer libc.Xfree(tls, z)
		sqlite3.Xsqlite3_result_text64(tls, ctx, z, sqlite3.Tsqlite3_uint64(len(r)), transient, sqlite3.SQLITE_UTF8)
	case []byte:
		z := mustCString(string(r)) // never nil, which would be NULL
		defer libc.Xfree(tls, z)
		sqlite3.Xsqlite3_result_blob64(tls, ctx, z, sqlite3.Tsqlite3_uint64(len(r)), transient)
	default:
		sqlite3.Xsqlite3_result_null(tls, ctx)
	}
}

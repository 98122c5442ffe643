package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Option is a setting of a connection that is on or off.
type Option int

// The settings that sqlite3_db_config can ask and change.
const (
	OptionEnableFkey       Option = sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY
	OptionEnableTrigger    Option = sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER
	OptionFTS3Tokenizer    Option = sqlite3.SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER
	OptionLoadExtension    Option = sqlite3.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION
	OptionNoCkptOnClose    Option = sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
	OptionEnableQPSG       Option = sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG
	OptionTriggerEQP       Option = sqlite3.SQLITE_DBCONFIG_TRIGGER_EQP
	OptionResetDatabase    Option = sqlite3.SQLITE_DBCONFIG_RESET_DATABASE
	OptionDefensive        Option = sqlite3.SQLITE_DBCONFIG_DEFENSIVE
	OptionWritableSchema   Option = sqlite3.SQLITE_DBCONFIG_WRITABLE_SCHEMA
	OptionLegacyAlterTable Option = sqlite3.SQLITE_DBCONFIG_LEGACY_ALTER_TABLE
	OptionDQSDML           Option = sqlite3.SQLITE_DBCONFIG_DQS_DML
	OptionDQSDDL           Option = sqlite3.SQLITE_DBCONFIG_DQS_DDL
	OptionEnableView       Option = sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW
	OptionLegacyFileFormat Option = sqlite3.SQLITE_DBCONFIG_LEGACY_FILE_FORMAT
	OptionTrustedSchema    Option = sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA
	OptionStmtScanstatus   Option = sqlite3.SQLITE_DBCONFIG_STMT_SCANSTATUS
	OptionReverseScanorder Option = sqlite3.SQLITE_DBCONFIG_REVERSE_SCANORDER
	OptionAttachCreate     Option = sqlite3.SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE
	OptionAttachWrite      Option = sqlite3.SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE
	OptionComments         Option = sqlite3.SQLITE_DBCONFIG_ENABLE_COMMENTS
)

// SetOption turns a setting on or off.
func (d *DB) SetOption(o Option, on bool) {
	value := int32(0)
	if on {
		value = 1
	}
	d.config(o, value)
}

// Option returns a setting.
func (d *DB) Option(o Option) bool { return d.config(o, -1) }

// config sets an option, or leaves it at -1, and returns its state.
func (d *DB) config(o Option, value int32) bool {
	state := mustMalloc(d.tls, 8)
	defer libc.Xfree(d.tls, state)
	va := libc.NewVaList(value, state)
	defer libc.Xfree(d.tls, va)
	sqlite3.Xsqlite3_db_config(d.tls, d.db, int32(o), va)
	return *(*int32)(pointer(state)) != 0
}

// Limit is a bound on what SQL may do.
type Limit int

// The limits of sqlite3_limit.
const (
	LimitLength            Limit = sqlite3.SQLITE_LIMIT_LENGTH
	LimitSQLLength         Limit = sqlite3.SQLITE_LIMIT_SQL_LENGTH
	LimitColumn            Limit = sqlite3.SQLITE_LIMIT_COLUMN
	LimitExprDepth         Limit = sqlite3.SQLITE_LIMIT_EXPR_DEPTH
	LimitCompoundSelect    Limit = sqlite3.SQLITE_LIMIT_COMPOUND_SELECT
	LimitVdbeOp            Limit = sqlite3.SQLITE_LIMIT_VDBE_OP
	LimitFunctionArg       Limit = sqlite3.SQLITE_LIMIT_FUNCTION_ARG
	LimitAttached          Limit = sqlite3.SQLITE_LIMIT_ATTACHED
	LimitLikePatternLength Limit = sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH
	LimitVariableNumber    Limit = sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
	LimitTriggerDepth      Limit = sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH
	LimitWorkerThreads     Limit = sqlite3.SQLITE_LIMIT_WORKER_THREADS
)

// SetLimit changes a limit, unless to a negative number, and returns what it
// was before.
func (d *DB) SetLimit(l Limit, value int) int {
	return int(sqlite3.Xsqlite3_limit(d.tls, d.db, int32(l), int32(value)))
}

// SetBusyTimeout makes a statement that finds the database locked try again
// for that many milliseconds.
func (d *DB) SetBusyTimeout(ms int) {
	sqlite3.Xsqlite3_busy_timeout(d.tls, d.db, int32(ms))
}

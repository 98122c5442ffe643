// Signal's SQLCipher addon as a process that speaks the protocol of peer.c.
//
// It loads the native module itself rather than the package's classes: those
// return rows as objects, which loses columns of the same name and their order.
//
// What the addon cannot do, and so this peer cannot either: open read-only or
// by a file: URI, take a key other than by PRAGMA key, and name the columns of
// a statement that returned no row (such a statement leaves no result).
'use strict';

const path = require('node:path');
const addon = require(path.join(__dirname, 'sqlcipher.node'));

const MISUSE = 21;
const CANTOPEN = 14;

let database;
let seen = 0; // total_changes() when last asked for

class Failure extends Error {
  constructor(code, message, extended = code) {
    super(message);
    this.code = code;
    this.extended = extended;
  }
}

// Result codes by name: the place in a list is the number.
const PRIMARY = ['OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED',
  'NOMEM', 'READONLY', 'INTERRUPT', 'IOERR', 'CORRUPT', 'NOTFOUND', 'FULL',
  'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG', 'CONSTRAINT', 'MISMATCH',
  'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB', 'NOTICE', 'WARNING'];
const EXTENDED = {
  ERROR: ['', 'MISSING_COLLSEQ', 'RETRY', 'SNAPSHOT'],
  ABORT: ['', '', 'ROLLBACK'],
  BUSY: ['', 'RECOVERY', 'SNAPSHOT', 'TIMEOUT'],
  LOCKED: ['', 'SHAREDCACHE', 'VTAB'],
  READONLY: ['', 'RECOVERY', 'CANTLOCK', 'ROLLBACK', 'DBMOVED', 'CANTINIT',
    'DIRECTORY'],
  IOERR: ['', 'READ', 'SHORT_READ', 'WRITE', 'FSYNC', 'DIR_FSYNC', 'TRUNCATE',
    'FSTAT', 'UNLOCK', 'RDLOCK', 'DELETE', 'BLOCKED', 'NOMEM', 'ACCESS',
    'CHECKRESERVEDLOCK', 'LOCK', 'CLOSE', 'DIR_CLOSE', 'SHMOPEN', 'SHMSIZE',
    'SHMLOCK', 'SHMMAP', 'SEEK', 'DELETE_NOENT', 'MMAP', 'GETTEMPPATH',
    'CONVPATH', 'VNODE', 'AUTH', 'BEGIN_ATOMIC', 'COMMIT_ATOMIC',
    'ROLLBACK_ATOMIC', 'DATA', 'CORRUPTFS', 'IN_PAGE'],
  CORRUPT: ['', 'VTAB', 'SEQUENCE', 'INDEX'],
  CANTOPEN: ['', 'NOTEMPDIR', 'ISDIR', 'FULLPATH', 'CONVPATH', 'DIRTYWAL',
    'SYMLINK'],
  CONSTRAINT: ['', 'CHECK', 'COMMITHOOK', 'FOREIGNKEY', 'FUNCTION', 'NOTNULL',
    'PRIMARYKEY', 'TRIGGER', 'UNIQUE', 'VTAB', 'ROWID', 'PINNED', 'DATATYPE'],
  AUTH: ['', 'USER'],
};

// failure turns what the addon throws into a Failure. Only the errors of
// statements carry a code.
function failure(err, code = 1) {
  if (err instanceof Failure) return err;
  const m = /^sqlite error\((\w+)\): ([^]*?)(?:, offset: \d+)?$/.exec(err.message);
  if (!m) return new Failure(code, err.message);
  const [, primary, detail = ''] = /^SQLITE_([A-Z]+)_?(\w*)$/.exec(m[1]) ?? [];
  const base = Math.max(PRIMARY.indexOf(primary), 1);
  const sub = Math.max((EXTENDED[primary] ?? ['']).indexOf(detail), 0);
  return new Failure(base, m[2], base | (sub << 8));
}

// The addon prepares one statement at a time and does not say where it ends.
// The states and transitions are those of sqlite3_complete().
const TOKEN = /\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$)|;|'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|[\w$\u0080-\uffff]+|[^]/gy;
const CLASSES = {
  ';': 0, EXPLAIN: 3, CREATE: 4, TEMP: 5, TEMPORARY: 5, TRIGGER: 6, END: 7,
};
const START = 1;
const NEXT = [
  // ; space other EXPLAIN CREATE TEMP TRIGGER END
  [1, 0, 2, 3, 4, 2, 2, 2], // nothing yet
  [1, 1, 2, 3, 4, 2, 2, 2], // at the start of a statement
  [1, 2, 2, 2, 2, 2, 2, 2], // inside one
  [1, 3, 3, 2, 4, 2, 2, 2], // after EXPLAIN
  [1, 4, 2, 2, 2, 4, 5, 2], // after CREATE
  [6, 5, 5, 5, 5, 5, 5, 5], // inside CREATE TRIGGER
  [6, 6, 5, 5, 5, 5, 5, 7], // after a semicolon in it
  [1, 7, 5, 5, 5, 5, 5, 5], // after its "; END"
];

function* statements(sql) {
  let state = START;
  let begin = 0;
  let verb; // the first word
  for (const m of sql.matchAll(TOKEN)) {
    const space = /^(?:\s|--|\/\*)/.test(m[0]);
    state = NEXT[state][space ? 1 : CLASSES[m[0].toUpperCase()] ?? 2];
    if (!space && m[0] !== ';') verb ??= m[0].toUpperCase();
    if (state !== START || m[0] !== ';') continue;
    const end = m.index + 1;
    if (verb) yield [verb, sql.slice(begin, end)];
    begin = end;
    verb = undefined;
  }
  if (verb) yield [verb, sql.slice(begin)];
}

// real formats a number as printf("%.17g") does: rounded half to even, without
// trailing zeros. The methods of Number round halves up.
function real(x) {
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  const sign = x < 0 ? '-' : '';
  if (!Number.isFinite(x)) return `${sign}inf`;
  const [mantissa, e] = Math.abs(x).toExponential(100).split('e');
  const all = mantissa.replace('.', '');
  const rest = all.slice(17);
  const half = '5'.padEnd(rest.length, '0');
  let head = BigInt(all.slice(0, 17));
  if (rest > half || (rest === half && head % 2n === 1n)) head += 1n;
  const exp = Number(e) + String(head).length - 17;
  const digits = String(head).replace(/0+$/, '');
  return sign + layOut(digits, exp);
}

function layOut(digits, exp) {
  if (exp < -4 || exp >= 17) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exp)).padStart(2, '0');
    return `${digits[0]}${fraction}e${exp < 0 ? '-' : '+'}${power}`;
  }
  if (exp < 0) return `0.${'0'.repeat(-exp - 1)}${digits}`;
  const whole = digits.slice(0, exp + 1).padEnd(exp + 1, '0');
  const fraction = digits.slice(exp + 1);
  return fraction ? `${whole}.${fraction}` : whole;
}

function value(v) {
  if (v === null) return null;
  if (typeof v === 'bigint') return `i${v}`;
  if (typeof v === 'number') return `r${real(v)}`;
  if (typeof v === 'string') return `t${v}`;
  return `b${Buffer.from(v).toString('hex')}`;
}

// step runs one statement and calls row with its rows, each an array of the
// column names followed by the values.
function step(sql, row) {
  const names = [];
  const statement = addon.statementNew(database, sql, true, false, true, names);
  try {
    let parameters = names.map(() => null);
    for (;;) {
      const r = addon.statementStep(statement, parameters, undefined, false);
      if (r === undefined) return;
      row(r);
      parameters = null;
    }
  } finally {
    addon.statementClose(statement);
  }
}

// changes returns how many rows the statement just run changed. It asks after
// statements that write only: a SELECT makes the addon read the file, and before
// PRAGMA key or between the settings that follow it that is too early.
function changes(verb) {
  if (!['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'WITH'].includes(verb)) return 0;
  let total;
  let last;
  step('SELECT total_changes(), changes()', (r) => { [total, last] = r.slice(2).map(Number); });
  const changed = total !== seen;
  seen = total;
  return changed ? last : 0;
}

function exec(reply, sql) {
  for (const [verb, one] of statements(sql)) {
    let result;
    step(one, (r) => {
      const n = r.length / 2;
      if (!result) reply.results.push(result = { columns: r.slice(0, n), rows: [] });
      result.rows.push(r.slice(n).map(value));
    });
    reply.changes += changes(verb);
  }
}

function open(payload) {
  const [name, flags = ''] = payload.split('\n');
  if (database) throw new Failure(MISUSE, 'a database is open already');
  if (flags) throw new Failure(MISUSE, 'this peer takes no open flags');
  if (name.startsWith('file:')) throw new Failure(MISUSE, 'this peer takes no URI');
  try {
    database = addon.databaseOpen(name);
    seen = 0;
  } catch (err) {
    throw failure(err, CANTOPEN);
  }
}

function close() {
  if (database) addon.databaseClose(database);
  database = undefined;
}

function serve(reply, verb, payload) {
  if (verb === 'quit') return;
  if (verb === 'open') return open(payload.toString());
  if (verb === 'close') return close();
  if (!database) throw new Failure(MISUSE, 'no database is open');
  if (verb === 'exec') return exec(reply, payload.toString());
  if (verb === 'key') throw new Failure(1, 'this peer takes a key by PRAGMA key only');
  throw new Failure(1, 'unknown verb');
}

function answer(verb, payload) {
  const reply = { results: [], code: 0, extended: 0, message: '', changes: 0 };
  try {
    serve(reply, verb, payload);
  } catch (err) {
    const { code, extended, message } = failure(err);
    Object.assign(reply, { code, extended, message });
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
  if (verb === 'quit') process.exit(0);
}

let pending = Buffer.alloc(0);

process.stdin.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  for (;;) {
    const eol = pending.indexOf('\n');
    if (eol < 0) return;
    const [verb, length] = pending.toString('latin1', 0, eol).split(' ');
    const end = eol + 1 + Number(length);
    if (pending.length < end) return;
    const payload = pending.subarray(eol + 1, end);
    pending = pending.subarray(end);
    answer(verb, payload);
  }
});

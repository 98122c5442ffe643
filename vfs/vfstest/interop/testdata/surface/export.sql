-- The function sqlcipher_export.

-- script: encrypted to clear
PRAGMA key = "$RAW";
CREATE TABLE t(a, b);
INSERT INTO t VALUES(1, 'one'), (2, x'02');
ATTACH '$DIR/plain.db' AS plain KEY '';
SELECT sqlcipher_export('plain');
SELECT * FROM plain.t;
DETACH plain;
-- read: plain.db PRAGMA user_version;

-- script: clear to encrypted
CREATE TABLE t(a, b);
INSERT INTO t VALUES(1, 'one'), (2, x'02');
ATTACH '$DIR/secret.db' AS secret KEY "$RAW";
SELECT sqlcipher_export('secret');
DETACH secret;
-- read: main.db PRAGMA user_version;
-- read: secret.db PRAGMA key="$RAW";

-- script: to other settings
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(10000));
ATTACH '$DIR/old.db' AS old KEY "$RAW";
PRAGMA old.cipher_compatibility = 3;
SELECT sqlcipher_export('old');
-- read: old.db PRAGMA key="$RAW"; PRAGMA cipher_compatibility=3;

-- script: from a database attached
PRAGMA key = "$RAW";
ATTACH '$DIR/source.db' AS source KEY "$RAW96";
CREATE TABLE source.t(a);
INSERT INTO source.t VALUES(1);
SELECT sqlcipher_export('main', 'source');
SELECT * FROM main.t;
-- read: main.db PRAGMA key="$RAW";

-- script: between two attached databases
PRAGMA key = "$RAW";
CREATE TABLE m(a);
ATTACH '$DIR/a.db' AS a KEY "$RAW96";
ATTACH '$DIR/b.db' AS b KEY '';
CREATE TABLE a.t(a);
INSERT INTO a.t VALUES(1);
SELECT sqlcipher_export('b', 'a');
SELECT * FROM b.t;
-- read: b.db PRAGMA user_version;

-- script: all kinds of things
PRAGMA key = "$RAW";
CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT UNIQUE, c REAL DEFAULT 1.5);
INSERT INTO t(b) VALUES('x'), ('y'), ('z');
DELETE FROM t WHERE b = 'z';
CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID;
INSERT INTO w VALUES('k', 'v');
CREATE TABLE s(a INT, b TEXT) STRICT;
INSERT INTO s VALUES(1, 'x');
CREATE TABLE g(a, b AS (a * 2) STORED, c AS (a * 3));
INSERT INTO g(a) VALUES(7);
CREATE INDEX i ON t(c);
CREATE UNIQUE INDEX u ON t(b, c);
CREATE INDEX p ON t(b) WHERE c > 1;
CREATE INDEX e ON t(lower(b));
CREATE VIEW v AS SELECT * FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO w VALUES(new.a, new.b); END;
CREATE TABLE "odd name"("odd column", 'x y');
INSERT INTO "odd name" VALUES(1, 2);
CREATE TABLE [brackets]([a]);
CREATE TABLE IF NOT EXISTS maybe(a);
CREATE TABLE later AS SELECT * FROM t;
ANALYZE;
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT sqlcipher_export('copy');
SELECT name, tbl_name, type FROM copy.sqlite_master ORDER BY name;
SELECT * FROM copy.sqlite_sequence;
INSERT INTO t(b) VALUES('new');
-- read: copy.db PRAGMA key="$RAW96";

-- script: full text
PRAGMA key = "$RAW";
CREATE VIRTUAL TABLE f USING fts5(a);
INSERT INTO f VALUES('the quick brown fox');
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT sqlcipher_export('copy');
DETACH copy;
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT * FROM copy.f WHERE f MATCH 'quick';
-- unread

-- script: rowids
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t(rowid, a) VALUES(5, 'five'), (100, 'hundred');
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT sqlcipher_export('copy');
-- differs: what `sqlcipher_export` copies
-- ours: rowid=5|a='five' / rowid=100|a='hundred'
SELECT rowid, a FROM copy.t;
-- read: copy.db PRAGMA key="$RAW96";

-- script: user_version
PRAGMA key = "$RAW";
PRAGMA user_version = 7;
PRAGMA application_id = 8;
CREATE TABLE t(a);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT sqlcipher_export('copy');
-- differs: what `sqlcipher_export` copies
-- ours: user_version=7
PRAGMA copy.user_version;
-- differs: what `sqlcipher_export` copies
-- ours: application_id=8
PRAGMA copy.application_id;
-- unread

-- script: foreign keys are not in the way
PRAGMA key = "$RAW";
CREATE TABLE c(b REFERENCES p(a));
CREATE TABLE p(a PRIMARY KEY);
INSERT INTO p VALUES(1);
INSERT INTO c VALUES(1);
PRAGMA foreign_keys = ON;
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT sqlcipher_export('copy');
PRAGMA foreign_keys;
SELECT * FROM copy.c;
-- read: copy.db PRAGMA key="$RAW96";

-- script: rows that a check would refuse
PRAGMA key = "$RAW";
CREATE TABLE t(a CHECK(a < 10));
PRAGMA ignore_check_constraints = ON;
INSERT INTO t VALUES(100);
PRAGMA ignore_check_constraints = OFF;
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT sqlcipher_export('copy');
SELECT * FROM copy.t;
INSERT INTO copy.t VALUES(200);
-- unread

-- script: an empty database
PRAGMA key = "$RAW";
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT sqlcipher_export('copy');
-- unread

-- script: it counts no changes
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1), (2);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT changes(), total_changes();
SELECT sqlcipher_export('copy');
SELECT changes(), total_changes();
-- read: copy.db PRAGMA key="$RAW96";

-- script: too few arguments and too many
PRAGMA key = "$RAW";
CREATE TABLE t(a);
SELECT sqlcipher_export();
SELECT sqlcipher_export('a', 'b', 'c');

-- script: NULL
PRAGMA key = "$RAW";
CREATE TABLE t(a);
SELECT sqlcipher_export(NULL);
SELECT sqlcipher_export('main', NULL);

-- script: databases that there are not
PRAGMA key = "$RAW";
CREATE TABLE t(a);
SELECT sqlcipher_export('nowhere');
SELECT sqlcipher_export('main', 'nowhere');
-- differs: `sqlcipher_export('')`
-- ours: error 1: unknown database
SELECT sqlcipher_export('');

-- script: a table that is there
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
CREATE TABLE copy.t(a);
SELECT sqlcipher_export('copy');
SELECT * FROM copy.t;
-- read: copy.db PRAGMA key="$RAW96";

-- script: an error half-way leaves what is done
-- files: `sqlcipher_export` that fails half-way
-- unread
PRAGMA key = "$RAW";
CREATE TABLE a(a);
INSERT INTO a VALUES(1);
CREATE TABLE b(a);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
CREATE TABLE copy.b(x);
SELECT sqlcipher_export('copy');
-- differs: `sqlcipher_export` that fails half-way
-- ours: name='b'
SELECT name FROM copy.sqlite_master;

-- script: to itself
PRAGMA key = "$RAW";
CREATE TABLE t(a);
SELECT sqlcipher_export('main');

-- script: in a transaction that is rolled back
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
BEGIN;
SELECT sqlcipher_export('copy');
SELECT * FROM copy.t;
ROLLBACK;
SELECT name FROM copy.sqlite_master;
-- unread

-- script: a schema name in another case
-- peers: 4.14
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/copy.db' AS Copy KEY "$RAW96";
SELECT sqlcipher_export('COPY');
-- read: copy.db PRAGMA key="$RAW96";

-- script: a schema name in quotes
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
ATTACH '$DIR/copy.db' AS "a copy" KEY "$RAW96";
-- differs: `sqlcipher_export` to a schema with a blank in its name
-- ours: sqlcipher_export('a copy')=NULL
SELECT sqlcipher_export('a copy');
-- unread

-- script: the function in any case
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
SELECT SQLCipher_Export('copy') AS done;
-- read: copy.db PRAGMA key="$RAW96";

-- script: to another encoding
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES('äöü');
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
PRAGMA copy.encoding = 'UTF-16le';
SELECT sqlcipher_export('copy');
SELECT * FROM copy.t;
-- read: copy.db PRAGMA key="$RAW96";

-- script: to a file that is read-only
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
CREATE TABLE copy.u(a);
DETACH copy;
ATTACH 'file:$DIR/copy.db?mode=ro' AS copy KEY "$RAW96";
-- differs: an error of `sqlcipher_export`
-- ours: error 8: attempt to write a readonly database
SELECT sqlcipher_export('copy');
-- read: copy.db PRAGMA key="$RAW96";

-- script: into a transaction of its own
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/copy.db' AS copy KEY "$RAW96";
BEGIN;
SELECT sqlcipher_export('copy');
COMMIT;
-- read: copy.db PRAGMA key="$RAW96";

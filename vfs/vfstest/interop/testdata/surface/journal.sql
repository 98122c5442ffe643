-- Journals, logs and transactions.

-- script: delete
PRAGMA key = "$RAW";
PRAGMA journal_mode;
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(zeroblob(50000));
ROLLBACK;
BEGIN;
INSERT INTO t VALUES(1);
COMMIT;
SELECT * FROM t;

-- script: truncate
PRAGMA key = "$RAW";
PRAGMA journal_mode = TRUNCATE;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
SELECT * FROM t;

-- script: persist
PRAGMA key = "$RAW";
PRAGMA journal_mode = PERSIST;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
SELECT * FROM t;

-- script: memory
PRAGMA key = "$RAW";
PRAGMA journal_mode = MEMORY;
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
ROLLBACK;
INSERT INTO t VALUES(2);
SELECT * FROM t;

-- script: off
PRAGMA key = "$RAW";
PRAGMA journal_mode = OFF;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
SELECT * FROM t;

-- script: wal
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA journal_mode;
PRAGMA wal_checkpoint;
INSERT INTO t VALUES(2);
PRAGMA wal_checkpoint(TRUNCATE);
SELECT * FROM t;
-- swap
PRAGMA key = "$RAW";
SELECT * FROM t;
PRAGMA journal_mode;

-- script: wal and back
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA journal_mode = DELETE;
INSERT INTO t VALUES(2);
SELECT * FROM t;

-- script: wal of level 3
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));

-- script: wal with two connections
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
-- connection: other
PRAGMA key = "$RAW";
SELECT count(*) FROM t;
BEGIN;
SELECT count(*) FROM t;
-- connection:
INSERT INTO t VALUES(1);
-- connection: other
SELECT count(*) FROM t;
COMMIT;
SELECT count(*) FROM t;
INSERT INTO t VALUES(2);
-- connection:
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: wal and a wrong key
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
-- connection: other
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
SELECT count(*) FROM t;
-- connection:
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: wal in locking mode exclusive
PRAGMA key = "$RAW";
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
SELECT * FROM t;

-- script: locking mode exclusive
PRAGMA key = "$RAW";
PRAGMA locking_mode = EXCLUSIVE;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- connection: other
PRAGMA key = "$RAW";
SELECT * FROM t;
-- connection:
PRAGMA locking_mode = NORMAL;
SELECT * FROM t;
-- connection: other
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: savepoints
PRAGMA key = "$RAW";
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
SAVEPOINT s;
INSERT INTO t VALUES(zeroblob(50000));
SAVEPOINT r;
DELETE FROM t;
ROLLBACK TO r;
ROLLBACK TO s;
INSERT INTO t VALUES(2);
RELEASE s;
COMMIT;
SELECT * FROM t;

-- script: a statement that fails half-way
PRAGMA key = "$RAW";
CREATE TABLE t(a UNIQUE);
INSERT INTO t VALUES(1), (2);
UPDATE t SET a = 5;
INSERT INTO t SELECT a + 1 FROM t;
SELECT * FROM t;

-- script: temporary tables
PRAGMA key = "$RAW";
CREATE TABLE t(a);
CREATE TEMP TABLE x(a);
INSERT INTO x VALUES(zeroblob(100000)), (1);
INSERT INTO t SELECT length(a) FROM x;
SELECT * FROM t;
PRAGMA temp.page_size;

-- script: temporary files
PRAGMA key = "$RAW";
PRAGMA temp_store = FILE;
CREATE TABLE t(a);
CREATE TEMP TABLE x(a);
INSERT INTO x VALUES(zeroblob(100000)), (1);
INSERT INTO t SELECT length(a) FROM x;
SELECT * FROM t ORDER BY a;

-- script: synchronous off
PRAGMA key = "$RAW";
PRAGMA synchronous = OFF;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA synchronous;

-- script: journal_size_limit
PRAGMA key = "$RAW";
PRAGMA journal_mode = PERSIST;
PRAGMA journal_size_limit = 0;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(20000));

-- script: foreign keys
PRAGMA key = "$RAW";
PRAGMA foreign_keys = ON;
CREATE TABLE p(a PRIMARY KEY);
CREATE TABLE c(b REFERENCES p);
INSERT INTO c VALUES(1);
INSERT INTO p VALUES(1);
INSERT INTO c VALUES(1);
DELETE FROM p;
PRAGMA foreign_key_check;

-- script: full text
PRAGMA key = "$RAW";
CREATE VIRTUAL TABLE f USING fts5(a);
INSERT INTO f VALUES('the quick brown fox');
SELECT * FROM f WHERE f MATCH 'quick';
-- unread

-- script: a page of a log that is not committed
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
PRAGMA cache_size = 5;
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(zeroblob(200000));
ROLLBACK;
INSERT INTO t VALUES(1);
SELECT * FROM t;

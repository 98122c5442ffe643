-- Pages: auto_vacuum, secure_delete, the size of the file.

-- script: secure_delete after the key
PRAGMA secure_delete;
PRAGMA key = "$RAW";
PRAGMA secure_delete;
PRAGMA secure_delete = ON;
PRAGMA secure_delete = OFF;
-- unread

-- script: secure_delete off
PRAGMA key = "$RAW";
PRAGMA secure_delete = OFF;
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(zeroblob(100000)), (1);
DELETE FROM t WHERE length(a) > 10;
COMMIT;
SELECT * FROM t;
-- unread

-- script: auto_vacuum in full
PRAGMA key = "$RAW";
PRAGMA auto_vacuum = FULL;
CREATE TABLE t(a);
PRAGMA auto_vacuum;
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE length(a) > 10;
PRAGMA page_count;
SELECT * FROM t;

-- script: auto_vacuum by steps
PRAGMA key = "$RAW";
PRAGMA auto_vacuum = INCREMENTAL;
CREATE TABLE t(a);
PRAGMA auto_vacuum;
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE length(a) > 10;
PRAGMA freelist_count;
PRAGMA incremental_vacuum(3);
PRAGMA freelist_count;
PRAGMA incremental_vacuum;
PRAGMA page_count;
SELECT * FROM t;

-- script: auto_vacuum before the key
PRAGMA auto_vacuum = FULL;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- unread

-- script: auto_vacuum after a table
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA auto_vacuum = FULL;
PRAGMA auto_vacuum;

-- script: max_page_count
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA max_page_count = 5;
INSERT INTO t VALUES(zeroblob(50000));
SELECT count(*) FROM t;

-- script: a large value
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));
SELECT length(a) FROM t;

-- script: cache_size and cache_spill
PRAGMA key = "$RAW";
PRAGMA cache_size = 5;
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(zeroblob(200000)), (1);
INSERT INTO t SELECT a FROM t;
COMMIT;
SELECT count(*), sum(length(a)) FROM t;

-- script: zeros that grow the file
PRAGMA key = "$RAW";
PRAGMA auto_vacuum = FULL;
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1, zeroblob(500000));
UPDATE t SET b = zeroblob(100);
INSERT INTO t VALUES(2, zeroblob(3000));
PRAGMA page_count;

-- script: user_version and application_id
PRAGMA key = "$RAW";
PRAGMA user_version = 7;
PRAGMA application_id = 99;
PRAGMA user_version;
PRAGMA application_id;

-- script: encoding
PRAGMA key = "$RAW";
PRAGMA encoding = 'UTF-16le';
CREATE TABLE t(a);
INSERT INTO t VALUES('äöü');
PRAGMA encoding;
SELECT * FROM t;

-- script: encoding before the key
PRAGMA encoding = 'UTF-16be';
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA encoding;
-- unread

-- script: the size of the file
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA page_count;
PRAGMA main.page_count;
PRAGMA freelist_count;
PRAGMA schema_version;
-- random
PRAGMA data_version;

-- script: more pages than the cache holds
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 1024;
PRAGMA cache_size = 10;
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 2000) INSERT INTO t SELECT i, hex(i*i) FROM n;
CREATE INDEX i ON t(a);
DELETE FROM t WHERE id % 3 = 0;
UPDATE t SET a = a || a WHERE id % 5 = 0;
SELECT count(*), sum(length(a)) FROM t;

-- script: dbstat and sequences
PRAGMA key = "$RAW";
CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE) STRICT;
CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT UNIQUE) STRICT;
INSERT INTO t(b) VALUES('x'), ('y');
CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID;
INSERT INTO w VALUES(1, 2);
CREATE VIEW v AS SELECT * FROM t;
CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO w VALUES(new.a, new.b); END;
INSERT INTO t(b) VALUES('z');
SELECT * FROM w;
ANALYZE;

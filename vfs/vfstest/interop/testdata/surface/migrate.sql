-- PRAGMA cipher_migrate.
-- peers: 4.14

-- script: from level 3
PRAGMA key = 'secret';
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1), (zeroblob(5000));
PRAGMA user_version = 7;
-- reopen
PRAGMA key = 'secret';
PRAGMA cipher_migrate;
SELECT count(*) FROM t;
PRAGMA user_version;
-- read: main.db PRAGMA key='secret';

-- script: from level 2
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 2;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: from level 1
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 1;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: from a raw key of level 3
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: what is current already
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a file that is not there yet
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$RAW";

-- script: without a key
PRAGMA cipher_migrate;
CREATE TABLE t(a);
PRAGMA cipher_migrate;
-- read: main.db PRAGMA user_version;

-- script: with a wrong key
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$OTHER";
-- differs: `PRAGMA cipher_migrate` that cannot
-- ours: error 26: wrong key or wrong cipher settings
PRAGMA cipher_migrate;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_compatibility=3;

-- script: with a wrong key and then the right one
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$OTHER";
-- differs: `PRAGMA cipher_migrate` that cannot
-- ours: error 26: wrong key or wrong cipher settings
PRAGMA cipher_migrate;
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_compatibility=3;

-- script: after first use
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
SELECT * FROM t;
-- differs: `PRAGMA cipher_migrate` that cannot
-- ours: error 1: after the database was read
PRAGMA cipher_migrate;
-- unread

-- script: in a transaction
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
BEGIN;
-- differs: `PRAGMA cipher_migrate` that cannot
-- ours: error 1: inside of a transaction
PRAGMA cipher_migrate;
ROLLBACK;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_compatibility=3;

-- script: the journal mode stays
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
PRAGMA journal_mode;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: application_id
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA application_id = 9;
PRAGMA user_version = 8;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
PRAGMA user_version;
-- differs: the copy that `PRAGMA cipher_migrate` makes
-- ours: application_id=9
PRAGMA application_id;
-- unread

-- script: a file in clear
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
-- differs: `PRAGMA cipher_migrate` that cannot
-- ours: error 26: the database is not encrypted
PRAGMA cipher_migrate;
-- read: main.db PRAGMA user_version;

-- script: settings of another kind are not found
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 2048;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
-- differs: `PRAGMA cipher_migrate` that cannot
-- ours: error 26: wrong key or wrong cipher settings
PRAGMA cipher_migrate;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_page_size=2048;

-- script: to the defaults of the process
-- fresh
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA cipher_default_page_size = 8192;
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
PRAGMA cipher_page_size;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: with a value
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate = 1;
-- unread

-- script: all kinds of things
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE);
INSERT INTO t(b) VALUES('x'), ('y');
CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID;
CREATE VIEW v AS SELECT * FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO w VALUES(new.a, new.b); END;
CREATE INDEX i ON t(b) WHERE b > 'a';
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_migrate;
INSERT INTO t(b) VALUES('z');
SELECT * FROM w;
-- read: main.db PRAGMA key="$RAW";

-- script: while another connection reads
-- files: `PRAGMA cipher_migrate` while another connection uses the database
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- reopen
-- connection: other
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
BEGIN;
SELECT * FROM t;
-- connection:
PRAGMA key = "$RAW";
-- differs: `PRAGMA cipher_migrate` while another connection uses the database
-- ours: error 5: database is locked
PRAGMA cipher_migrate;
-- connection: other
SELECT * FROM t;
-- unread

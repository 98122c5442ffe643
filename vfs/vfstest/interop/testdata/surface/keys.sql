-- Several keys, one after the other, on one connection.

-- script: a wrong key is replaced
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
SELECT * FROM t;
PRAGMA key = "$RAW";
SELECT * FROM t;
INSERT INTO t VALUES(2);
-- read: main.db PRAGMA key="$RAW";

-- script: several wrong keys
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = 'a';
PRAGMA kdf_iter = 10;
SELECT * FROM t;
PRAGMA key = 'b';
PRAGMA kdf_iter = 10;
SELECT * FROM t;
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a wrong key that was not used
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a right key stays
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA key = 'other';
SELECT * FROM t;
INSERT INTO t VALUES(2);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
PRAGMA key = 'other';
INSERT INTO t VALUES(3);
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: an empty key after the right one
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA key = '';
INSERT INTO t VALUES(1);
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: an empty key after one that was not used
PRAGMA key = "$RAW";
PRAGMA key = '';
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$RAW";

-- script: a second key drops the settings
PRAGMA key = 'first';
PRAGMA cipher_page_size = 1024;
PRAGMA kdf_iter = 10;
PRAGMA key = "$RAW";
PRAGMA cipher_page_size;
PRAGMA kdf_iter;
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$RAW";

-- script: the first read without a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
SELECT * FROM t;
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: an empty file is looked at without a key
SELECT count(*) FROM sqlite_master;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: a table before the key
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA key = "$RAW";
SELECT * FROM t;
-- differs: an error on a page
-- ours: error 26: file is not a database
INSERT INTO t VALUES(2);
-- unread

-- script: a key for a file in clear
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
-- differs: an error on a page
-- ours: error 26: file is not a database
CREATE TABLE u(a);
-- read: main.db PRAGMA user_version;

-- script: a key for a file in clear, and then none
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
-- reopen
SELECT * FROM t;
-- read: main.db PRAGMA user_version;

-- script: a key in a transaction
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
BEGIN;
PRAGMA key = "$RAW";
SELECT * FROM t;
INSERT INTO t VALUES(1);
COMMIT;
-- read: main.db PRAGMA key="$RAW";

-- script: a right key within a transaction of a new file
BEGIN;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
COMMIT;
-- read: main.db PRAGMA key="$RAW";

-- script: a write transaction before the key
BEGIN IMMEDIATE;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
COMMIT;
-- unread

-- script: other pragmas before the key
PRAGMA foreign_keys = ON;
PRAGMA cache_size = 100;
PRAGMA temp_store = MEMORY;
PRAGMA busy_timeout = 100;
PRAGMA synchronous = OFF;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA foreign_keys;
-- read: main.db PRAGMA key="$RAW";

-- script: pragmas that read before the key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA user_version;
PRAGMA journal_mode;
PRAGMA page_count;
PRAGMA schema_version;
PRAGMA table_info(t);
PRAGMA integrity_check;
PRAGMA key = "$RAW";
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: synchronous and others of an encrypted file before the key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = 2;
PRAGMA cache_size = -2000;
PRAGMA busy_timeout = 5000;
PRAGMA key = "$RAW";
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: SELECT 1 before the key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
SELECT 1;
PRAGMA key = "$RAW";
SELECT 1;
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: SELECT 1 on an empty file
SELECT 1;
PRAGMA key = "$RAW";
SELECT 1;
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$RAW";

-- script: two connections on a new file
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT count(*) FROM sqlite_master;
-- connection: other
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT count(*) FROM sqlite_master;
CREATE TABLE t(a);
-- connection:
SELECT count(*) FROM t;
INSERT INTO t VALUES(1);
-- connection: other
SELECT * FROM t;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: two connections with different keys on a new file
PRAGMA key = 'one';
PRAGMA kdf_iter = 10;
SELECT count(*) FROM sqlite_master;
-- connection: other
PRAGMA key = 'two';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- connection:
SELECT count(*) FROM t;
-- read: main.db PRAGMA key='two'; PRAGMA kdf_iter=10;

-- script: the salt is read before another connection makes the file
PRAGMA key = "$RAW";
-- random
PRAGMA cipher_salt;
-- connection: other
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- connection:
-- differs: the salt of a file that another connection made meanwhile
-- ours: count(*)=0
SELECT count(*) FROM t;
-- unread

-- script: without HMAC a wrong key
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
PRAGMA cipher_use_hmac = OFF;
SELECT * FROM t;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_use_hmac=OFF;

-- script: without HMAC a wrong key is replaced
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
PRAGMA cipher_use_hmac = OFF;
SELECT * FROM t;
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
-- differs: a right key after a wrong one, without HMAC
-- ours: a: no row
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_use_hmac=OFF;

-- script: temp tables before the key
CREATE TEMP TABLE x(a);
INSERT INTO x VALUES(1);
PRAGMA key = "$RAW";
CREATE TABLE t AS SELECT * FROM x;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a key for temp
-- differs: a key for a temporary database or one in memory
-- ours: nothing
PRAGMA temp.key = 'secret';
CREATE TEMP TABLE x(a);
CREATE TABLE t(a);
SELECT * FROM x;
-- read: main.db PRAGMA user_version;

-- script: journal_mode before the key of a new file
PRAGMA journal_mode = WAL;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- unread

-- script: journal_mode before the key of an old file
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA journal_mode = WAL;
PRAGMA key = "$RAW";
SELECT count(*) FROM t;
-- read: main.db PRAGMA key="$RAW";

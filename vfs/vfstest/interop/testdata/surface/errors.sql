-- What goes wrong, and with which code and message.

-- script: an encrypted file without a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
SELECT * FROM t;
INSERT INTO t VALUES(1);
CREATE TABLE u(a);
PRAGMA user_version;
PRAGMA journal_mode = WAL;
BEGIN;
SELECT count(*) FROM sqlite_master;
ROLLBACK;
-- read: main.db PRAGMA key="$RAW";

-- script: a wrong key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
SELECT * FROM t;
-- differs: an error on a page
-- ours: error 26: file is not a database
SELECT * FROM t;
-- differs: an error on a page
-- ours: error 26: file is not a database
INSERT INTO t VALUES(1);
-- differs: an error on a page
-- ours: error 26: file is not a database
PRAGMA user_version;
-- read: main.db PRAGMA key="$RAW";

-- script: a wrong raw key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = "x'0000000000000000000000000000000000000000000000000000000000000000'";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a wrong key writes nothing
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
-- differs: an error on a page
-- ours: error 26: file is not a database
CREATE TABLE u(a);
-- read: main.db PRAGMA key="$RAW";

-- script: a file in clear with a key
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
-- differs: an error on a page
-- ours: error 26: file is not a database
SELECT * FROM t;
-- read: main.db PRAGMA user_version;

-- script: a damaged first page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- flip: main.db 100
PRAGMA key = "$RAW";
SELECT * FROM t;
-- differs: an error on a page
-- ours: error 26: file is not a database
SELECT * FROM t;

-- script: a damaged first tag
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- flip: main.db 4090
PRAGMA key = "$RAW";
SELECT * FROM t;

-- script: a damaged first vector
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- flip: main.db 4020
PRAGMA key = "$RAW";
SELECT * FROM t;

-- script: a damaged salt
-- unread
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
-- flip: main.db 0
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a damaged salt is of no matter to a key that brings one
-- unread
PRAGMA key = "$RAW96";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
-- flip: main.db 0
PRAGMA key = "$RAW96";
SELECT * FROM t;

-- script: a damaged page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
CREATE TABLE u(a);
INSERT INTO u VALUES(2);
-- reopen
-- flip: main.db 5000
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;
SELECT * FROM t;
-- differs: an error on a page
-- ours: error 11: database disk image is malformed
SELECT * FROM t;
-- differs: an error on a page
-- ours: a=2
SELECT * FROM u;

-- script: a damaged page and integrity_check
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
CREATE TABLE u(a);
INSERT INTO u VALUES(2);
-- reopen
-- flip: main.db 5000
PRAGMA key = "$RAW";
SELECT * FROM u;
-- differs: an error on a page
-- ours: error 11: database disk image is malformed
PRAGMA integrity_check;

-- script: the last page of a value damaged
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(hex(zeroblob(5000)));
-- reopen
-- flip: main.db 16000
PRAGMA key = "$RAW";
-- differs: the last page of a value damaged
-- ours: error 11: database disk image is malformed
SELECT length(a), sum(unicode(a)) FROM t;

-- script: a page in the middle of a value damaged
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(hex(zeroblob(9000)));
-- reopen
-- flip: main.db 9000
PRAGMA key = "$RAW";
SELECT a FROM t;

-- script: a damaged page without HMAC
-- unread
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
-- flip: main.db 100
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
SELECT * FROM t;

-- script: an empty file
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;
PRAGMA user_version;
CREATE TABLE t(a);

-- script: a file of one byte
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- truncate: main.db 1
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;
CREATE TABLE u(a);

-- script: a file of two bytes
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- truncate: main.db 2
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;

-- script: a file of 16 bytes
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- truncate: main.db 16
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;

-- script: a file that ends within the first page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- truncate: main.db 3000
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;

-- script: a file that ends within the second page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
-- truncate: main.db 6000
PRAGMA key = "$RAW";
SELECT * FROM t;

-- script: a file cut at a page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
-- truncate: main.db 4096
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;

-- script: more bytes at the end
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
-- append: main.db 10
PRAGMA key = "$RAW";
SELECT * FROM t;
INSERT INTO t VALUES(2);
SELECT * FROM t;

-- script: more pages at the end
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
-- append: main.db 8192
PRAGMA key = "$RAW";
SELECT * FROM t;
INSERT INTO t VALUES(2);
CREATE TABLE u(a);
INSERT INTO u VALUES(zeroblob(20000));
SELECT * FROM t;

-- script: a missing file that is read-only
-- unread
-- reopen ro
SELECT 1;

-- script: a file that is read-only
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen ro
PRAGMA key = "$RAW";
SELECT * FROM t;
INSERT INTO t VALUES(2);
CREATE TABLE u(a);
PRAGMA user_version = 1;
-- read: main.db PRAGMA key="$RAW";

-- script: an empty file that is read-only
-- unread
PRAGMA user_version;
-- reopen ro
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;
CREATE TABLE t(a);

-- script: a locked database
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- connection: other
PRAGMA key = "$RAW";
BEGIN EXCLUSIVE;
-- connection:
SELECT * FROM t;
INSERT INTO t VALUES(1);
-- connection: other
INSERT INTO t VALUES(2);
COMMIT;
-- connection:
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a locked database and its first read
PRAGMA key = "$RAW";
CREATE TABLE t(a);
BEGIN EXCLUSIVE;
-- connection: other
PRAGMA key = "$RAW";
SELECT * FROM t;
-- connection:
COMMIT;
-- connection: other
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: another writer
PRAGMA key = "$RAW";
CREATE TABLE t(a);
BEGIN IMMEDIATE;
INSERT INTO t VALUES(1);
-- connection: other
PRAGMA key = "$RAW";
SELECT * FROM t;
INSERT INTO t VALUES(2);
BEGIN IMMEDIATE;
-- connection:
ROLLBACK;
-- connection: other
INSERT INTO t VALUES(3);
-- connection:
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: mistakes in SQL
PRAGMA key = "$RAW";
CREATE TABLE t(a UNIQUE, b NOT NULL DEFAULT 1 CHECK(b < 10));
SELEC 1;
SELECT * FROM nowhere;
SELECT nothing FROM t;
INSERT INTO t(a) VALUES(1);
INSERT INTO t(a) VALUES(1);
INSERT INTO t(a, b) VALUES(2, NULL);
INSERT INTO t(a, b) VALUES(3, 30);
CREATE TABLE t(a);
DROP TABLE u;
SELECT 'unfinished FROM t;
';
COMMIT;
ROLLBACK;
SELECT nofunction(1);
SELECT abs(-9223372036854775808);

-- script: no key when SQL has mistakes
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
SELEC 1;
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a pragma with too much behind it
PRAGMA key = 'a' 'b';
PRAGMA key 'a';
PRAGMA = 'a';
PRAGMA key == 'a';
PRAGMA key = ;
-- unread

-- script: keys are in no message
PRAGMA key = "topsecret;
";
PRAGMA kdf_iter = 10;
SELECT * FROM nowhere;
-- unread

-- script: a key for a database in memory
-- unread
ATTACH ':memory:' AS m;
-- differs: a key for a temporary database or one in memory
-- ours: nothing
PRAGMA m.key = 'secret';
CREATE TABLE m.t(a);
-- differs: a key for a temporary database or one in memory
-- ours: nothing
PRAGMA m.cipher_settings;
-- differs: a key for a temporary database or one in memory
-- ours: nothing
PRAGMA m.rekey = 'other';

-- script: a whole file of zeros
-- unread
PRAGMA user_version;
-- append: main.db 8192
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;

-- script: a whole file of zeros without a key
-- unread
PRAGMA user_version;
-- append: main.db 8192
-- reopen
SELECT count(*) FROM sqlite_master;

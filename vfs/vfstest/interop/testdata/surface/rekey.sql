-- PRAGMA rekey.

-- script: from one passphrase to another
PRAGMA key = 'first';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
INSERT INTO t VALUES(1), (zeroblob(10000));
PRAGMA rekey = 'second';
SELECT count(*) FROM t;
INSERT INTO t VALUES(2);
-- reopen
PRAGMA key = 'second';
PRAGMA kdf_iter = 10;
SELECT count(*) FROM t;
-- reopen
PRAGMA key = 'first';
PRAGMA kdf_iter = 10;
SELECT count(*) FROM t;
-- read: main.db PRAGMA key='second'; PRAGMA kdf_iter=10;

-- script: from a file that was opened anew
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
PRAGMA rekey = "$OTHER";
SELECT * FROM t;
-- read: main.db PRAGMA key="$OTHER";

-- script: to a raw key
PRAGMA key = 'first';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: to a raw key with salt
PRAGMA key = 'first';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$RAW96";
PRAGMA cipher_salt;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: to a raw key with MAC key and salt
-- peers: 4.14
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$RAW160";
PRAGMA cipher_salt;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW160";

-- script: to the same key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: the salt stays
PRAGMA key = "$RAW96";
CREATE TABLE t(a);
PRAGMA rekey = "$OTHER";
PRAGMA cipher_salt;
-- read: main.db PRAGMA key="$OTHER";

-- script: twice
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$OTHER";
PRAGMA rekey = "$RAW96";
INSERT INTO t VALUES(2);
-- read: main.db PRAGMA key="$RAW";

-- script: hexrekey
PRAGMA key = "$RAW";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
PRAGMA hexrekey = '736563726574';
SELECT * FROM t;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: hexrekey with a letter that is no digit
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- differs: `hexkey` with a character that is no hex digit
-- ours: error 1: An error occurred with PRAGMA key or rekey.
PRAGMA hexrekey = '6162zz';
-- unread

-- script: the settings stay
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 1024;
PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
PRAGMA rekey = "$OTHER";
PRAGMA cipher_settings;
SELECT length(a) FROM t;
-- read: main.db PRAGMA key="$OTHER"; PRAGMA cipher_page_size=1024; PRAGMA cipher_hmac_algorithm=HMAC_SHA256; PRAGMA kdf_iter=10;

-- script: settings in front of it are passed over
-- peers: 4.14
PRAGMA key = 'first';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
PRAGMA kdf_iter = 20;
PRAGMA cipher_page_size = 1024;
PRAGMA rekey = 'second';
PRAGMA kdf_iter;
-- read: main.db PRAGMA key='second'; PRAGMA kdf_iter=10;

-- script: of level 1
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 1;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$OTHER";
SELECT * FROM t;
-- read: main.db PRAGMA key="$OTHER"; PRAGMA cipher_compatibility=1; PRAGMA kdf_iter=10;

-- script: of level 3
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$OTHER";
SELECT * FROM t;
-- read: main.db PRAGMA key="$OTHER"; PRAGMA cipher_compatibility=3; PRAGMA kdf_iter=10;

-- script: of an empty database
PRAGMA key = "$RAW";
PRAGMA rekey = "$OTHER";
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$OTHER";

-- script: of a database in clear
CREATE TABLE t(a);
PRAGMA rekey = "$OTHER";
SELECT * FROM t;
PRAGMA hexrekey = '6162';
-- read: main.db PRAGMA user_version;

-- script: of a new file without a key
PRAGMA rekey = "$OTHER";
CREATE TABLE t(a);
-- read: main.db PRAGMA user_version;

-- script: to an empty key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = '';
SELECT * FROM t;
PRAGMA hexrekey = '';
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: without a value
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA rekey;
PRAGMA hexrekey;
-- read: main.db PRAGMA key="$RAW";

-- script: with a wrong key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$OTHER";
-- differs: `PRAGMA rekey` that cannot be done
-- ours: error 26: file is not a database
PRAGMA rekey = "$OTHER";
-- read: main.db PRAGMA key="$RAW";

-- script: on a file that is read-only
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen ro
PRAGMA key = "$RAW";
-- differs: `PRAGMA rekey` that cannot be done
-- ours: error 8: attempt to write a readonly database
PRAGMA rekey = "$OTHER";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: in a transaction
PRAGMA key = "$RAW";
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
-- differs: `PRAGMA rekey` inside of a transaction
-- ours: error 1: not supported on an encrypted database: a new key inside of a transaction
PRAGMA rekey = "$OTHER";
-- unread

-- script: while another connection writes
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- connection: other
PRAGMA key = "$RAW";
BEGIN IMMEDIATE;
INSERT INTO t VALUES(1);
-- connection:
-- differs: `PRAGMA rekey` that cannot be done
-- ours: error 5: database is locked
PRAGMA rekey = "$OTHER";
-- connection: other
COMMIT;
-- unread

-- script: while another connection reads
-- files: `PRAGMA rekey` that cannot be done
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- connection: other
PRAGMA key = "$RAW";
BEGIN;
SELECT * FROM t;
-- connection:
-- differs: `PRAGMA rekey` that cannot be done
-- ours: error 5: database is locked
PRAGMA rekey = "$OTHER";
-- connection: other
COMMIT;
-- read: main.db PRAGMA key="$RAW";

-- script: another connection with the old key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- connection: other
PRAGMA key = "$RAW";
SELECT * FROM t;
-- connection:
PRAGMA rekey = "$OTHER";
-- connection: other
SELECT * FROM t;
-- unread

-- script: with a log
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(20000));
PRAGMA rekey = "$OTHER";
SELECT length(a) FROM t;
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$OTHER";
SELECT length(a) FROM t;
PRAGMA journal_mode;

-- script: with a journal that is truncated
PRAGMA key = "$RAW";
PRAGMA journal_mode = TRUNCATE;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(20000));
PRAGMA rekey = "$OTHER";
SELECT length(a) FROM t;
-- read: main.db PRAGMA key="$OTHER";

-- script: with a journal in memory
PRAGMA key = "$RAW";
PRAGMA journal_mode = MEMORY;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(20000));
PRAGMA rekey = "$OTHER";
SELECT length(a) FROM t;
-- read: main.db PRAGMA key="$OTHER";

-- script: of an attached database
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW96";
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
PRAGMA aux.rekey = "$OTHER";
SELECT * FROM aux.u;
-- read: main.db PRAGMA key="$RAW";
-- read: aux.db PRAGMA key="$OTHER";

-- script: of a schema that there is not
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA nowhere.rekey = "$OTHER";
-- unread

-- script: of an attached database in clear
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/plain.db' AS plain KEY '';
CREATE TABLE plain.u(b);
PRAGMA plain.rekey = "$OTHER";
-- read: plain.db PRAGMA user_version;

-- script: an attached database of the same key stays
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
PRAGMA rekey = "$OTHER";
INSERT INTO aux.u VALUES(1);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$OTHER";
-- read: aux.db PRAGMA key="$RAW";

-- script: free pages and auto_vacuum
PRAGMA key = "$RAW";
PRAGMA auto_vacuum = INCREMENTAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE a = zeroblob(50000);
PRAGMA freelist_count;
PRAGMA rekey = "$OTHER";
PRAGMA freelist_count;
SELECT * FROM t;
-- read: main.db PRAGMA key="$OTHER";

-- script: a plaintext header
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$OTHER";
SELECT * FROM t;
-- read: main.db PRAGMA key="$OTHER"; PRAGMA cipher_plaintext_header_size=32; PRAGMA cipher_salt="x'000102030405060708090a0b0c0d0e0f'";

-- script: then VACUUM
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(20000));
PRAGMA rekey = "$OTHER";
VACUUM;
SELECT length(a) FROM t;
-- read: main.db PRAGMA key="$OTHER";

-- script: then ATTACH without a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA rekey = "$OTHER";
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
-- read: main.db PRAGMA key="$OTHER";
-- read: aux.db PRAGMA key="$OTHER";

-- script: then key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = "$OTHER";
PRAGMA key = 'third';
SELECT * FROM t;
-- read: main.db PRAGMA key="$OTHER";

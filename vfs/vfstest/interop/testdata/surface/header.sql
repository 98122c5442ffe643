-- Plaintext headers.

-- script: 32 bytes
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
PRAGMA cipher_plaintext_header_size;
PRAGMA cipher_salt;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- swap
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
SELECT * FROM t;
INSERT INTO t VALUES(2);

-- script: 16 bytes
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 16;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: 48 bytes
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 48;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: 112 bytes
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 112;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: with a key that brings its salt
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 32;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA cipher_salt;

-- script: with a passphrase
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: without a salt
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_plaintext_header_size = 32;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- random
PRAGMA cipher_salt;
-- reopen
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_plaintext_header_size = 32;
SELECT * FROM t;
-- unread

-- script: with a log
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: level 3
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));

-- script: by default
-- fresh
PRAGMA cipher_default_plaintext_header_size = 32;
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW96";

-- script: not a multiple of 16
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "33" for cipher_plaintext_header_size
PRAGMA cipher_plaintext_header_size = 33;
-- unread

-- script: below 0
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "-16" for cipher_plaintext_header_size
PRAGMA cipher_plaintext_header_size = -16;
-- unread

-- script: more than a page
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad cipher setting
PRAGMA cipher_plaintext_header_size = 8192;
-- unread

-- script: as large as a page
-- peers: 4.14
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 4016;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
SELECT * FROM t;
-- unread

-- script: a wrong key with 32 bytes
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 32;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$OTHER96";
PRAGMA cipher_plaintext_header_size = 32;
-- differs: a wrong key or none for a file with a plaintext header
-- ours: error 26: file is not a database
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW96"; PRAGMA cipher_plaintext_header_size=32;

-- script: a header without its salt
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 32;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_plaintext_header_size = 32;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW96"; PRAGMA cipher_plaintext_header_size=32;

-- script: a wrong key with 16 bytes
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 16;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$OTHER96";
PRAGMA cipher_plaintext_header_size = 16;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW96"; PRAGMA cipher_plaintext_header_size=16;

-- script: no key with 32 bytes
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 32;
CREATE TABLE t(a);
-- reopen
-- differs: a wrong key or none for a file with a plaintext header
-- ours: error 26: file is not a database
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW96"; PRAGMA cipher_plaintext_header_size=32;

-- script: the header size not said
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 32;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW96";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW96"; PRAGMA cipher_plaintext_header_size=32;

-- script: a header size where there is none
PRAGMA key = "$RAW96";
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 32;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW96";

-- script: converted in place
-- unread
PRAGMA key = "$RAW96";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW96";
SELECT * FROM t;
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA user_version = 1;
SELECT * FROM t;
-- reopen
PRAGMA key = "$RAW96";
PRAGMA cipher_plaintext_header_size = 32;
SELECT * FROM t;

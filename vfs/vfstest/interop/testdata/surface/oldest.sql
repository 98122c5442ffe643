-- With files of the old SQLCipher 3.4.1, which has no levels: they are of level 3.
-- peers: 4.14 3.4.1

-- script: a passphrase
PRAGMA key = 'secret';
PRAGMA cipher_page_size = 1024;
PRAGMA kdf_iter = 64000;
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1), (zeroblob(5000));
SELECT * FROM t;
-- swap
PRAGMA key = 'secret';
PRAGMA cipher_compatibility = 3;
SELECT count(*) FROM t;
INSERT INTO t VALUES(3);

-- script: a raw key
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1), (zeroblob(4500));
DELETE FROM t WHERE a = 1;
CREATE INDEX i ON t(a);

-- script: a raw key with salt
PRAGMA key = "$RAW96";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: without HMAC
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_use_hmac = OFF;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: a page size
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_page_size = 4096;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: iterations
PRAGMA key = 'secret';
PRAGMA cipher_compatibility = 3;
PRAGMA kdf_iter = 4000;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: fast iterations
PRAGMA key = 'secret';
PRAGMA cipher_compatibility = 3;
PRAGMA kdf_iter = 100;
PRAGMA fast_kdf_iter = 100;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: page numbers, big-endian
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_hmac_pgno = be;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: a log
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: auto_vacuum
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
PRAGMA auto_vacuum = FULL;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE length(a) > 10;

-- script: VACUUM
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE length(a) > 10;
VACUUM;

-- script: rekey
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA rekey = 'second';
-- read: main.db PRAGMA key='second'; PRAGMA cipher_compatibility=3;

-- script: an attached file
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
ATTACH '$DIR/plain.db' AS plain KEY '';
CREATE TABLE plain.u(b);
INSERT INTO plain.u VALUES(1);
-- read: plain.db PRAGMA user_version;

-- script: a wrong key
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA cipher_compatibility = 3;
PRAGMA kdf_iter = 10;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_compatibility=3;

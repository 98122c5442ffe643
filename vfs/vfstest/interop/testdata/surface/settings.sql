-- Settings of one database: what they answer, and that the files fit.

-- script: without a key nothing is answered
PRAGMA cipher_page_size;
PRAGMA kdf_iter;
PRAGMA fast_kdf_iter;
PRAGMA cipher_use_hmac;
PRAGMA cipher_hmac_algorithm;
PRAGMA cipher_kdf_algorithm;
PRAGMA cipher_hmac_pgno;
PRAGMA cipher_plaintext_header_size;
PRAGMA cipher_salt;
PRAGMA cipher_compatibility;
PRAGMA cipher_store_pass;
PRAGMA cipher_page_size = 1024;
PRAGMA kdf_iter = 10;
PRAGMA cipher_use_hmac = OFF;
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- read: main.db PRAGMA user_version;

-- script: the defaults of level 4
PRAGMA key = "$RAW";
PRAGMA cipher_page_size;
PRAGMA kdf_iter;
PRAGMA fast_kdf_iter;
PRAGMA cipher_use_hmac;
PRAGMA cipher_hmac_algorithm;
PRAGMA cipher_kdf_algorithm;
PRAGMA cipher_hmac_pgno;
PRAGMA cipher_plaintext_header_size;
PRAGMA cipher_compatibility;
PRAGMA page_size;
-- unread

-- script: the mask
-- fresh
PRAGMA cipher_hmac_salt_mask;
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_salt_mask;
PRAGMA cipher_hmac_salt_mask = "x'00'";
PRAGMA cipher_hmac_salt_mask;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_hmac_salt_mask="x'00'";

-- script: the mask in capital letters
-- fresh
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_salt_mask = "X'FE'";
PRAGMA cipher_hmac_salt_mask;
-- unread

-- script: values of a mask that are none
-- fresh
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value
PRAGMA cipher_hmac_salt_mask = '3b';
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value
PRAGMA cipher_hmac_salt_mask = "x'3b3c'";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value
PRAGMA cipher_hmac_salt_mask = "x'zz'";
-- unread

-- script: level 1
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 1;
PRAGMA cipher_page_size;
PRAGMA kdf_iter;
PRAGMA cipher_use_hmac;
PRAGMA cipher_hmac_algorithm;
PRAGMA cipher_kdf_algorithm;
PRAGMA cipher_settings;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: level 2
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 2;
PRAGMA cipher_settings;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: level 3
PRAGMA key = 'secret';
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_settings;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: level 4
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 4;
PRAGMA cipher_settings;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: one level after the other
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 1;
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_settings;
PRAGMA cipher_compatibility = 4;
PRAGMA cipher_settings;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: a level leaves other settings alone
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_pgno = be;
PRAGMA fast_kdf_iter = 7;
PRAGMA cipher_plaintext_header_size = 32;
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_hmac_pgno;
PRAGMA fast_kdf_iter;
PRAGMA cipher_plaintext_header_size;
-- unread

-- script: a level of 0
PRAGMA key = "$RAW";
-- differs: a level that there is not
-- ours: error 1: bad value "0" for cipher_compatibility
PRAGMA cipher_compatibility = 0;
-- unread

-- script: a level of 5
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
-- differs: a level that there is not
-- ours: error 1: bad value "5" for cipher_compatibility
PRAGMA cipher_compatibility = 5;
-- unread

-- script: a level that is no number
PRAGMA key = "$RAW";
-- differs: a level that there is not
-- ours: error 1: bad value "three" for cipher_compatibility
PRAGMA cipher_compatibility = three;
-- unread

-- script: page size 512 without HMAC
-- fresh
PRAGMA cipher_default_use_hmac = OFF;
PRAGMA cipher_default_page_size = 512;
PRAGMA key = "$RAW";
PRAGMA cipher_page_size;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: page size 512 with HMAC
PRAGMA key = "$RAW";
-- differs: a page size of 512 with HMAC
-- ours: error 1: bad cipher setting
PRAGMA cipher_page_size = 512;
-- unread

-- script: page size 1024
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 1024;
PRAGMA cipher_page_size;
PRAGMA page_size;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
PRAGMA page_count;
PRAGMA cipher_page_size;

-- script: page size 2048
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 2048;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
PRAGMA page_count;

-- script: page size 8192
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 8192;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));
PRAGMA page_count;

-- script: page size 16384
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 16384;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));

-- script: page size 32768
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 32768;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));

-- script: page size 65536
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 65536;
PRAGMA cipher_page_size;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(200000));
PRAGMA page_count;

-- script: page_size is cipher_page_size
-- peers: 4.14
PRAGMA key = "$RAW";
PRAGMA page_size;
PRAGMA page_size = 8192;
PRAGMA page_size;
PRAGMA cipher_page_size;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW"; PRAGMA page_size=8192;

-- script: page_size before the key is lost
PRAGMA page_size = 8192;
PRAGMA key = "$RAW";
PRAGMA cipher_page_size;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA page_size;
-- read: main.db PRAGMA key="$RAW";

-- script: settings before the key are lost
PRAGMA cipher_page_size = 8192;
PRAGMA kdf_iter = 10;
PRAGMA cipher_use_hmac = OFF;
PRAGMA key = "$RAW";
PRAGMA cipher_settings;
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$RAW";

-- script: a page size that is no power of two
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "1000" for cipher_page_size
PRAGMA cipher_page_size = 1000;
-- unread

-- script: a page size too large
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "131072" for cipher_page_size
PRAGMA cipher_page_size = 131072;
-- unread

-- script: a page size too small
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "256" for cipher_page_size
PRAGMA cipher_page_size = 256;
-- unread

-- script: a page size of 0
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "0" for cipher_page_size
PRAGMA cipher_page_size = 0;
-- unread

-- script: a wrong page size that is set right again
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 8192;
PRAGMA cipher_page_size = 4096;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a number as text
PRAGMA key = 'secret';
PRAGMA kdf_iter = '10';
PRAGMA kdf_iter;
PRAGMA kdf_iter = "11";
PRAGMA kdf_iter;
PRAGMA kdf_iter = [12];
PRAGMA kdf_iter;
CREATE TABLE t(a);

-- script: a number with blanks in front
PRAGMA key = 'secret';
PRAGMA kdf_iter = ' 10';
PRAGMA kdf_iter;
-- unread

-- script: a number with a plus
PRAGMA key = 'secret';
PRAGMA kdf_iter = +10;
PRAGMA kdf_iter;
-- unread

-- script: a fraction
PRAGMA key = 'secret';
-- differs: a number with more behind it
-- ours: error 1: bad value "10.7" for kdf_iter
PRAGMA kdf_iter = 10.7;
-- unread

-- script: a number with letters behind
PRAGMA key = 'secret';
-- differs: a number with more behind it
-- ours: error 1: bad value "10abc" for kdf_iter
PRAGMA kdf_iter = '10abc';
-- unread

-- script: kdf_iter of 1
PRAGMA key = 'secret';
PRAGMA kdf_iter = 1;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: kdf_iter of 0
PRAGMA key = 'secret';
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "0" for kdf_iter
PRAGMA kdf_iter = 0;
-- unread

-- script: kdf_iter below 0
PRAGMA key = 'secret';
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "-1" for kdf_iter
PRAGMA kdf_iter = -1;
-- unread

-- script: kdf_iter that is no number
PRAGMA key = 'secret';
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "many" for kdf_iter
PRAGMA kdf_iter = many;
-- unread

-- script: kdf_iter too large
PRAGMA key = 'secret';
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "4294967297" for kdf_iter
PRAGMA kdf_iter = 4294967297;
-- unread

-- script: kdf_iter is of no matter to a raw key
PRAGMA key = "$RAW";
PRAGMA kdf_iter = 77;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: fast_kdf_iter
PRAGMA key = "$RAW";
PRAGMA fast_kdf_iter = 5;
PRAGMA fast_kdf_iter;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: fast_kdf_iter of 0
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "0" for fast_kdf_iter
PRAGMA fast_kdf_iter = 0;
-- unread

-- script: without HMAC
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
PRAGMA cipher_use_hmac;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: HMAC off and on again
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = 0;
PRAGMA cipher_use_hmac;
PRAGMA cipher_use_hmac = 1;
PRAGMA cipher_use_hmac;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: words for false
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = off;
PRAGMA cipher_use_hmac;
PRAGMA cipher_use_hmac = on;
PRAGMA cipher_use_hmac = no;
PRAGMA cipher_use_hmac;
PRAGMA cipher_use_hmac = yes;
PRAGMA cipher_use_hmac = false;
PRAGMA cipher_use_hmac;
PRAGMA cipher_use_hmac = True;
PRAGMA cipher_use_hmac = 'OFF';
PRAGMA cipher_use_hmac;
-- unread

-- script: words for true
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = off;
PRAGMA cipher_use_hmac = ON;
PRAGMA cipher_use_hmac;
PRAGMA cipher_use_hmac = off;
PRAGMA cipher_use_hmac = TRUE;
PRAGMA cipher_use_hmac;
PRAGMA cipher_use_hmac = off;
PRAGMA cipher_use_hmac = Yes;
PRAGMA cipher_use_hmac;
-- unread

-- script: a number other than 1 is true
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = 0;
PRAGMA cipher_use_hmac = 2;
PRAGMA cipher_use_hmac;
-- unread

-- script: a word that is neither true nor false
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "maybe" for cipher_use_hmac
PRAGMA cipher_use_hmac = maybe;
-- unread

-- script: HMAC with SHA1
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_algorithm = HMAC_SHA1;
PRAGMA cipher_hmac_algorithm;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: HMAC with SHA256
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
PRAGMA cipher_hmac_algorithm;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: HMAC with SHA512 in small letters
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_algorithm = hmac_sha512;
PRAGMA cipher_hmac_algorithm;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: an HMAC algorithm that nobody knows
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "HMAC_MD5" for cipher_hmac_algorithm
PRAGMA cipher_hmac_algorithm = HMAC_MD5;
-- unread

-- script: a KDF algorithm that nobody knows
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "PBKDF2_HMAC_MD5" for cipher_kdf_algorithm
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_MD5;
-- unread

-- script: an algorithm of the other kind
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "PBKDF2_HMAC_SHA1" for cipher_hmac_algorithm
PRAGMA cipher_hmac_algorithm = PBKDF2_HMAC_SHA1;
-- unread

-- script: KDF with SHA1
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1;
PRAGMA cipher_kdf_algorithm;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: KDF with SHA256
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_kdf_algorithm = pbkdf2_hmac_sha256;
PRAGMA cipher_kdf_algorithm;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: KDF and HMAC of different kinds
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1;
PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
PRAGMA cipher_page_size = 2048;
PRAGMA cipher_settings;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: SHA1 for pages and SHA512 for keys
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_hmac_algorithm = HMAC_SHA1;
PRAGMA cipher_page_size = 1024;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: page numbers, big-endian
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_pgno = be;
PRAGMA cipher_hmac_pgno;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: page numbers, native
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_pgno = NATIVE;
PRAGMA cipher_hmac_pgno;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: page numbers, little-endian again
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_pgno = be;
PRAGMA cipher_hmac_pgno = le;
PRAGMA cipher_hmac_pgno;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);

-- script: an order of page numbers that there is not
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "middle" for cipher_hmac_pgno
PRAGMA cipher_hmac_pgno = middle;
-- unread

-- script: a salt given
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
PRAGMA cipher_salt;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: a salt given in capital letters
PRAGMA key = "$RAW";
PRAGMA cipher_salt = "X'000102030405060708090A0B0C0D0E0F'";
PRAGMA cipher_salt;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: a salt of random bytes
PRAGMA key = "$RAW";
-- random
PRAGMA cipher_salt;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- random
PRAGMA cipher_salt;

-- script: a salt in another form
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "..." for cipher_salt
PRAGMA cipher_salt = '000102030405060708090a0b0c0d0e0f';
-- unread

-- script: a salt too short
PRAGMA key = "$RAW";
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "..." for cipher_salt
PRAGMA cipher_salt = "x'0001'";
-- unread

-- script: a salt that is not the file's
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

-- script: a key with a salt goes before cipher_salt
PRAGMA key = "$RAW96";
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
CREATE TABLE t(a);
PRAGMA cipher_salt;
-- read: main.db PRAGMA key="$RAW96";

-- script: store_pass
-- fresh
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_store_pass;
PRAGMA cipher_store_pass = 1;
PRAGMA cipher_store_pass;
CREATE TABLE t(a);
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: settings after first use are passed over
-- peers: 4.14
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA kdf_iter = 10;
PRAGMA kdf_iter;
PRAGMA cipher_page_size = 1024;
PRAGMA cipher_page_size;
PRAGMA cipher_use_hmac = OFF;
PRAGMA cipher_use_hmac;
PRAGMA cipher_hmac_algorithm = HMAC_SHA1;
PRAGMA cipher_hmac_algorithm;
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1;
PRAGMA cipher_kdf_algorithm;
PRAGMA fast_kdf_iter = 3;
PRAGMA fast_kdf_iter;
PRAGMA cipher_compatibility = 3;
PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'";
PRAGMA cipher_settings;
INSERT INTO t VALUES(1);
SELECT * FROM t;

-- script: the order of page numbers after first use
-- peers: 4.14
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
PRAGMA cipher_hmac_pgno = be;
-- differs: `cipher_hmac_pgno` after the key was used
-- ours: cipher_hmac_pgno='le'
PRAGMA cipher_hmac_pgno;

-- script: settings after first use in an older release
-- peers: 4.14
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
PRAGMA cipher_page_size = 8192;
PRAGMA page_size = 8192;
INSERT INTO t VALUES(1);
SELECT * FROM t;
VACUUM;
SELECT * FROM t;

-- script: settings in any case and with a schema
PRAGMA key = "$RAW";
PRAGMA Cipher_Page_Size = 2048;
PRAGMA MAIN.CIPHER_PAGE_SIZE;
PRAGMA main.cipher_use_hmac;
PRAGMA temp.cipher_use_hmac;
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_page_size=2048;

-- script: a setting of a schema that there is not
PRAGMA key = "$RAW";
PRAGMA nowhere.cipher_page_size;
PRAGMA nowhere.kdf_iter = 5;
PRAGMA kdf_iter;
-- unread

-- script: wrong settings and then the right ones
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 8192;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 8192;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_page_size=8192;

-- script: wrong HMAC algorithm
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_hmac_algorithm=HMAC_SHA256;

-- script: wrong order of page numbers
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_pgno = be;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_hmac_pgno=be;

-- script: wrong level
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_compatibility=3;

-- script: wrong number of iterations
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'secret';
PRAGMA kdf_iter = 11;
SELECT * FROM t;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: HMAC where there is none
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_use_hmac=OFF;

-- script: no HMAC where there is one
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW";

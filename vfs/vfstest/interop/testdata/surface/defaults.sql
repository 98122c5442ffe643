-- Defaults of the process, which later keys start from.
-- fresh

-- script: the defaults at first
PRAGMA cipher_default_kdf_iter;
PRAGMA cipher_default_page_size;
PRAGMA cipher_default_use_hmac;
PRAGMA cipher_default_hmac_algorithm;
PRAGMA cipher_default_kdf_algorithm;
PRAGMA cipher_default_plaintext_header_size;
PRAGMA cipher_default_compatibility;
PRAGMA cipher_default_settings;
-- unread

-- script: all of them set
PRAGMA cipher_default_kdf_iter = 10;
PRAGMA cipher_default_kdf_iter;
PRAGMA cipher_default_page_size = 2048;
PRAGMA cipher_default_page_size;
PRAGMA cipher_default_use_hmac = OFF;
PRAGMA cipher_default_use_hmac;
PRAGMA cipher_default_use_hmac = ON;
PRAGMA cipher_default_hmac_algorithm = HMAC_SHA256;
PRAGMA cipher_default_hmac_algorithm;
PRAGMA cipher_default_kdf_algorithm = PBKDF2_HMAC_SHA1;
PRAGMA cipher_default_kdf_algorithm;
PRAGMA cipher_default_plaintext_header_size = 32;
PRAGMA cipher_default_plaintext_header_size;
PRAGMA cipher_default_plaintext_header_size = 0;
PRAGMA cipher_default_settings;
PRAGMA key = "$RAW";
PRAGMA cipher_settings;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: level 1 by default
PRAGMA cipher_default_compatibility = 1;
PRAGMA cipher_default_settings;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: level 2 by default
PRAGMA cipher_default_compatibility = 2;
PRAGMA cipher_default_settings;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: level 3 by default
PRAGMA cipher_default_compatibility = 3;
PRAGMA cipher_default_settings;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: level 4 by default
PRAGMA cipher_default_compatibility = 3;
PRAGMA cipher_default_compatibility = 4;
PRAGMA cipher_default_settings;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: a default level leaves the header size
PRAGMA cipher_default_plaintext_header_size = 32;
PRAGMA cipher_default_compatibility = 3;
PRAGMA cipher_default_plaintext_header_size;
-- unread

-- script: a file of level 3 that is read by a level of its own
PRAGMA cipher_default_compatibility = 3;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA cipher_default_compatibility = 4;
-- reopen
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
SELECT * FROM t;
-- read: main.db PRAGMA key="$RAW"; PRAGMA cipher_compatibility=3;

-- script: a default set after the key has no effect on it
PRAGMA key = 'secret';
PRAGMA cipher_default_kdf_iter = 10;
PRAGMA kdf_iter;
PRAGMA key = 'secret';
PRAGMA kdf_iter;
CREATE TABLE t(a);
PRAGMA cipher_default_kdf_iter = 256000;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: a second key takes the defaults again
PRAGMA key = 'secret';
PRAGMA kdf_iter = 77;
PRAGMA cipher_page_size = 1024;
PRAGMA cipher_default_kdf_iter = 10;
PRAGMA key = 'other';
PRAGMA kdf_iter;
PRAGMA cipher_page_size;
CREATE TABLE t(a);
-- read: main.db PRAGMA key='other'; PRAGMA kdf_iter=10;

-- script: defaults of an attached database
PRAGMA key = 'secret';
PRAGMA kdf_iter = 5;
PRAGMA cipher_default_kdf_iter = 10;
PRAGMA cipher_default_page_size = 1024;
ATTACH '$DIR/aux.db' AS aux KEY 'other';
PRAGMA aux.kdf_iter;
PRAGMA aux.cipher_page_size;
PRAGMA main.kdf_iter;
CREATE TABLE aux.t(a);
INSERT INTO aux.t VALUES(1);
CREATE TABLE main.t(a);
-- read: main.db PRAGMA key='secret'; PRAGMA cipher_page_size=4096; PRAGMA kdf_iter=5;
-- read: aux.db PRAGMA key='other'; PRAGMA kdf_iter=10;

-- script: the old file of another level is attached
PRAGMA cipher_default_compatibility = 3;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
ATTACH '$DIR/old.db' AS old KEY "$RAW96";
CREATE TABLE old.t(a);
INSERT INTO old.t VALUES(1);
DETACH old;
PRAGMA cipher_default_compatibility = 4;
ATTACH '$DIR/old.db' AS old KEY "$RAW96";
PRAGMA cipher_default_compatibility = 3;
ATTACH '$DIR/old.db' AS old KEY "$RAW96";
SELECT * FROM old.t;
-- read: main.db PRAGMA key="$RAW";
-- read: old.db PRAGMA key="$RAW96";

-- script: defaults last to the next connection
PRAGMA cipher_default_kdf_iter = 10;
-- reopen
PRAGMA cipher_default_kdf_iter;
PRAGMA key = 'secret';
PRAGMA kdf_iter;
CREATE TABLE t(a);
-- read: main.db PRAGMA key='secret';

-- script: a default page size that cannot be
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "1000" for cipher_default_page_size
PRAGMA cipher_default_page_size = 1000;
-- unread

-- script: a default algorithm that nobody knows
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "HMAC_MD5" for cipher_default_hmac_algorithm
PRAGMA cipher_default_hmac_algorithm = HMAC_MD5;
PRAGMA cipher_default_hmac_algorithm;
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "none" for cipher_default_kdf_algorithm
PRAGMA cipher_default_kdf_algorithm = none;
PRAGMA cipher_default_kdf_algorithm;
-- unread

-- script: a default header size that cannot be
-- differs: a setting with a value that cannot be
-- ours: error 1: bad value "33" for cipher_default_plaintext_header_size
PRAGMA cipher_default_plaintext_header_size = 33;
-- unread

-- script: the defaults with a schema in front
PRAGMA main.cipher_default_kdf_iter;
PRAGMA main.cipher_default_kdf_iter = 12;
PRAGMA cipher_default_kdf_iter;
PRAGMA Cipher_Default_KDF_Iter;
-- unread

-- script: a default in brackets
PRAGMA cipher_default_kdf_iter(10);
PRAGMA cipher_default_kdf_iter;
PRAGMA cipher_default_page_size('1024');
PRAGMA cipher_default_page_size;
-- unread

-- script: the mask is one of the process
PRAGMA key = "$RAW";
PRAGMA cipher_hmac_salt_mask = "x'00'";
-- reopen
PRAGMA key = "$RAW";
-- differs: `cipher_hmac_salt_mask`
-- ours: cipher_hmac_salt_mask='3a'
PRAGMA cipher_hmac_salt_mask;
-- unread

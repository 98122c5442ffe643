-- Pragmas that tell or do something. Their answers are compared with 4.14 alone.
-- peers: 4.14

-- script: the version
-- unread
-- differs: `cipher_version`
-- ours: cipher_version='4.14.0 pageseal 0.1.0'
PRAGMA cipher_version;
-- differs: `cipher_version`
-- ours: cipher_version='4.14.0 pageseal 0.1.0'
PRAGMA Cipher_Version;
PRAGMA cipher_version = 1;

-- script: the provider
-- unread
PRAGMA cipher_provider;
PRAGMA cipher_provider_version;
PRAGMA key = "$RAW";
-- differs: `cipher_provider`
-- ours: cipher_provider='go'
PRAGMA cipher_provider;
-- random
PRAGMA cipher_provider_version;

-- script: the cipher
-- unread
PRAGMA cipher;
PRAGMA cipher = 'aes-256-cbc';
PRAGMA key = "$RAW";
PRAGMA cipher;
PRAGMA cipher = 'aes-128-cbc';
PRAGMA cipher;

-- script: what is no longer supported
-- unread
PRAGMA rekey_cipher;
PRAGMA rekey_kdf_iter;
PRAGMA rekey_cipher = 'aes';
PRAGMA rekey_kdf_iter = 5;
PRAGMA key = "$RAW";
PRAGMA rekey_cipher;
PRAGMA rekey_kdf_iter;
PRAGMA rekey_cipher = 'aes';
PRAGMA rekey_kdf_iter = 5;

-- script: FIPS
-- unread
PRAGMA cipher_fips_status;
PRAGMA key = "$RAW";
PRAGMA cipher_fips_status;

-- script: the status without a key
PRAGMA cipher_status;
CREATE TABLE t(a);
PRAGMA cipher_status;
-- read: main.db PRAGMA user_version;

-- script: the status with a key
PRAGMA key = "$RAW";
PRAGMA cipher_status;
CREATE TABLE t(a);
PRAGMA cipher_status;
-- read: main.db PRAGMA key="$RAW";

-- script: the status with a wrong key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
PRAGMA cipher_status;
SELECT * FROM t;
PRAGMA cipher_status;
-- read: main.db PRAGMA key="$RAW";

-- script: the status of an attached database
PRAGMA key = "$RAW";
ATTACH '$DIR/plain.db' AS plain KEY '';
PRAGMA plain.cipher_status;
PRAGMA main.cipher_status;
CREATE TABLE plain.t(a);
CREATE TABLE main.t(a);
PRAGMA plain.cipher_status;
-- read: plain.db PRAGMA user_version;

-- script: settings
-- unread
PRAGMA cipher_settings;
PRAGMA key = "$RAW";
PRAGMA cipher_settings;
PRAGMA cipher_page_size = 1024;
PRAGMA kdf_iter = 4000;
PRAGMA cipher_use_hmac = OFF;
PRAGMA cipher_hmac_algorithm = HMAC_SHA1;
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA256;
PRAGMA cipher_settings;

-- script: settings with a value
-- unread
PRAGMA key = "$RAW";
PRAGMA cipher_settings = 1;
PRAGMA cipher_default_settings = 1;

-- script: random bytes to add
-- unread
PRAGMA cipher_add_random = "x'0102'";
PRAGMA key = "$RAW";
PRAGMA cipher_add_random = "x'0102'";
PRAGMA cipher_add_random = "x'01020'";
PRAGMA cipher_add_random = '0102';
PRAGMA cipher_add_random = "x'0102";
PRAGMA cipher_add_random;

-- script: memory security
-- unread
-- fresh
PRAGMA cipher_memory_security;
PRAGMA cipher_memory_security = OFF;
PRAGMA cipher_memory_security;
PRAGMA cipher_memory_security = ON;
-- differs: `cipher_memory_security`
-- ours: cipher_memory_security='0'
PRAGMA cipher_memory_security;

-- script: the log
-- unread
-- fresh
PRAGMA cipher_log = off;
PRAGMA cipher_log;
PRAGMA cipher_log_level = NONE;
PRAGMA cipher_log_level;
PRAGMA cipher_log_level = nonsense;
PRAGMA cipher_log_source = NONE;
PRAGMA cipher_log_source;
-- differs: `cipher_log_level`, `cipher_log_source`
-- ours: cipher_log_level='NONE'
PRAGMA cipher_log_level = INFO;
-- differs: `cipher_log_level`, `cipher_log_source`
-- ours: cipher_log_source='NONE'
PRAGMA cipher_log_source = CORE;
-- differs: `cipher_log`, `cipher_profile`
-- ours: error 1: not available in pageseal
PRAGMA cipher_log = '$DIR/nowhere/log.txt';

-- script: the profile
-- unread
-- fresh
PRAGMA cipher_profile = off;
PRAGMA cipher_profile;
-- differs: `cipher_log`, `cipher_profile`
-- ours: error 1: not available in pageseal
PRAGMA cipher_profile = '$DIR/nowhere/profile.txt';

-- script: tests that are built in
-- unread
PRAGMA cipher_test;
PRAGMA cipher_test_on = 'fail_encrypt';
PRAGMA cipher_test_rand;

-- script: a pragma that nobody knows
-- unread
PRAGMA cipher_nonsense;
PRAGMA cipher_nonsense = 1;
PRAGMA key = "$RAW";
PRAGMA cipher_nonsense;
PRAGMA cipher_pagesize = 1024;
PRAGMA cipher_page_size;

-- script: the integrity check of a database in order
PRAGMA cipher_integrity_check;
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));
PRAGMA cipher_integrity_check;
-- read: main.db PRAGMA key="$RAW";

-- script: the integrity check of an empty database
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;
-- unread

-- script: the integrity check without HMAC
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
CREATE TABLE t(a);
PRAGMA cipher_integrity_check;

-- script: the integrity check of a database in clear
CREATE TABLE t(a);
PRAGMA cipher_integrity_check;
-- read: main.db PRAGMA user_version;

-- script: the integrity check of damaged pages
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));
-- reopen
-- flip: main.db 8200
-- flip: main.db 40000
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;

-- script: the integrity check of a damaged tag
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));
-- reopen
-- flip: main.db 8191
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;

-- script: the integrity check of a damaged first page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- flip: main.db 100
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;

-- script: the integrity check of a damaged salt
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- flip: main.db 3
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;

-- script: the integrity check with a wrong key
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
PRAGMA cipher_integrity_check;

-- script: the integrity check of a short last page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
-- reopen
-- append: main.db 100
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;
SELECT length(a) FROM t;

-- script: the integrity check of a cut last page
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
-- reopen
-- truncate: main.db 10000
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;

-- script: the integrity check of pages behind the end
-- unread
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
-- append: main.db 8192
PRAGMA key = "$RAW";
PRAGMA cipher_integrity_check;
SELECT count(*) FROM t;

-- script: the integrity check of other page sizes
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 1024;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
PRAGMA cipher_integrity_check;

-- script: the integrity check with a log
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
PRAGMA cipher_integrity_check;

-- script: the integrity check of an attached database
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY 'other';
CREATE TABLE aux.t(a);
PRAGMA aux.cipher_integrity_check;
PRAGMA main.cipher_integrity_check;
-- unread

-- script: the integrity check in a transaction
PRAGMA key = "$RAW";
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
PRAGMA cipher_integrity_check;
COMMIT;

-- script: the integrity check of a database in memory
-- unread
ATTACH ':memory:' AS m KEY 'secret';
-- differs: a key for a temporary database or one in memory
-- ours: nothing
PRAGMA m.cipher_integrity_check;

-- ATTACH and DETACH with keys.

-- script: with a key of its own
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY 'other';
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
INSERT INTO t SELECT b+1 FROM aux.u;
SELECT * FROM t, u;
-- swap
PRAGMA key = "$RAW";
SELECT * FROM t;
-- read: aux.db PRAGMA key='other'; PRAGMA kdf_iter=10;

-- script: with a raw key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW96";
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
DETACH aux;
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
SELECT * FROM u;
-- read: aux.db PRAGMA key="$RAW";

-- script: a raw key from an expression
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY 'x''98483C6EB40B6C31A448C22A66DED3B5' || 'E5E8D5119CAC8327B655C8B5C4836481''';
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key="$RAW";

-- script: a blob gives the bytes of a passphrase
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY X'6162';
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='ab'; PRAGMA kdf_iter=10;

-- script: a blob of 32 bytes is no raw key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481';
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA hexkey='98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'; PRAGMA kdf_iter=10;

-- script: a blob that spells a raw key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY X'782739383438334336454234304236433331413434384332324136364445443342354535453844353131394341433833323742363535433842354334383336343831' || x'27';
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key="$RAW";

-- script: a bare word
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY other;
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='other'; PRAGMA kdf_iter=10;

-- script: an empty key means clear
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/plain.db' AS plain KEY '';
CREATE TABLE plain.u(b);
INSERT INTO plain.u VALUES('readable');
INSERT INTO t SELECT * FROM plain.u;
-- read: plain.db PRAGMA user_version;

-- script: an empty blob means clear
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/plain.db' AS plain KEY zeroblob(0);
CREATE TABLE plain.u(b);
-- read: plain.db PRAGMA user_version;

-- script: numbers are no keys
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY 123;
ATTACH '$DIR/aux.db' AS aux KEY 1.5;
ATTACH '$DIR/aux.db' AS aux KEY -1;
ATTACH '$DIR/aux.db' AS aux KEY 1+1;
-- unread

-- script: a missing file with a number as key
ATTACH '$DIR/aux.db' AS aux KEY 123;
-- unread

-- script: NULL is no key given
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY NULL;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key="$RAW";

-- script: without a key the key of main
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
-- read: aux.db PRAGMA key="$RAW";

-- script: without a key the key and salt of main
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: without a key and main still empty
-- fresh
PRAGMA cipher_default_kdf_iter = 10;
PRAGMA key = 'secret';
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
CREATE TABLE t(a);
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: without a key from a database in clear
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
-- read: main.db PRAGMA user_version;
-- read: aux.db PRAGMA user_version;

-- script: with a key from a database in clear
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
ATTACH '$DIR/aux.db' AS aux KEY 'secret';
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u AS SELECT * FROM t;
-- read: main.db PRAGMA user_version;
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: a file with its own salt and the same passphrase
-- fresh
PRAGMA cipher_default_kdf_iter = 10;
PRAGMA key = 'secret';
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY 'secret';
CREATE TABLE aux.u(b);
DETACH aux;
ATTACH '$DIR/aux.db' AS aux;
ATTACH '$DIR/aux.db' AS aux KEY 'secret';
SELECT * FROM aux.u;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: the file of another is attached with the key of main
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(2);
-- swap
PRAGMA key = "$RAW";
ATTACH '$DIR/aux.db' AS aux;
SELECT * FROM t, u;

-- script: settings of main are not handed on
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 1024;
PRAGMA cipher_hmac_algorithm = HMAC_SHA1;
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY 'other';
PRAGMA aux.cipher_page_size;
PRAGMA aux.cipher_hmac_algorithm;
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='other'; PRAGMA kdf_iter=10;

-- script: settings of main are not handed on with its key
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 1024;
PRAGMA cipher_hmac_algorithm = HMAC_SHA1;
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
PRAGMA aux.cipher_page_size;
PRAGMA aux.cipher_hmac_algorithm;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key="$RAW";

-- script: a key derived with SHA1 is handed on
-- peers: 4.14
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1;
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
DETACH aux;
ATTACH '$DIR/aux.db' AS aux;
SELECT * FROM u;
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10; PRAGMA cipher_kdf_algorithm=PBKDF2_HMAC_SHA1;

-- script: a key without HMAC is handed on
PRAGMA key = "$RAW";
PRAGMA cipher_use_hmac = OFF;
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
PRAGMA aux.cipher_use_hmac;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
-- read: aux.db PRAGMA key="$RAW";

-- script: settings for the attached database
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
PRAGMA aux.cipher_page_size = 8192;
PRAGMA aux.cipher_hmac_algorithm = HMAC_SHA256;
PRAGMA aux.cipher_page_size;
PRAGMA main.cipher_page_size;
PRAGMA cipher_page_size;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
-- read: aux.db PRAGMA key="$RAW"; PRAGMA cipher_page_size=8192; PRAGMA cipher_hmac_algorithm=HMAC_SHA256;

-- script: a level for the attached database
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW96";
PRAGMA aux.cipher_compatibility = 3;
PRAGMA aux.cipher_settings;
PRAGMA main.cipher_settings;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key="$RAW96"; PRAGMA cipher_compatibility=3;

-- script: a wrong key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
CREATE TABLE aux.u(b);
DETACH aux;
ATTACH '$DIR/aux.db' AS aux KEY "$OTHER";
SELECT * FROM aux.u;
SELECT * FROM t;
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
SELECT * FROM aux.u;
-- read: main.db PRAGMA key="$RAW";

-- script: an encrypted file without a key
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
CREATE TABLE aux.u(b);
DETACH aux;
ATTACH '$DIR/aux.db' AS aux;
ATTACH '$DIR/aux.db' AS aux KEY '';
PRAGMA database_list;
-- read: main.db PRAGMA user_version;

-- script: a file in clear with a key
CREATE TABLE t(a);
ATTACH '$DIR/plain.db' AS plain;
CREATE TABLE plain.u(b);
DETACH plain;
ATTACH '$DIR/plain.db' AS plain KEY "$RAW";
SELECT * FROM t;
-- read: main.db PRAGMA user_version;

-- script: a file in clear to an encrypted one without a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/plain.db' AS plain KEY '';
CREATE TABLE plain.u(b);
DETACH plain;
ATTACH '$DIR/plain.db' AS plain;
ATTACH '$DIR/plain.db' AS plain KEY '';
SELECT * FROM plain.u;

-- script: PRAGMA key for the attached database
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY '';
PRAGMA aux.key = 'secret';
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: PRAGMA key for a database attached with another
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY 'first';
PRAGMA aux.key = 'second';
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='second'; PRAGMA kdf_iter=10;

-- script: PRAGMA key for the attached database from one in clear
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux;
PRAGMA aux.key = "$RAW";
CREATE TABLE aux.u(b);
-- read: main.db PRAGMA user_version;
-- read: aux.db PRAGMA key="$RAW";

-- script: the same file twice
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/main.db' AS again;
SELECT * FROM again.t;
DETACH again;
ATTACH '$DIR/main.db' AS again KEY "$RAW";
SELECT * FROM again.t;

-- script: a URI with a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH 'file:$DIR/aux.db?key=secret' AS aux;
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: a URI with hexkey
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH 'file:$DIR/aux.db?hexkey=736563726574' AS aux;
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: a URI with a key in percent signs
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH 'file:$DIR/aux.db?key=a%20b%26c+d' AS aux;
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='a b&c+d'; PRAGMA kdf_iter=10;

-- script: a KEY goes before the URI
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH 'file:$DIR/aux.db?key=uri' AS aux KEY 'clause';
PRAGMA aux.kdf_iter = 10;
CREATE TABLE aux.u(b);
-- read: aux.db PRAGMA key='clause'; PRAGMA kdf_iter=10;

-- script: a URI with an empty key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- differs: `key=` without a value in a URI
-- ours: error 1: bad keyspec
ATTACH 'file:$DIR/aux.db?key=' AS aux;
-- unread

-- script: a URI with a parameter that nobody knows
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- differs: unknown or misspelt URI parameters
-- ours: error 1: unknown parameter
ATTACH 'file:$DIR/aux.db?kye=secret' AS aux;
-- unread

-- script: a URI that is read-only
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH 'file:$DIR/main.db?mode=ro' AS ro;
SELECT * FROM ro.t;
INSERT INTO ro.t VALUES(1);

-- script: a file in a folder that is not there
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/nowhere/aux.db' AS aux KEY 'secret';
ATTACH '$DIR' AS aux KEY 'secret';

-- script: names that are taken
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS main KEY 'secret';
ATTACH '$DIR/aux.db' AS temp KEY 'secret';
ATTACH '$DIR/aux.db' AS aux KEY '';
ATTACH '$DIR/other.db' AS aux KEY 'secret';
DETACH nobody;
DETACH main;

-- script: in a transaction
PRAGMA key = "$RAW";
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
DETACH aux;
COMMIT;
DETACH aux;
-- read: aux.db PRAGMA key="$RAW";

-- script: a transaction over two files
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW96";
CREATE TABLE aux.u(b);
BEGIN;
INSERT INTO t VALUES(1);
INSERT INTO aux.u VALUES(1);
ROLLBACK;
BEGIN;
INSERT INTO t VALUES(2);
INSERT INTO aux.u VALUES(2);
COMMIT;
SELECT * FROM t, u;
-- read: aux.db PRAGMA key="$RAW96";

-- script: memory with a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH ':memory:' AS m KEY 'secret';
CREATE TABLE m.u(b);
INSERT INTO m.u VALUES(1);
SELECT * FROM u;
-- differs: a key for a temporary database or one in memory
-- ours: nothing
PRAGMA m.cipher_page_size;
-- differs: a key for a temporary database or one in memory
-- ours: nothing
PRAGMA m.key = 'other';

-- script: an unnamed file with a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '' AS m KEY 'secret';
CREATE TABLE m.u(b);
INSERT INTO m.u VALUES(1);
SELECT * FROM u;

-- script: DATABASE in the statement
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH DATABASE '$DIR/aux.db' AS aux KEY "$RAW96";
CREATE TABLE aux.u(b);
DETACH DATABASE aux;
-- read: aux.db PRAGMA key="$RAW96";

-- script: a schema called key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS key KEY "$RAW96";
CREATE TABLE key.u(b);
-- read: aux.db PRAGMA key="$RAW96";

-- script: a key from a table
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY (SELECT 'secret');
ATTACH '$DIR/aux.db' AS aux KEY t.a;
-- unread

-- script: several databases with keys of their own
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/a.db' AS a KEY 'ka';
PRAGMA a.kdf_iter = 10;
ATTACH '$DIR/b.db' AS b KEY 'kb';
PRAGMA b.kdf_iter = 11;
ATTACH '$DIR/c.db' AS c KEY '';
ATTACH '$DIR/d.db' AS d;
CREATE TABLE a.t(x);
CREATE TABLE b.t(x);
CREATE TABLE c.t(x);
CREATE TABLE d.t(x);
INSERT INTO a.t VALUES('a');
INSERT INTO b.t SELECT * FROM a.t;
INSERT INTO c.t SELECT * FROM b.t;
INSERT INTO d.t SELECT * FROM c.t;
SELECT * FROM d.t;
-- read: a.db PRAGMA key='ka'; PRAGMA kdf_iter=10;
-- read: b.db PRAGMA key='kb'; PRAGMA kdf_iter=11;
-- read: c.db PRAGMA user_version;
-- read: d.db PRAGMA key="$RAW";

-- script: main without a key and an attached file in use
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
PRAGMA key = "$RAW96";
CREATE TABLE t(a);
-- read: main.db PRAGMA key="$RAW96";
-- read: aux.db PRAGMA key="$RAW";

-- script: before the key of main
CREATE TABLE t(a);
-- reopen
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
CREATE TABLE aux.u(b);
SELECT * FROM t;
-- read: main.db PRAGMA user_version;
-- read: aux.db PRAGMA key="$RAW";

-- script: main is encrypted and its key not yet given
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
ATTACH '$DIR/aux.db' AS aux KEY "$RAW";
PRAGMA key = "$RAW";
SELECT * FROM t;
-- unread

-- script: a passphrase that is kept is handed on
-- fresh
PRAGMA cipher_default_kdf_iter = 10;
PRAGMA key = 'secret';
PRAGMA cipher_store_pass = 1;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
ATTACH '$DIR/aux.db' AS aux;
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(2);
DETACH aux;
ATTACH '$DIR/aux.db' AS again KEY 'secret';
SELECT * FROM again.u;
DETACH again;
ATTACH '$DIR/aux.db' AS once_more;
SELECT * FROM once_more.u;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;
-- read: aux.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- Ways to write a key. kdf_iter keeps passphrases quick.

-- script: single quotes
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a, b);
INSERT INTO t VALUES(1, 'one'), (2, x'0203'), (3.5, NULL);
SELECT * FROM t;
-- reopen
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;
-- swap
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: double quotes
PRAGMA key = "secret";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: brackets
PRAGMA key = [se cret];
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'se cret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: back quotes
PRAGMA key = `se cret`;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'se cret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: parentheses
PRAGMA key('secret');
PRAGMA kdf_iter(10);
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a quote in the key
PRAGMA key = 'it''s';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "it's";
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a double quote in the key
PRAGMA key = "a""b";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'a"b';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a bare word
PRAGMA key = Secret;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'Secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: on
PRAGMA key = on;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'on';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: delete
PRAGMA key = delete;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'delete';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: default
PRAGMA key = default;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'default';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a whole number
PRAGMA key = 12345;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = '12345';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a fraction keeps its spelling
PRAGMA key = 1.50;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = '1.50';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a negative number
PRAGMA key = -5;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = '-5';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a number with a plus
PRAGMA key = +7;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = '7';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a hexadecimal number
PRAGMA key = 0x10;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = '0x10';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: blanks count
PRAGMA key = ' secret ';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = ' secret ';
PRAGMA kdf_iter = 10;
SELECT * FROM t;
-- reopen
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;
-- reopen
PRAGMA key = ' secret ';
PRAGMA kdf_iter = 10;

-- script: letters beyond ASCII
PRAGMA key = 'pässwörd 密码 🔑';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = "pässwörd 密码 🔑";
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a long key
PRAGMA key = '0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: a line break in the key
PRAGMA key = 'first
second';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: the name in any case
PrAgMa KeY = 'secret';
pragma Kdf_Iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: the schema in front
PRAGMA main.key = 'secret';
PRAGMA main.kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: an unknown schema in front
PRAGMA nowhere.key = 'secret';
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: the schema quoted and in another case
PRAGMA "MAIN".key = 'secret';
PRAGMA Main.kdf_iter = 10;
PRAGMA MAIN.kdf_iter;
CREATE TABLE t(a);
-- read: main.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: no value
PRAGMA key;
PRAGMA hexkey;
PRAGMA rekey;
PRAGMA hexrekey;
CREATE TABLE t(a);
SELECT count(*) FROM t;
-- read: main.db PRAGMA user_version;

-- script: an empty value
PRAGMA key = '';
CREATE TABLE t(a);
SELECT count(*) FROM t;
-- read: main.db PRAGMA user_version;

-- script: an empty value in double quotes
PRAGMA key = "";
CREATE TABLE t(a);
-- read: main.db PRAGMA user_version;

-- script: an empty hexkey
PRAGMA hexkey = '';
CREATE TABLE t(a);
-- read: main.db PRAGMA user_version;

-- script: an empty key before a right one
PRAGMA key = '';
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: a blob is no key
PRAGMA key = x'616263';
SELECT 1;
CREATE TABLE t(a);
-- read: main.db PRAGMA user_version;

-- script: NULL is no key
PRAGMA key = NULL;
-- unread
SELECT 1;

-- script: an expression is no key
PRAGMA key = 'a' || 'b';
PRAGMA key = (1+1);
PRAGMA key = ?1;
-- unread
SELECT 1;

-- script: raw key of 64 digits
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = 'x''98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481''';
SELECT * FROM t;

-- script: raw key in small letters
PRAGMA key = "x'98483c6eb40b6c31a448c22a66ded3b5e5e8d5119cac8327b655c8b5c4836481'";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "X'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'";
SELECT * FROM t;

-- script: raw key in mixed letters
PRAGMA key = "X'98483c6EB40b6c31A448c22a66DED3b5e5e8d5119cac8327b655c8b5C4836481'";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;

-- script: raw key in brackets
PRAGMA key = [x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'];
CREATE TABLE t(a);
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;

-- script: raw key with salt
PRAGMA key = "$RAW96";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA cipher_salt;
-- reopen
PRAGMA key = "$RAW";
SELECT * FROM t;
PRAGMA cipher_salt;

-- script: raw key with MAC key and salt
-- peers: 4.14
PRAGMA key = "$RAW160";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA cipher_salt;
-- reopen
PRAGMA key = "$RAW160";
SELECT * FROM t;

-- script: raw key with MAC key and salt in an older release is a passphrase
-- peers: 4.5.5
-- unread
PRAGMA key = "$RAW160";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- swap
PRAGMA key = "$RAW160";
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: 62 digits are a passphrase
PRAGMA key = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C48364'";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: 128 digits are a passphrase
PRAGMA key = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C483648198483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: 63 digits are a passphrase
PRAGMA key = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C483648'";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: digits without x are a passphrase
PRAGMA key = '98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: a letter that is no digit makes a passphrase
PRAGMA key = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C483648G'";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: another last letter makes a passphrase
-- peers: 4.14
PRAGMA key = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481Z";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: a blank behind makes a passphrase
PRAGMA key = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481' ";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: a blank in front makes a passphrase
PRAGMA key = " x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: double quotes inside make a passphrase
PRAGMA key = 'x"98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481"';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: an empty blob is a passphrase
PRAGMA key = "x''";
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
SELECT count(*) FROM t;

-- script: hexkey is a passphrase in hex
PRAGMA hexkey = '736563726574';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: hexkey in any case
PRAGMA hexkey = '6A6b6C';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'jkl';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: hexkey with bytes that are no text
PRAGMA hexkey = 'ff00fe80';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA hexkey = 'FF00FE80';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: hexkey of 40 bytes
PRAGMA hexkey = '31323334353637383930313233343536373839303132333435363738393031323334353637383930';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = '1234567890123456789012345678901234567890';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: hexkey takes 40 bytes and no more
PRAGMA hexkey = '3132333435363738393031323334353637383930313233343536373839303132333435363738393041424344';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = '1234567890123456789012345678901234567890';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: hexkey with an odd digit
-- unread
-- differs: `hexkey` with a character that is no hex digit
-- ours: error 1: An error occurred with PRAGMA key or rekey.
PRAGMA hexkey = '61626';

-- script: hexkey with a letter that is no digit
-- unread
-- differs: `hexkey` with a character that is no hex digit
-- ours: error 1: An error occurred with PRAGMA key or rekey.
PRAGMA hexkey = '6162zz63';

-- script: a number as hexkey
PRAGMA hexkey = 616263;
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'abc';
PRAGMA kdf_iter = 10;
SELECT * FROM t;

-- script: a raw key in hexkey is too long for it
-- unread
PRAGMA hexkey = '782739383438334336454234304236433331413434384332324136364445443342354535453844353131394341433833323742363535433842354334383336343831';

-- script: a prepared statement sets the key already
EXPLAIN QUERY PLAN PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
-- read: main.db PRAGMA key="$RAW";

-- script: the answer has a column ok
PRAGMA key = 'a';
PRAGMA hexkey = '61';
PRAGMA key = "$RAW";
SELECT count(*) FROM sqlite_master;
-- unread

-- script: two statements in one call
PRAGMA key = "$RAW"; CREATE TABLE t(a); INSERT INTO t VALUES(1); SELECT * FROM t;

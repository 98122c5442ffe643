-- VACUUM and VACUUM INTO.

-- script: in place
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE length(a) > 10;
VACUUM;
PRAGMA page_count;
SELECT * FROM t;

-- script: an empty database
PRAGMA key = "$RAW";
VACUUM;
CREATE TABLE t(a);

-- script: another page size is passed over
-- peers: 4.14
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
PRAGMA page_size = 8192;
VACUUM;
PRAGMA page_size;
SELECT length(a) FROM t;

-- script: with auto_vacuum changed
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
PRAGMA auto_vacuum = INCREMENTAL;
VACUUM;
PRAGMA auto_vacuum;
DELETE FROM t WHERE length(a) > 10;
PRAGMA incremental_vacuum;
PRAGMA page_count;
SELECT * FROM t;

-- script: level 3
PRAGMA key = "$RAW";
PRAGMA cipher_compatibility = 3;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE length(a) > 10;
VACUUM;
SELECT * FROM t;

-- script: with a log
PRAGMA key = "$RAW";
PRAGMA journal_mode = WAL;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
DELETE FROM t WHERE length(a) > 10;
VACUUM;
SELECT * FROM t;

-- script: an attached database
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW96";
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(zeroblob(50000)), (1);
DELETE FROM aux.u WHERE length(b) > 10;
VACUUM aux;
SELECT * FROM aux.u;
-- read: aux.db PRAGMA key="$RAW96";

-- script: in a transaction
PRAGMA key = "$RAW";
CREATE TABLE t(a);
BEGIN;
VACUUM;
COMMIT;

-- script: without the key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
VACUUM;
-- read: main.db PRAGMA key="$RAW";

-- script: with a wrong key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
-- reopen
PRAGMA key = 'wrong';
PRAGMA kdf_iter = 10;
VACUUM;
-- read: main.db PRAGMA key="$RAW";

-- script: into a file
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000)), (1);
VACUUM INTO '$DIR/copy.db';
-- read: copy.db PRAGMA key="$RAW";

-- script: into a file with the salt of the source
PRAGMA key = 'secret';
PRAGMA kdf_iter = 10;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
VACUUM INTO '$DIR/copy.db';
-- read: copy.db PRAGMA key='secret'; PRAGMA kdf_iter=10;

-- script: into a file from an expression
PRAGMA key = "$RAW";
CREATE TABLE t(a);
VACUUM INTO '$DIR' || '/copy.db';
-- read: copy.db PRAGMA key="$RAW";

-- script: into a file that is there
PRAGMA key = "$RAW";
CREATE TABLE t(a);
VACUUM INTO '$DIR/copy.db';
VACUUM INTO '$DIR/copy.db';
VACUUM INTO '$DIR/main.db';
-- read: copy.db PRAGMA key="$RAW";

-- script: into a folder that is not there
PRAGMA key = "$RAW";
CREATE TABLE t(a);
VACUUM INTO '$DIR/nowhere/copy.db';

-- script: into a URI with a key
PRAGMA key = "$RAW";
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
VACUUM INTO 'file:$DIR/copy.db?key=$OTHER';
-- read: copy.db PRAGMA key="$OTHER";

-- script: into from a database in clear
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
VACUUM INTO '$DIR/copy.db';
-- read: main.db PRAGMA user_version;
-- read: copy.db PRAGMA user_version;

-- script: into from a database in clear to one with a key
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
VACUUM INTO 'file:$DIR/copy.db?key=$OTHER';
-- read: main.db PRAGMA user_version;
-- read: copy.db PRAGMA key="$OTHER";

-- script: an attached database into a file
PRAGMA key = "$RAW";
CREATE TABLE t(a);
ATTACH '$DIR/aux.db' AS aux KEY "$RAW96";
CREATE TABLE aux.u(b);
INSERT INTO aux.u VALUES(1);
VACUUM aux INTO '$DIR/copy.db';
-- unread

-- script: another page size into a file
PRAGMA key = "$RAW";
PRAGMA cipher_page_size = 8192;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(50000));
VACUUM INTO '$DIR/copy.db';
-- unread

-- script: a schema that there is not
PRAGMA key = "$RAW";
CREATE TABLE t(a);
VACUUM nowhere;
VACUUM nowhere INTO '$DIR/copy.db';

package interop

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// program is a database as a real program has it: who makes it, how, and what
// the program asks of it.
type program struct {
	layout
	by     string // peer
	schema string
	ask    string
	fts5   string // asked of engines that have it
}

// The tables are cut after those of the programs, as far as their kinds of
// tables, indexes and settings go.
var programs = []program{
	{layout: layout{name: "messenger", key: rawKey64}, by: peers.Signal418,
		schema: `PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA user_version=1200;
CREATE TABLE conversations(id STRING PRIMARY KEY ASC, json TEXT, active_at INTEGER, type STRING);
CREATE TABLE messages(rowid INTEGER PRIMARY KEY ASC, id STRING UNIQUE, json TEXT, body TEXT, sent_at INTEGER,
  conversationId STRING, hasAttachments INTEGER AS (json_array_length(json, '$.attachments') > 0) VIRTUAL);
CREATE INDEX messages_conversation ON messages(conversationId, sent_at);
CREATE VIRTUAL TABLE messages_fts USING fts5(body, content='messages', content_rowid='rowid');
CREATE TRIGGER messages_on_insert AFTER INSERT ON messages BEGIN INSERT INTO messages_fts(rowid, body) VALUES(new.rowid, new.body); END;
CREATE TRIGGER messages_on_delete AFTER DELETE ON messages BEGIN INSERT INTO messages_fts(messages_fts, rowid, body) VALUES('delete', old.rowid, old.body); END;
INSERT INTO conversations VALUES('c1', '{"name":"Ada"}', 1, 'private');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<400)
  INSERT INTO messages(id, json, body, sent_at, conversationId)
  SELECT 'm' || i, json_object('attachments', json_array(i)), 'word' || (i%17) || ' and more of message ' || i, i, 'c1' FROM n;`,
		ask:  "SELECT count(*), sum(hasAttachments) FROM messages; PRAGMA user_version; SELECT json_extract(json, '$.name') FROM conversations;",
		fts5: "SELECT group_concat(rowid) FROM messages_fts WHERE messages_fts MATCH 'word3'"},
	{layout: layout{name: "phone", key: rawKey64,
		pragmas: `PRAGMA cipher_plaintext_header_size=32; PRAGMA cipher_salt="x'000102030405060708090a0b0c0d0e0f'";`}, by: peers.SQLCipher414,
		schema: `PRAGMA journal_mode=WAL; CREATE TABLE item(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT COLLATE NOCASE, photo BLOB);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<50)
  INSERT INTO item(title, photo) SELECT 'item ' || i, zeroblob(i*500) FROM n;`,
		ask: "SELECT count(*), sum(length(photo)) FROM item; SELECT seq FROM sqlite_sequence; SELECT title FROM item WHERE title = 'ITEM 7';"},
	{layout: levels[2], by: peers.SQLCipher341,
		schema: `CREATE TABLE patient(id INTEGER PRIMARY KEY, name TEXT, born DATE); CREATE TABLE visit(patient REFERENCES patient, day DATE, notes TEXT, PRIMARY KEY(patient, day)) WITHOUT ROWID;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300) INSERT INTO patient SELECT i, 'name ' || i, date(i*100) FROM n;
INSERT INTO visit SELECT id, date(id*200), hex(zeroblob(id)) FROM patient; CREATE VIEW last AS SELECT patient, max(day) AS day FROM visit GROUP BY patient;`,
		ask: "SELECT count(*), max(born) FROM patient; SELECT sum(length(notes)) FROM visit; SELECT count(*), min(day) FROM last;"},
}

// TestPrograms reads and changes databases that were made the way of real
// programs, their logs still hot, and lets the peer go on.
func (e Engine) TestPrograms(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name+" by "+p.by, func(t *testing.T) {
			t.Parallel()
			e.program(t, p)
		})
	}
}

func (e Engine) program(t *testing.T, p program) {
	path := filepath.Join(t.TempDir(), "program.db")
	maker := peerSide(p.by)
	if !e.NoFTS5 && p.fts5 != "" {
		p.ask += p.fts5
	}
	made := p.open(t, maker, path)
	for _, statement := range []string{p.schema} {
		made.MustExec(statement)
	}
	want := made.MustExec(p.ask).Text()
	made.Kill()
	hot := false
	if _, err := os.Stat(path + "-wal"); err == nil {
		hot = true
	}
	ours := p.open(t, e.side(), path)
	if got := ours.MustExec(p.ask).Text(); got != want {
		t.Fatalf("log %v: got\n%s\nwant\n%s", hot, got, want)
	}
	check(t, e.side(), ours)
	ours.MustExec("CREATE TABLE ours(a); INSERT INTO ours VALUES(zeroblob(20000))")
	ours.Quit()
	again := p.open(t, maker, path)
	if got := again.MustExec(p.ask).Text(); got != want {
		t.Errorf("%s reads\n%s\nwant\n%s", p.by, got, want)
	}
	if got := again.MustExec("SELECT length(a) FROM ours").Text(); got != "20000" {
		t.Errorf("%s reads %s of our table", p.by, got)
	}
	check(t, maker, again)
}

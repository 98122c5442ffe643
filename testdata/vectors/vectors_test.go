package vectors

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"testing"
)

// TestLoadCounts pins the number of cases, so that a shortened file is noticed.
func TestLoadCounts(t *testing.T) {
	t.Parallel()
	set := Load()
	records := 0
	for _, s := range set.HotJournal.Segments {
		if int(s.NRec) != len(s.Records) {
			t.Errorf("segment at %d: %d records, header says %d", s.Offset, len(s.Records), s.NRec)
		}
		records += len(s.Records)
	}
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"databases", len(set.Databases), 24},
		{"synthetic", len(set.Synthetic), 14},
		{"wal frames", len(set.WAL.Frames), 3},
		{"journal segments", len(set.HotJournal.Segments), 4},
		{"journal records", records, 6},
		{"key_parse", len(set.KeyParse), 12},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.want)
		}
	}
}

// TestDatabasesAgree checks the parts of each entry against one another.
func TestDatabasesAgree(t *testing.T) {
	t.Parallel()
	for _, db := range Load().Databases {
		t.Run(db.Name, func(t *testing.T) {
			if len(db.Key) != 32 || len(db.Salt) != 16 || len(db.Mask) != 1 || len(db.KeyInput) == 0 {
				t.Fatal("key, salt, mask or key input has a wrong size")
			}
			if db.UseHMAC != (len(db.MACKey) == 32) {
				t.Errorf("%d bytes of MAC key, use_hmac is %v", len(db.MACKey), db.UseHMAC)
			}
			if len(db.Pages) != 2 {
				t.Fatalf("%d pages, want 2", len(db.Pages))
			}
			for _, p := range db.Pages {
				if len(p.Raw) != db.PageSize {
					t.Fatalf("page %d has %d bytes, want %d", p.Pgno, len(p.Raw), db.PageSize)
				}
				tail := p.Raw[db.PageSize-db.Reserve:]
				if !bytes.HasPrefix(tail, append(p.IV[:16:16], p.MAC...)) {
					t.Errorf("page %d: reserve is not the IV and the MAC", p.Pgno)
				}
				if sum := sha256.Sum256(p.Plain); p.Plain != nil && !bytes.Equal(sum[:], p.PlainSHA256) {
					t.Errorf("page %d: plain and plain_sha256 disagree", p.Pgno)
				}
			}
			if !bytes.Equal(db.FileFirst16, db.Pages[0].Raw[:16]) {
				t.Error("file_first16 is not the start of page 1")
			}
		})
	}
}

// TestFilesAgree checks the offsets of the WAL and of the journal.
func TestFilesAgree(t *testing.T) {
	t.Parallel()
	set := Load()
	wal := set.WAL
	if want := 32 + len(wal.Frames)*(24+wal.PageSize); len(wal.File) != want {
		t.Fatalf("WAL of %d bytes, want %d", len(wal.File), want)
	}
	for i, f := range wal.Frames {
		header := wal.File[32+i*(24+wal.PageSize):][:24]
		if binary.BigEndian.Uint32(header) != f.Pgno || !bytes.Equal(header[16:], f.Checksum) {
			t.Errorf("frame %d: header does not match", i)
		}
	}
	j := set.HotJournal
	for _, s := range j.Segments {
		if !bytes.Equal(j.File[s.Offset+12:][:4], s.Nonce) {
			t.Errorf("segment at %d: nonce does not match", s.Offset)
		}
		for _, r := range s.Records {
			rec := j.File[r.Offset:][:8+j.PageSize]
			if binary.BigEndian.Uint32(rec) != r.Pgno || !bytes.Equal(rec[4+j.PageSize:], r.Checksum) {
				t.Errorf("record at %d does not match", r.Offset)
			}
		}
	}
}

func TestParseRejects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, data, want string }{
		{"no section", `{}`, "section databases is empty"},
		{"unknown field", `{"surprise": 1}`, "unknown field"},
		{"unknown field in the journal", `{"hot_journal": {"surprise": 1}}`, "unknown field"},
		{"bad hex", `{"wal": {"salt": "0g"}}`, "invalid byte"},
		{"record without header", `{"hot_journal": {"records": [{"offset": 1}]}}`, "before the first header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := parse([]byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Set is the whole file.
type Set struct {
	Format     string      `json:"format"`
	Notes      []string    `json:"notes"`
	Databases  []Database  `json:"databases"`
	Synthetic  []Synthetic `json:"synthetic"`
	WAL        WAL         `json:"wal"`
	HotJournal HotJournal  `json:"hot_journal"`
	KeyParse   []KeyParse  `json:"key_parse"`
}

// Database is the head of one encrypted database: its settings, its keys and
// the first pages as they stand on disk.
type Database struct {
	Name            string `json:"name"`
	MadeBy          string `json:"made_by"`
	PageSize        int    `json:"page_size"`
	Reserve         int    `json:"reserve"`
	HeaderPageSize  int    `json:"header_page_size_field"` // as decrypted from bytes 16..18
	HeaderReserve   int    `json:"header_reserve_byte"`    // as decrypted from byte 20; may exceed Reserve
	KDFAlgo         string `json:"kdf_algo"`               // "sha1", "sha256", "sha512"
	KDFIter         int    `json:"kdf_iter"`
	FastIter        int    `json:"fast_iter"`
	Mask            Hex    `json:"mask"` // one byte
	UseHMAC         bool   `json:"use_hmac"`
	HMACAlgo        string `json:"hmac_algo"`  // "sha1", "sha256", "sha512"; unused without UseHMAC
	PgnoOrder       string `json:"pgno_order"` // "le", "be"
	PlaintextHeader int    `json:"plaintext_header"`
	KeyInput        Hex    `json:"key_input"` // the bytes given to PRAGMA key
	KeyIsRaw        bool   `json:"key_is_raw"`
	Salt            Hex    `json:"salt"`
	FileFirst16     Hex    `json:"file_first16"`
	Key             Hex    `json:"enc_key"`
	MACKey          Hex    `json:"mac_key"` // empty without UseHMAC
	Pages           []Page `json:"pages"`
}

// Page is one page of a [Database]. Plain is given for some pages only; the
// digest is over bytes 0..PageSize-Reserve of the decrypted page.
type Page struct {
	Pgno        uint32 `json:"pgno"`
	Raw         Hex    `json:"raw"`
	IV          Hex    `json:"iv"`
	MAC         Hex    `json:"mac"`
	PlainSHA256 Hex    `json:"plain_sha256"`
	Plain       Hex    `json:"plain"`
}

// Synthetic is a computed page with a fixed IV, for the page sizes whose real
// pages would make the file too large. Its page number is stored little endian.
type Synthetic struct {
	PageSize      int    `json:"page_size"`
	Reserve       int    `json:"reserve"`
	HMACAlgo      string `json:"hmac_algo"`
	KDFAlgo       string `json:"kdf_algo"`
	KDFIter       int    `json:"kdf_iter"`
	Passphrase    string `json:"passphrase"`
	Salt          Hex    `json:"salt"`
	Key           Hex    `json:"enc_key"`
	MACKey        Hex    `json:"mac_key"`
	Pgno          uint32 `json:"pgno"`
	IV            Hex    `json:"iv"`
	PlainRule     string `json:"plain_rule"`
	CipherSHA256  Hex    `json:"cipher_sha256"` // of the PageSize-Reserve encrypted bytes
	CipherFirst16 Hex    `json:"cipher_first16"`
	CipherLast16  Hex    `json:"cipher_last16"`
	MAC           Hex    `json:"mac"`
}

// Source is what the WAL and the hot journal have in common: the settings and
// keys of their database, and the whole file.
type Source struct {
	MadeBy     string `json:"made_by"`
	PageSize   int    `json:"page_size"`
	Reserve    int    `json:"reserve"`
	KDFAlgo    string `json:"kdf_algo"`
	KDFIter    int    `json:"kdf_iter"`
	HMACAlgo   string `json:"hmac_algo"`
	Passphrase string `json:"passphrase"`
	Salt       Hex    `json:"salt"`
	Key        Hex    `json:"enc_key"`
	MACKey     Hex    `json:"mac_key"`
	File       Hex    `json:"file"`
}

// WAL is a write-ahead log with its frames in file order.
type WAL struct {
	Source
	Frames []Frame `json:"frames"`
}

// Frame is one frame of a [WAL]. CommitPages is the database size in pages of a
// commit frame, else 0; Checksum is the 8 bytes of the frame header.
type Frame struct {
	Pgno        uint32 `json:"pgno"`
	CommitPages uint32 `json:"commit_pages"`
	Checksum    Hex    `json:"cksum"`
	PlainSHA256 Hex    `json:"plain_sha256"`
}

// HotJournal is a rollback journal that its writer did not live to delete.
type HotJournal struct {
	Source
	Segments []Segment
}

// Segment is one journal header with the records that follow it.
type Segment struct {
	Offset    int // of the header in the file
	NRec      uint32
	Nonce     Hex
	OrigPages uint32
	Sector    int
	PageSize  int
	Records   []Record
}

// Record is one page image of a [Segment]. Offset is that of its page number;
// the image follows 4 bytes later, its checksum after the image.
type Record struct {
	Offset      int
	Pgno        uint32
	Checksum    Hex
	PlainSHA256 Hex
}

// KeyParse tells how SQLCipher 4.7.0 and later take a key text. Class is
// "passphrase", "raw key", "raw key+salt" or "raw key+hmac key+salt".
type KeyParse struct {
	Input string `json:"input"`
	Class string `json:"class"`
}

// UnmarshalJSON sorts the flat list of the file, in which headers and records
// stand one after the other, into segments.
func (j *HotJournal) UnmarshalJSON(data []byte) error {
	var flat struct {
		Source
		Entries []struct {
			HeaderOffset *int   `json:"header_offset"` // headers only
			NRec         uint32 `json:"nrec"`
			Nonce        Hex    `json:"nonce"`
			OrigPages    uint32 `json:"orig_pages"`
			Sector       int    `json:"sector"`
			PageSize     int    `json:"page_size"`
			Offset       int    `json:"offset"` // records only, from here on
			Pgno         uint32 `json:"pgno"`
			Checksum     Hex    `json:"cksum"`
			PlainSHA256  Hex    `json:"plain_sha256"`
		} `json:"records"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields() // not inherited from the decoder that called us
	if err := dec.Decode(&flat); err != nil {
		return err
	}
	*j = HotJournal{Source: flat.Source}
	for _, e := range flat.Entries {
		if e.HeaderOffset != nil {
			j.Segments = append(j.Segments, Segment{
				Offset: *e.HeaderOffset, NRec: e.NRec, Nonce: e.Nonce,
				OrigPages: e.OrigPages, Sector: e.Sector, PageSize: e.PageSize,
			})
			continue
		}
		if len(j.Segments) == 0 {
			return errors.New("hot_journal: record before the first header")
		}
		last := &j.Segments[len(j.Segments)-1]
		last.Records = append(last.Records, Record{
			Offset: e.Offset, Pgno: e.Pgno, Checksum: e.Checksum, PlainSHA256: e.PlainSHA256,
		})
	}
	return nil
}

package vfs_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/testdata/vectors"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// vectorOptions opens a database of the vectors by the parameters of a URI.
func vectorOptions(t *testing.T, v *vectors.Database) vfs.Options {
	t.Helper()
	algo := map[string]string{"sha1": "SHA1", "sha256": "SHA256", "sha512": "SHA512"}
	params := []compat.Param{
		{Name: "key", Value: string(v.KeyInput)},
		{Name: "cipher_page_size", Value: strconv.Itoa(v.PageSize)},
		{Name: "kdf_iter", Value: strconv.Itoa(v.KDFIter)},
		{Name: "fast_kdf_iter", Value: strconv.Itoa(v.FastIter)},
		{Name: "cipher_kdf_algorithm", Value: "PBKDF2_HMAC_" + algo[v.KDFAlgo]},
		{Name: "cipher_hmac_algorithm", Value: "HMAC_" + algo[v.HMACAlgo]},
		{Name: "cipher_use_hmac", Value: strconv.FormatBool(v.UseHMAC)},
		{Name: "cipher_hmac_pgno", Value: v.PgnoOrder},
		{Name: "cipher_hmac_salt_mask", Value: fmt.Sprintf("x'%x'", []byte(v.Mask))},
		{Name: "cipher_plaintext_header_size", Value: strconv.Itoa(v.PlaintextHeader)},
	}
	if v.PlaintextHeader > 0 {
		params = append(params, compat.Param{Name: "cipher_salt", Value: fmt.Sprintf("x'%x'", []byte(v.Salt))})
	}
	o, err := vfs.OptionsOf(v.Name, params)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestVectorDatabases opens what SQLCipher wrote, under the key that was typed.
func TestVectorDatabases(t *testing.T) {
	t.Parallel()
	list := vectors.Load().Databases
	if len(list) != 24 {
		t.Errorf("%d databases", len(list))
	}
	for _, v := range list {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			file := bytes.Join([][]byte{v.Pages[0].Raw, v.Pages[1].Raw}, nil)
			db := openDB(t, readOnly(t, file), vectorOptions(t, &v))
			if h := header(t, db); int(binary.BigEndian.Uint16(h[16:])) != v.HeaderPageSize || int(h[20]) != v.HeaderReserve {
				t.Errorf("header % x", h[:24])
			}
			for _, want := range v.Pages {
				page := make([]byte, v.PageSize)
				readFull(t, db, page, int64(want.Pgno-1)*int64(v.PageSize))
				if sum := sha256.Sum256(page[:v.PageSize-v.Reserve]); !bytes.Equal(sum[:], want.PlainSHA256) {
					t.Errorf("page %d has other content", want.Pgno)
				}
				if !bytes.Equal(page[v.PageSize-v.Reserve:], make([]byte, v.Reserve)) {
					t.Errorf("reserve of page %d is not zero", want.Pgno)
				}
			}
			readEOF(t, db, v.PageSize, int64(len(file)))
			if row := pragma(t, db, "kdf_iter", "5"); row != "" {
				t.Errorf("settings are not frozen: %q", row)
			}
			o := vectorOptions(t, &v)
			o.Key = keyspec(t, "x'"+fmt.Sprintf("%x", make([]byte, 32))+"'")
			refuses(t, openDB(t, readOnly(t, file), o), v.PageSize, compat.ErrWrongKey)
		})
	}
}

// vectorJournal is the hot journal of the vectors, with the database that it
// belongs to as it was before: the journal has an image of each of its pages.
func vectorJournal(t *testing.T) (vectors.HotJournal, *database) {
	t.Helper()
	v := vectors.Load().HotJournal
	set := compat.Latest.Settings()
	set.PageSize, set.KDFIter = v.PageSize, v.KDFIter
	d := &database{set: set, keys: hmacpage.Keys{Key: v.Key, MACKey: v.MACKey, Salt: v.Salt}}
	for _, s := range v.Segments {
		for _, r := range s.Records {
			raw := v.File[r.Offset+4:][:v.PageSize]
			plain := d.decrypt(r.Pgno, raw)
			if plain == nil || int(r.Pgno) != len(d.disk)/v.PageSize+1 {
				t.Fatalf("record at %d, page %d: bad, or not the next", r.Offset, r.Pgno)
			}
			d.disk = append(d.disk, raw...)
			d.plain = append(d.plain, plain...)
		}
	}
	if len(d.disk) != 6*v.PageSize {
		t.Fatalf("%d bytes of images", len(d.disk))
	}
	return v, d
}

// TestVectorHotJournal plays a journal back that SQLCipher left behind.
func TestVectorHotJournal(t *testing.T) {
	t.Parallel()
	v, d := vectorJournal(t)
	damaged := map[string]func() []byte{
		"as it was": func() []byte { return d.disk },
		"page 1 torn": func() []byte {
			file := bytes.Clone(d.disk)
			fillNoise(file[512:1024], 7)
			return file
		},
		"page 1 alone": func() []byte { return d.disk[:1024] },
		"all but the salt lost": func() []byte {
			file := make([]byte, len(d.disk))
			copy(file, v.Salt)
			return file
		},
	}
	for name, damage := range damaged {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := damage()
			open := func(word string) *vfs.MainDB {
				return openDB(t, readOnly(t, file), vfs.Options{Key: keyspec(t, word), Settings: d.set})
			}
			db := open(v.Passphrase)
			header(t, db)
			p := d.reader(v.File, t, db)
			if hot, err := p.isHot(); !hot || err != nil {
				t.Fatalf("hot %v, %v", hot, err)
			}
			got, err := p.play(true)
			d.checkPlayback(t, got, err, 6, 1, 2, 3, 4, 5, 6)
			n := 0
			for _, s := range v.Segments {
				for _, r := range s.Records {
					plain := got.images[n].plain[:v.PageSize-v.Reserve]
					if sum := sha256.Sum256(plain); !bytes.Equal(sum[:], r.PlainSHA256) || got.images[n].pgno != r.Pgno {
						t.Errorf("record at %d has other content", r.Offset)
					}
					n++
				}
			}
			notServed(t, v.File, open(otherWord), compat.ErrWrongKey)

			base := vfstest.NewMem(file)
			db = openDB(t, base, vfs.Options{Key: keyspec(t, v.Passphrase), Settings: d.set})
			if got, err = d.reader(v.File, t, db).play(true); err != nil {
				t.Fatal(err)
			}
			for _, i := range got.images {
				writeFull(t, db, i.plain, int64(i.pgno-1)*int64(v.PageSize))
			}
			d.verify(t, base.Bytes(), d.plain)
		})
	}
	t.Run("no key", func(t *testing.T) {
		t.Parallel()
		notServed(t, v.File, openDB(t, readOnly(t, d.disk), vfs.Options{}), compat.ErrNoKey)
	})
}

package vfs

import (
	"runtime"
	"sync"

	"github.com/pageseal/pageseal/hmacpage"
)

// job is work on pages that a goroutine is started for. Whoever comes first does it:
// the goroutine, or SQLite's own when it needs the pages and there was no processor
// for the other. It takes place at most once, and whoever finds it under way waits
// for it.
type job struct {
	once  sync.Once
	codec *hmacpage.Codec
	pages []hmacpage.Page

	encrypts bool  // or it decrypts, and the pages tell which of them are bad
	err      error // of encryption
}

func (j *job) run() {
	if j.encrypts {
		j.err = j.codec.Encrypt(j.pages)
	} else {
		_ = j.codec.Decrypt(j.pages)
	}
}

// do sees to it that the work is done. Of no job nothing is left to do.
func (j *job) do() {
	if j != nil {
		j.once.Do(j.run)
	}
}

// cancel sees to it that nobody works on the pages any more.
func (j *job) cancel() {
	if j != nil {
		j.once.Do(func() {})
	}
}

// worthwhile tells whether there is a processor for a job beside SQLite's own.
func worthwhile() bool { return runtime.GOMAXPROCS(0) > 1 }

// twin is a second codec of a database, for jobs: of each codec there is one user at
// a time.
type twin struct {
	codec *hmacpage.Codec
	of    *hmacpage.Codec // the database's own, that it is the twin of
}

// get is the codec, nil if there can be none.
func (t *twin) get(m *MainDB) *hmacpage.Codec {
	if t.of != m.codec {
		t.wipe()
		t.codec, _ = hmacpage.New(m.codec.Geometry(), m.keys)
		t.of = m.codec
	}
	return t.codec
}

// wipe takes that no job is under way.
func (t *twin) wipe() {
	if t.codec != nil {
		t.codec.Wipe()
	}
	t.codec, t.of = nil, nil
}

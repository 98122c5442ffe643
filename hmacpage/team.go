package hmacpage

import (
	"runtime"
	"sync"
)

// Team is a codec for many pages at a time, such as those of a whole file: it has
// one for each processor that Go may use, and they share the pages of a call. Like
// a [Codec] it is not safe for concurrent use.
type Team struct {
	codecs []*Codec
}

// NewTeam returns a team. Its errors are those of [New].
func NewTeam(g Geometry, keys Keys) (*Team, error) {
	t := new(Team)
	for range runtime.GOMAXPROCS(0) {
		c, err := New(g, keys)
		if err != nil {
			return nil, err
		}
		t.codecs = append(t.codecs, c)
	}
	return t, nil
}

// Encrypt does what [Codec.Encrypt] does.
func (t *Team) Encrypt(pages []Page) error { return t.share(pages, (*Codec).Encrypt) }

// Decrypt does what [Codec.Decrypt] does.
func (t *Team) Decrypt(pages []Page) error { return t.share(pages, (*Codec).Decrypt) }

// Wipe wipes the codecs, see [Codec.Wipe].
func (t *Team) Wipe() {
	for _, c := range t.codecs {
		c.Wipe()
	}
}

// leastShare is a number of pages that is worth a goroutine, and a multiple of
// what any kernel works on at once.
const leastShare = 16

// share has each codec do a part of the pages, the first of them on this goroutine.
// The error is that of the first part that has one.
func (t *Team) share(pages []Page, do func(*Codec, []Page) error) error {
	n := min(len(t.codecs), (len(pages)+leastShare-1)/leastShare)
	if n < 2 {
		return do(t.codecs[0], pages)
	}
	each := ((len(pages)+n-1)/n + leastShare - 1) &^ (leastShare - 1)
	errs := make([]error, n)
	var others sync.WaitGroup
	for i := 1; i < n; i++ {
		part := pages[min(i*each, len(pages)):min((i+1)*each, len(pages))]
		others.Go(func() { errs[i] = do(t.codecs[i], part) })
	}
	errs[0] = do(t.codecs[0], pages[:each])
	others.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

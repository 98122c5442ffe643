package hmacpage

import (
	"crypto/hmac"
	"hash"
)

// tagger is the MAC of a page by the standard library, for those that no routine
// takes.
type tagger struct {
	order PgnoOrder
	hash  hash.Hash // nil with NoMAC

	// Scratch that would escape to the heap on each call if it were local.
	pgno [4]byte
	sum  [64]byte
}

func newTagger(g Geometry, keys Keys) tagger {
	t := tagger{order: g.PgnoOrder}
	if newHash := g.MAC.newHash(); newHash != nil {
		t.hash = hmac.New(newHash, keys.MACKey)
		t.hash.Reset() // the first one computes the keyed states, the others restore them
	}
	return t
}

// tag returns the tag of ciphertext and IV, valid until the next call. It is empty
// with NoMAC.
func (t *tagger) tag(pgno uint32, data []byte) []byte {
	if t.hash == nil {
		return nil
	}
	t.order.put(&t.pgno, pgno)
	t.hash.Reset()
	t.hash.Write(data)
	t.hash.Write(t.pgno[:])
	return t.hash.Sum(t.sum[:0])
}

func (t *tagger) wipe() { *t = tagger{} }

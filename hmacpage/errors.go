package hmacpage

import (
	"errors"
	"fmt"
)

var (
	// ErrAuth means that a page is not what the holder of the keys wrote: it
	// is damaged, or keys, salt or settings are not those of the file. It is
	// returned within a [PageError].
	ErrAuth = errors.New("hmacpage: MAC mismatch")

	// ErrGeometry means that a [Geometry] is none that SQLCipher could use.
	ErrGeometry = errors.New("hmacpage: bad geometry")

	// ErrWiped means that the codec was used after [Codec.Wipe].
	ErrWiped = errors.New("hmacpage: codec is wiped")
)

// PageError says which page of a batch failed first. errors.Is(err, [ErrAuth])
// holds for it.
type PageError struct {
	Pgno uint32
}

// Error returns a text like "hmacpage: page 7: MAC mismatch".
func (e *PageError) Error() string {
	return fmt.Sprintf("hmacpage: page %d: MAC mismatch", e.Pgno)
}

// Unwrap returns [ErrAuth], whichever way the page was damaged.
func (e *PageError) Unwrap() error { return ErrAuth }

package vfs

// SetReadAhead turns reading ahead on or off for a test that is not parallel.
func SetReadAhead(on bool) (before bool) {
	before, noReadAhead = !noReadAhead, !on
	return before
}

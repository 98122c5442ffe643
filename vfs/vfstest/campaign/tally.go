package campaign

import (
	"sync/atomic"
	"testing"
)

// tally counts what a campaign has tried, over all its subtests.
type tally struct{ encrypted, clear atomic.Int64 }

// report prints the sums when the test and its subtests are over.
func (c *tally) report(t *testing.T, what string) {
	t.Cleanup(func() {
		t.Logf("in all: %d %s encrypted, %d in clear for comparison", c.encrypted.Load(), what, c.clear.Load())
	})
}

func (c *tally) add(n int, key string) {
	if key == "" {
		c.clear.Add(int64(n))
	} else {
		c.encrypted.Add(int64(n))
	}
}

package vfstest

import "strings"

// CallKind is a kind of call that a Disk can be told to fail.
type CallKind int

// The calls.
const (
	OnOpen CallKind = iota
	OnRead
	OnWrite
	OnSync
	OnTruncate
	OnDelete
	OnSize
	OnLock
	OnAny
)

func (c CallKind) String() string {
	return [...]string{"open", "read", "write", "sync", "truncate", "delete", "size", "lock", "any"}[c]
}

// Rule makes calls fail.
type Rule struct {
	Call CallKind
	// Suffix of the names of the files meant, as "-journal"; empty for all,
	// nameless ones included.
	Suffix string
	// After so many calls that are passed.
	After int
	// Times that it fails; 0 for ever.
	Times int
	// Err is what the call returns, a vfs.Code; io.EOF from a read is a short
	// read.
	Err error

	seen, failed int
}

// Inject adds a rule.
func (d *Disk) Inject(r Rule) *Rule {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rules = append(d.rules, &r)
	return &r
}

// Heal drops all rules.
func (d *Disk) Heal() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rules = nil
}

// Failed tells how often a rule has made a call fail.
func (d *Disk) Failed(r *Rule) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return r.failed
}

// Seen tells how many calls a rule has been asked about.
func (d *Disk) Seen(r *Rule) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return r.seen
}

// fails is the error that a call is to return, if any.
func (d *Disk) fails(c CallKind, name string) error {
	for _, r := range d.rules {
		if r.Call != c && r.Call != OnAny || !strings.HasSuffix(name, r.Suffix) {
			continue
		}
		r.seen++
		if r.seen > r.After && (r.Times == 0 || r.failed < r.Times) {
			r.failed++
			return r.Err
		}
	}
	return nil
}

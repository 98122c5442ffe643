// Package work is what the commands that take their time have in common: a bar
// that shows how far they are, files that appear whole or not at all, and a look
// at the space that is free before anything is written.
package work

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress shows how far a command is: bytes, how fast, and for how long yet. On
// what is no terminal it shows nothing.
type Progress struct {
	ctx context.Context
	w   io.Writer // nil for none
	bar *progressbar.ProgressBar
}

// NewProgress shows on w, if that is a terminal, until the context ends.
func NewProgress(ctx context.Context, w io.Writer) *Progress {
	p := &Progress{ctx: ctx}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.w = w
	}
	return p
}

// Pages tells of pages of that size, as vfs/convert does. Its error is that of
// the context: an interrupt ends the work.
func (p *Progress) Pages(what string, pageSize int) func(done, total uint64) error {
	p.end()
	return func(done, total uint64) error {
		p.show(what, int64(done)*int64(pageSize), int64(total)*int64(pageSize))
		return p.ctx.Err()
	}
}

// refresh is how often a file is looked at that grows.
const refresh = 200 * time.Millisecond

// Growth shows how a file grows to the size given, while f makes it. The file
// may not be there yet.
func (p *Progress) Growth(what, path string, size int64, f func() error) error {
	p.end()
	if p.w == nil {
		return f()
	}
	done := make(chan error, 1)
	go func() { done <- f() }()
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	defer p.end()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			if info, err := os.Stat(path); err == nil {
				p.show(what, min(info.Size(), size), size)
			}
		}
	}
}

// Steps tells of steps that take unlike times.
func (p *Progress) Steps(what string, done, total int) {
	if p.w == nil {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	p.bar.Describe(what)
	_ = p.bar.Set(done)
}

func (p *Progress) show(what string, done, total int64) {
	if p.w == nil {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(what), progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(refresh/2), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	_ = p.bar.Set64(done)
}

// end takes the bar away.
func (p *Progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

// Close takes the bar away, for the lines that follow.
func (p *Progress) Close() { p.end() }

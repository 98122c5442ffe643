package session

import "github.com/pageseal/pageseal/vfs"

// WithCode gives an error of an engine the result code that package vfs knows it
// by.
func WithCode(err error, code vfs.Code) error { return &coded{err, code} }

type coded struct {
	error
	code vfs.Code
}

func (c *coded) Unwrap() []error { return []error{c.error, c.code} }

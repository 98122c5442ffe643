package vfs

import "errors"

// FileError names the database file that an error is about.
type FileError struct {
	Name string
	Err  error
}

func (e *FileError) Error() string { return "pageseal: " + e.Name + ": " + e.Err.Error() }

// Unwrap returns the error without the name.
func (e *FileError) Unwrap() error { return e.Err }

// InFile names the file that err is about, unless err itself does. nil stays nil.
func InFile(name string, err error) error {
	var named *FileError
	if err == nil || errors.As(err, &named) && named.Name == name {
		return err
	}
	return &FileError{name, err}
}

package session

import "strings"

// explained is an error of the engine with its cause.
type explained struct{ cause, err error }

// Error says each once: of a pragma that failed, the engine says the cause itself.
func (e *explained) Error() string {
	cause, err := e.cause.Error(), e.err.Error()
	if strings.Contains(err, cause) {
		return err
	}
	return cause + ": " + err
}

func (e *explained) Unwrap() []error { return []error{e.cause, e.err} }

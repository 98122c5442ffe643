package peers

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Handler is a database connection that [Serve] makes available as a process.
// An error that has a method Code() int, itself or wrapped, gives the extended
// result code of the answer; any other error is SQLITE_ERROR.
type Handler interface {
	Open(name string, flags []string) error
	// Exec runs any number of statements. The results count on an error too.
	Exec(sql string) ([]Result, error)
	Key(key []byte) error
	Close() error
}

// Serve answers the requests on r until a quit or the end of r. A test binary
// that is executed again calls it to be driven by the test as a [Proc].
func Serve(r io.Reader, w io.Writer, h Handler) error {
	requests := bufio.NewReader(r)
	for {
		verb, payload, err := readRequest(requests)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		line, err := json.Marshal(handle(h, verb, payload))
		if err != nil {
			return fmt.Errorf("peers: answer: %w", err)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("peers: answer: %w", err)
		}
		if verb == "quit" {
			return nil
		}
	}
}

func handle(h Handler, verb string, payload []byte) Reply {
	reply := Reply{Results: []Result{}}
	var err error
	switch verb {
	case "open":
		name, flags, _ := strings.Cut(string(payload), "\n")
		err = h.Open(name, strings.Fields(flags))
	case "exec":
		var results []Result
		results, err = h.Exec(string(payload))
		reply.Results = append(reply.Results, results...)
	case "key":
		err = h.Key(payload)
	case "close":
		err = h.Close()
	case "quit":
	default:
		err = fmt.Errorf("unknown verb %q", verb)
	}
	if err != nil {
		reply.Extended = codeOf(err)
		reply.Code = reply.Extended & 0xff
		reply.Message = err.Error()
	}
	return reply
}

func codeOf(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) && coded.Code()&0xff != 0 {
		return coded.Code()
	}
	return 1 // SQLITE_ERROR
}

func writeRequest(w io.Writer, verb string, payload []byte) error {
	request := fmt.Appendf(nil, "%s %d\n", verb, len(payload))
	_, err := w.Write(append(request, payload...))
	return err
}

// readRequest returns io.EOF at the end between two requests only.
func readRequest(r *bufio.Reader) (verb string, payload []byte, err error) {
	header, err := r.ReadString('\n')
	if err == io.EOF && header == "" {
		return "", nil, io.EOF
	}
	if err != nil {
		return "", nil, fmt.Errorf("peers: request: %w", err)
	}
	verb, length, _ := strings.Cut(strings.TrimSuffix(header, "\n"), " ")
	n, err := strconv.ParseUint(length, 10, 31)
	if err != nil {
		return "", nil, fmt.Errorf("peers: request: length: %w", err)
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		return "", nil, fmt.Errorf("peers: request: %w", err)
	}
	return verb, payload, nil
}

package shell

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// maxHistory is how many lines are kept, as in sqlite3.
const maxHistory = 2000

// history is the file of the lines that were typed, one a line, oldest first.
// Shells that run at the same time append to it in turn. A history that cannot
// be read or written is none.
type history struct {
	path string // empty for none
	last string
}

// load returns the lines.
func (h *history) load() []string {
	h.trim()
	lines := h.read()
	if len(lines) > 0 {
		h.last = lines[len(lines)-1]
	}
	return lines
}

// read returns the lines that are text.
func (h *history) read() (lines []string) {
	// A device or a pipe has nothing to remember.
	if info, err := os.Stat(h.path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	content, err := os.ReadFile(h.path)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && utf8.ValidString(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// add appends the lines of a statement, or of a dot-command, and returns those
// to remember: none where they may hold a key.
func (h *history) add(lines []string) (added []string) {
	if isSecret(strings.Join(lines, "\n")) {
		return nil
	}
	for _, line := range lines {
		if line != h.last {
			added = append(added, line)
			h.last = line
		}
	}
	if len(added) == 0 || h.path == "" {
		return added
	}
	f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return added
	}
	defer f.Close()
	_, _ = f.WriteString(strings.Join(added, "\n") + "\n") // at once, as others append too
	return added
}

// trim cuts a long history to its end, and takes it from the eyes of others.
func (h *history) trim() {
	lines := h.read()
	if len(lines) == 0 {
		return
	}
	_ = os.Chmod(h.path, 0o600)
	if len(lines) <= maxHistory {
		return
	}
	path, err := filepath.EvalSymlinks(h.path)
	if err != nil {
		return
	}
	var content bytes.Buffer
	for _, line := range lines[len(lines)-maxHistory:] {
		content.WriteString(line + "\n")
	}
	replaceFile(path, content.Bytes())
}

// replaceFile writes a file anew, which is there in whole at any time.
func replaceFile(path string, content []byte) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)) // of mode 0600
	if err != nil {
		return
	}
	_, err = f.Write(content)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
}

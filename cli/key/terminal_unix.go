//go:build !windows

package key

import "os"

func openTerminal() (in, out *os.File, err error) {
	in, err = os.OpenFile("/dev/tty", os.O_RDWR, 0)
	return in, in, err
}

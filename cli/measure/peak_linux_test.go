package measure

import (
	"os"
	"syscall"
)

// peak is the most memory that a process which has ended had, in MiB.
func peak(p *os.ProcessState) float64 {
	return float64(p.SysUsage().(*syscall.Rusage).Maxrss) / 1024
}

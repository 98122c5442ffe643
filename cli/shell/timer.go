package shell

import (
	"fmt"
	"time"
)

// startTimer measures SQL until the function that it returns is called, which
// prints the time where .timer is on.
func (s *Shell) startTimer() (stop func()) {
	if !s.timer {
		return func() {}
	}
	begin := time.Now()
	user, system := cpuTime()
	return func() {
		elapsed := time.Since(begin)
		userEnd, systemEnd := cpuTime()
		fmt.Fprintf(s.stdout, "Run Time: real %.3f user %f sys %f\n",
			elapsed.Seconds(), (userEnd - user).Seconds(), (systemEnd - system).Seconds())
	}
}

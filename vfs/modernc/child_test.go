package modernc_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// childEnv names the test that a process was started for.
const childEnv = "PAGESEAL_TEST_CHILD"

// inChild runs the test that calls it once more in a process of its own, for
// what the whole process has: its open files, limits, user, counters and
// environment. It is true in that process. In the other one the test has then
// passed or failed and should return. prepare may change how the process is
// started.
func inChild(t *testing.T, prepare ...func(*exec.Cmd)) bool {
	t.Helper()
	if os.Getenv(childEnv) == t.Name() {
		return true
	}
	out, err := child(t, prepare...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	passed(t, string(out))
	return false
}

// child is the process that runs the test t alone.
func child(t *testing.T, prepare ...func(*exec.Cmd)) *exec.Cmd {
	t.Helper()
	levels := strings.Split(t.Name(), "/")
	for i, level := range levels {
		levels[i] = "^" + regexp.QuoteMeta(level) + "$"
	}
	self, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self,
		"-test.run="+strings.Join(levels, "/"), "-test.v", "-test.count=1", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), childEnv+"="+t.Name())
	cmd.WaitDelay = 10 * time.Second
	for _, p := range prepare {
		p(cmd)
	}
	return cmd
}

// passed fails the test unless the output of its child says that it ran there:
// no test at all, or a skipped one, ends well too.
func passed(t *testing.T, out string) {
	t.Helper()
	if !strings.Contains(out, "--- PASS: "+t.Name()+" ") {
		t.Fatalf("the child did not run the test:\n%s", out)
	}
	for line := range strings.Lines(out) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "child: "); ok {
			t.Log(text)
		}
	}
}

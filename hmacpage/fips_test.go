//go:build !purego

package hmacpage

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"
)

// TestFIPSOnly runs itself in a process with the mode on: it cannot be switched
// on later, and not at all in a build with the tag purego.
func TestFIPSOnly(t *testing.T) {
	t.Parallel()
	if os.Getenv("HMACPAGE_TEST_FIPS_ONLY") != "" {
		_, err := New(Geometry{PageSize: 1024, MAC: HMACSHA1}, testKeys(HMACSHA1))
		if want := "hmacpage: HMAC_SHA1 is not allowed in FIPS 140-only mode"; err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		c := v4Codec(t)
		p := []Page{{Pgno: 2, Plain: make([]byte, 4096), Cipher: make([]byte, 4096)}}
		if err := errors.Join(c.Encrypt(p), c.Decrypt(p)); err != nil {
			t.Error(err)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFIPSOnly$", "-test.v")
	cmd.Env = append(os.Environ(), "HMACPAGE_TEST_FIPS_ONLY=1", "GODEBUG=fips140=only")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("PASS: TestFIPSOnly")) {
		t.Errorf("%v\n%s", err, out)
	}
}

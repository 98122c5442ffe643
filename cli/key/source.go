package key

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"

	urfave "github.com/urfave/cli/v2"
	"github.com/zalando/go-keyring"

	"github.com/pageseal/pageseal/kdf"
)

// Service is the name of the service that the entries in a keychain belong to.
const Service = "pageseal"

// readers read the key from the source that a flag names, by the name of the
// flag without its prefix.
var readers = map[string]func(c *urfave.Context, flag string) ([]byte, error){
	"key-file":  ofFile,
	"key-env":   ofEnv,
	"key-fd":    ofFD,
	"key-cmd":   ofCommand,
	"key-stdin": ofStdin,
	"keychain":  ofKeychain,
	"key":       ofArgument,
}

func warnf(c *urfave.Context, format string, args ...any) {
	fmt.Fprintf(c.App.ErrWriter, "warning: "+format+"\n", args...)
}

func ofFile(c *urfave.Context, flag string) ([]byte, error) {
	f, err := os.Open(c.Path(flag))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); runtime.GOOS != "windows" && mode.IsRegular() && mode.Perm()&0o077 != 0 {
		warnf(c, "%s is open to others (mode %04o); chmod 600 makes it yours alone", f.Name(), mode.Perm())
	}
	return readLine(c.Context, f)
}

func ofEnv(c *urfave.Context, flag string) ([]byte, error) {
	name := c.String(flag)
	value, ok := os.LookupEnv(name)
	if !ok {
		return nil, fmt.Errorf("the environment variable %q is not set", name)
	}
	return limited(value)
}

func limited(text string) ([]byte, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("longer than %d bytes", MaxSize)
	}
	return []byte(text), nil
}

func ofFD(c *urfave.Context, flag string) ([]byte, error) {
	n := c.Int(flag)
	if n < 0 {
		return nil, Usagef("%d is no file descriptor", n)
	}
	f := os.NewFile(uintptr(n), fmt.Sprintf("file descriptor %d", n))
	if f == nil {
		return nil, fmt.Errorf("file descriptor %d is not open", n)
	}
	defer f.Close()
	return readLine(c.Context, f)
}

func ofStdin(c *urfave.Context, _ string) ([]byte, error) { return readLine(c.Context, c.App.Reader) }

func ofArgument(c *urfave.Context, flag string) ([]byte, error) {
	warnf(c, "others can read the key of --%s in the list of processes, and it stays in the history of the shell", flag)
	return limited(c.String(flag))
}

func ofKeychain(c *urfave.Context, flag string) ([]byte, error) {
	name := c.String(flag)
	return await(c.Context, func() ([]byte, error) { // the system may ask the user
		text, err := keyring.Get(Service, name)
		switch {
		case errors.Is(err, keyring.ErrNotFound):
			return nil, fmt.Errorf("there is no entry %q of the service %q", name, Service)
		case err != nil:
			return nil, fmt.Errorf("no keychain can be reached here: %w", err)
		}
		return limited(text)
	})
}

// ofCommand runs a command in the shell of the system. What it says on stderr is
// for the user; what it prints is in no error, as it may be part of a key.
func ofCommand(c *urfave.Context, flag string) ([]byte, error) {
	shell, option := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, option = "cmd", "/C"
	}
	ctx, cancel := context.WithCancel(c.Context)
	defer cancel()
	cmd := exec.CommandContext(ctx, shell, option, c.String(flag))
	cmd.Stderr = c.App.ErrWriter
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	text, err := readLine(ctx, out)
	if err != nil {
		cancel() // nobody reads the rest
		_ = cmd.Wait()
		return nil, err
	}
	if err := cmd.Wait(); err != nil {
		kdf.Wipe(text)
		return nil, fmt.Errorf("the command failed: %w", err)
	}
	return text, nil
}

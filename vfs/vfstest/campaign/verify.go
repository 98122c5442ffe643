package campaign

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// verify opens every page of the databases on the disk by itself: none may be
// in clear, under another key or a hole.
func verify(d *vfstest.Disk) error { return verifyAs(d, Key) }

func verifyAs(d *vfstest.Disk, key string) error {
	for _, name := range d.Names() {
		if !strings.HasSuffix(name, ".db") {
			continue
		}
		if err := verifyFile(d.Content(name), key); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func verifyFile(content []byte, key string) error {
	if len(content) == 0 {
		return nil
	}
	settings := compat.Latest.Settings()
	key, setting, _ := strings.Cut(key, "\n")
	if name, value, ok := strings.Cut(setting, "="); ok {
		if err := settings.Set(name, value); err != nil {
			return err
		}
	}
	if len(content)%settings.PageSize != 0 {
		return fmt.Errorf("%d bytes are no whole pages", len(content))
	}
	spec, err := compat.ParseKeyspec([]byte(key))
	if err != nil {
		return err
	}
	keys, err := spec.Derive(settings, content[:16])
	if err != nil {
		return err
	}
	codec, err := hmacpage.New(settings.Geometry(), keys)
	if err != nil {
		return err
	}
	plain := make([]byte, settings.PageSize)
	for pgno := uint32(1); len(content) > 0; pgno++ {
		page := hmacpage.Page{Pgno: pgno, Cipher: content[:settings.PageSize], Plain: plain}
		if err := codec.Decrypt([]hmacpage.Page{page}); err != nil {
			return err
		}
		content = content[settings.PageSize:]
	}
	return nil
}

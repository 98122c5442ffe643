package cli

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/compat"
)

// infoCommand says what a file is: without a key what shows from outside, with
// one what is inside.
func infoCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "info",
		Usage:     "say what a file is, and with a key what is inside",
		ArgsUsage: "FILE",
		Description: "Without a key: tells a plaintext database from an encrypted one, and what lies beside it.\n" +
			"An encrypted database cannot be told from other random bytes, so that is a likelihood.\n\n" +
			"With a key, which is never asked for: pages, versions, journal mode, and what the schema holds.\n" +
			"The database is only read: no journal is played back, no log is merged.\n\n" +
			"Examples:\n\n" +
			"   pageseal info clinic.db\n" +
			"   pageseal info --key-file clinic.key clinic.db\n" +
			"   pageseal info --json --key-file clinic.key --level 3 old.db",
		Flags: slices.Concat(
			[]urfave.Flag{jsonFlag},
			key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE")
			if err != nil {
				return err
			}
			info, err := inspect(args[0])
			if err != nil {
				return err
			}
			if key.Given(c, "") {
				file, err := database(c, args[0], "")
				if err != nil {
					return err
				}
				defer file.Key.Wipe()
				if info.Inside, err = lookInside(c.Context, file); err != nil {
					return err
				}
			} else if settings, err := key.Settings(c, ""); err != nil || !settings.IsZero() {
				return errors.Join(err, key.Usagef("settings need a key, see --key-file"))
			}
			if c.Bool("json") {
				return printJSON(env.Stdout, info)
			}
			return info.print(env.Stdout)
		},
	}
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// fileInfo is what shows of a file from outside, and perhaps from inside.
type fileInfo struct {
	File     string  `json:"file"`
	Kind     string  `json:"kind"`
	Size     int64   `json:"size"`                // bytes
	PageSize int     `json:"page_size,omitempty"` // bytes, where the file tells
	Pages    int64   `json:"pages,omitempty"`
	Salt     string  `json:"salt,omitempty"`
	Journal  string  `json:"journal"`
	WAL      string  `json:"wal"`
	Inside   *inside `json:"inside,omitempty"`

	kind compat.FileKind
}

func inspect(name string) (fileInfo, error) {
	f, err := os.Open(name)
	if err != nil {
		return fileInfo{}, err
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return fileInfo{}, err
	}
	if !stat.Mode().IsRegular() {
		return fileInfo{}, fmt.Errorf("%s is not a regular file", name)
	}
	head := make([]byte, compat.SmallestPage)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return fileInfo{}, err
	}
	head = head[:n]
	kind := compat.Detect(head, stat.Size())
	info := fileInfo{File: name, kind: kind, Kind: kind.String(), Size: stat.Size(), Journal: "none", WAL: "none"}
	switch kind {
	case compat.FilePlaintext, compat.FilePlaintextHeader:
		info.PageSize = compat.HeaderPageSize(head)
	case compat.FileEncrypted:
		info.Salt = fmt.Sprintf("%x", head[:16])
	}
	if info.PageSize > 0 {
		info.Pages = info.Size / int64(info.PageSize)
	}
	if err := info.beside(name); err != nil {
		return fileInfo{}, err
	}
	return info, nil
}

// beside describes the journal and the write-ahead log.
func (i *fileInfo) beside(name string) error {
	journal, size, err := peek(name + "-journal")
	if err != nil {
		return err
	}
	switch {
	case size == 0:
	case journal[0] == 0:
		i.Journal = fmt.Sprintf("finished, %d bytes", size)
	default:
		i.Journal = fmt.Sprintf("hot, %d bytes: a transaction was cut off, the next program that opens the database rolls it back", size)
	}
	wal, size, err := peek(name + "-wal")
	if err != nil {
		return err
	}
	if pageSize := int64(binary.BigEndian.Uint32(wal[8:])); size > 0 && pageSize > 0 {
		i.WAL = fmt.Sprintf("%d frames of %d bytes", (size-32)/(pageSize+24), pageSize)
	}
	return nil
}

// peek reads the first bytes of a file that need not exist.
func peek(name string) (head [32]byte, size int64, err error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return head, 0, nil
	}
	if err != nil {
		return head, 0, err
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return head, 0, err
	}
	if _, err := io.ReadFull(f, head[:]); err != nil {
		return head, 0, nil // too short to say anything
	}
	return head, stat.Size(), nil
}

func (i fileInfo) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, value string) { fmt.Fprintf(t, "%s\t%s\n", name, value) }
	row("file", i.File)
	row("is", i.Kind)
	row("size", fmt.Sprintf("%d bytes", i.Size))
	if i.PageSize > 0 && i.Inside == nil {
		row("pages", fmt.Sprintf("%d of %d bytes", i.Pages, i.PageSize))
	}
	if i.Salt != "" && i.Inside == nil {
		row("pages", strings.Join(possiblePages(i.Size), " or "))
	}
	if i.Salt != "" {
		row("salt", i.Salt)
	}
	row("journal", i.Journal)
	row("wal", i.WAL)
	if i.Inside != nil {
		i.Inside.rows(row)
	}
	return t.Flush()
}

// possiblePages are the page counts of SQLCipher's default page sizes that fit
// the size of the file.
func possiblePages(size int64) (fit []string) {
	for _, p := range []compat.Profile{compat.V4, compat.V3} {
		pageSize := int64(p.Settings().PageSize)
		if size%pageSize == 0 {
			fit = append(fit, fmt.Sprintf("%d of %d bytes", size/pageSize, pageSize))
		}
	}
	if fit == nil {
		return []string{"of no usual size: the file may be cut off"}
	}
	return fit
}

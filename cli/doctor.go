package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// doctorCommand says why a database does not open, and what opens it.
func doctorCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "doctor",
		Usage:     "find the settings that open a database, or what is wrong with it",
		ArgsUsage: "FILE",
		Description: "Tries a key with the settings of every release of SQLCipher and every page size, and reads each page.\n" +
			"Tells a wrong key from damage as far as that can be told, and prints what opens the database: pragmas,\n" +
			"a data source name, flags of pageseal. The file is only read. A key is asked for where it takes one.\n\n" +
			"Exit status: 0 all is well, 3 the key or the settings are wrong, 4 the file is damaged.\n\n" +
			"Examples:\n\n" +
			"   pageseal doctor --key-file clinic.key clinic.db\n" +
			"   pageseal doctor --json --key-env CLINIC_KEY old.db",
		Flags: slices.Concat(
			[]urfave.Flag{jsonFlag},
			key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE")
			if err != nil {
				return err
			}
			d, err := diagnose(c, args[0])
			if err != nil {
				return err
			}
			if c.Bool("json") {
				err = printJSON(env.Stdout, d)
			} else {
				err = d.print(env.Stdout)
			}
			if err == nil && d.Status != 0 {
				err = exitStatus(d.Status)
			}
			return err
		},
	}
}

// Verdicts on a database that the key opens.
const (
	verifies = "it opens, and every page verifies"
	damaged  = "the key is right, the file is damaged"
)

// diagnosis is what the doctor found out.
type diagnosis struct {
	fileInfo
	Verdict  string   `json:"verdict"`
	Status   int      `json:"status"`
	Problems []string `json:"problems"`
	Pragmas  []string `json:"pragmas,omitempty"` // these open it, and so do the DSN and the flags
	DSN      string   `json:"dsn,omitempty"`
	Flags    string   `json:"flags"`

	settings *compat.Settings // that open it, nil where none is known
}

func diagnose(c *urfave.Context, path string) (*diagnosis, error) {
	info, err := inspect(path)
	if err != nil {
		return nil, err
	}
	d := &diagnosis{fileInfo: info, Problems: []string{}}
	switch info.kind {
	case compat.FileEmpty:
		d.Verdict = "an empty file: it becomes a database when something is written, with any key"
	case compat.FilePlaintext:
		d.Verdict = "it is not encrypted, and opens without a key"
		if key.Given(c, "") {
			d.Status = statusKey
		}
	case compat.FileShort:
		d.Verdict, d.Status = "it is cut off: shorter than any page", statusDamage
	case compat.FileMultipleCiphers:
		d.Verdict, d.Status = "it has a layout of SQLite3 Multiple Ciphers that SQLCipher cannot read; there, PRAGMA legacy=4 writes SQLCipher's", statusKey
	case compat.FileOther:
		d.Verdict, d.Status = "it is not a database, encrypted or not: it has a pattern", statusFailed
	default:
		file, err := database(c, path, "")
		if err != nil {
			return nil, err
		}
		defer file.Key.Wipe()
		return d.orRaw(c.Context, file)
	}
	return d, nil
}

// orRaw opens the database with the key, or if that is wrong with the raw key
// that it has the digits of.
func (d *diagnosis) orRaw(ctx context.Context, file convert.Database) (*diagnosis, error) {
	asRaw := *d
	if err := d.open(ctx, file); err != nil {
		return nil, err
	}
	raw, ok := file.Key.AsRaw()
	if !ok || d.Status != statusKey {
		return d, nil
	}
	defer raw.Wipe()
	file.Key = raw
	if err := asRaw.open(ctx, file); err != nil || asRaw.settings == nil {
		return d, err
	}
	asRaw.Problems = append(asRaw.Problems, "the key is a raw one: it wants x'...' around its digits")
	asRaw.Status = statusKey
	return &asRaw, nil
}

// open looks for the settings of an encrypted database, first by its pages
// alone, as page 1, which SQLite begins with, may be damaged. Then SQLite opens
// it, which takes journal and log into account.
func (d *diagnosis) open(ctx context.Context, file convert.Database) error {
	if d.kind == compat.FilePlaintextHeader && !file.Settings.HasSalt && file.Key.Salt() == nil {
		d.Verdict = "it has a plaintext header, so that its salt is not in the file: --set \"cipher_salt=x'...'\" or a raw key of 96 digits gives it"
		d.Status = statusKey
		return nil
	}
	verifying, guesses, err := d.byPages(ctx, file)
	if err != nil {
		return err
	}
	found, err := convert.Detect(ctx, modernc.OpenReadOnly, file, guesses)
	var coded interface{ Code() int }
	switch {
	case err == nil:
		d.opens(found.Settings, verifies)
	case errors.As(err, &coded) && coded.Code() == readonlyRollback:
		d.opens(found.Settings, "the key is right; a transaction was cut off, and pageseal FILE rolls it back")
		return nil // its pages are half-written
	case isWrongKey(err) && verifying:
		found.Settings = guesses[0]
		d.opens(found.Settings, damaged)
		d.Status = statusDamage
	case isWrongKey(err):
		d.Verdict, d.Status = "the key is wrong, or the settings are those of no release of SQLCipher with any page size", statusKey
		return nil
	case isDamage(err):
		d.opens(found.Settings, damaged)
		d.Status = statusDamage
		d.Problems = append(d.Problems, strings.TrimPrefix(err.Error(), "pageseal: "))
	default:
		return err
	}
	return d.checkPages(ctx, found)
}

func isWrongKey(err error) bool {
	return errors.Is(err, compat.ErrWrongKey) || errors.Is(err, compat.ErrShortFile)
}

// isDamage tells an error of a database that the key is right for.
func isDamage(err error) bool {
	const corrupt, notADB = 11, 26 // SQLite's result codes
	var coded interface{ Code() int }
	return errors.Is(err, compat.ErrDamaged) ||
		errors.As(err, &coded) && (coded.Code()&0xff == corrupt || coded.Code()&0xff == notADB)
}

// opens notes the settings that open the database.
func (d *diagnosis) opens(s compat.Settings, verdict string) {
	d.Verdict, d.settings = verdict, &s
	d.PageSize, d.Pages = s.PageSize, d.Size/int64(s.PageSize)
	if verdict == verifies && !s.UseHMAC {
		d.Verdict = "it opens; it has no MACs that could tell damage"
	}
	d.Pragmas, d.DSN, d.Flags = pragmas(s), dsn(d.File, s), settingFlags(s)
}

func (d *diagnosis) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, value string) { fmt.Fprintf(t, "%s\t%s\n", name, value) }
	row("file", d.File)
	row("is", d.Kind)
	row("journal", d.Journal)
	row("wal", d.WAL)
	if d.settings != nil {
		row("settings", describe(*d.settings))
		row("pages", fmt.Sprintf("%d of %d bytes", d.Pages, d.PageSize))
	}
	row("verdict", d.Verdict)
	for _, p := range d.Problems {
		row("problem", p)
	}
	if d.settings != nil {
		row("pragmas", strings.Join(d.Pragmas, " "))
		row("dsn", d.DSN)
		row("flags", strings.TrimSpace("--key-file ... "+d.Flags))
	}
	return t.Flush()
}

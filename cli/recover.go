package cli

import (
	"context"
	"database/sql/driver"
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
	"github.com/pageseal/pageseal/vfs/salvage"
)

// recoverCommand salvages what verifies of a damaged database.
func recoverCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "recover",
		Usage:     "salvage what is left of a damaged database into a new one",
		ArgsUsage: "FILE TARGET",
		Description: "Reads the pages of FILE one by one, with a hot journal and a write-ahead log beside it, and\n" +
			"writes the rows on those that verify into the new database TARGET: under the same key and the\n" +
			"default settings, or in clear if FILE is. FILE does not change. Rows that belong to no table any\n" +
			"more go to the table lost_and_found.\n\n" +
			"The exit status is 0 if everything was there, and 4 if something was lost.\n\n" +
			"Example: pageseal recover --key-file key.txt clinic.db saved.db",
		Flags: slices.Concat([]urfave.Flag{
			forceFlag,
			jsonFlag,
			&urfave.BoolFlag{Name: "free-pages", Usage: "look for rows on free pages too, such as deleted ones"},
			&urfave.StringFlag{Name: "lost-and-found", Usage: "the `NAME` of the table for rows that belong to none"},
			&urfave.BoolFlag{Name: "no-rowids", Usage: "give new rowids, where they are no column"},
		}, key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE", "TARGET")
			if err != nil {
				return err
			}
			return recoverInto(c, env, args[0], args[1])
		},
	}
}

// recoverInto salvages one file into another.
func recoverInto(c *urfave.Context, env Env, from, to string) error {
	if _, err := distinct(from, to, c.Bool("force")); err != nil {
		return err
	}
	pages, db, err := openDamaged(c, from)
	if err != nil {
		return err
	}
	defer pages.Close()
	defer db.Key.Wipe()
	opts := salvage.Options{
		FreePages:    c.Bool("free-pages"),
		LostAndFound: c.String("lost-and-found"),
		NoRowids:     c.Bool("no-rowids"),
		SearchSchema: true,
	}
	open := func(ctx context.Context, path string) (driver.Conn, error) {
		return modernc.Open(ctx, convert.Database{Path: path, Key: db.Key})
	}
	report, err := salvage.Recover(c.Context, pages, to, c.Bool("force"), opts, open)
	if err != nil {
		return err
	}
	report.Notes = append(pages.Notes(), report.Notes...)
	r := recoveryReport{File: from, Target: to, Complete: report.Complete(), Report: report}
	if err := r.print(env.Stdout, c.Bool("json")); err != nil {
		return err
	}
	if !r.Complete {
		return exitStatus(statusDamage)
	}
	return nil
}

// openDamaged opens a file with the key that the flags give. Where they give
// none and the file is in clear, it needs none.
func openDamaged(c *urfave.Context, path string) (*salvage.File, convert.Database, error) {
	if !key.Given(c, "") {
		pages, err := salvage.OpenPlain(path)
		if !errors.Is(err, compat.ErrNoKey) {
			return pages, convert.Database{}, err
		}
	}
	db, err := database(c, path, "")
	if err != nil {
		return nil, db, err
	}
	pages, err := salvage.Open(path, db.Key, db.Settings)
	if err != nil {
		db.Key.Wipe()
	}
	return pages, db, err
}

// recoveryReport is the report of the command.
type recoveryReport struct {
	File     string `json:"file"`
	Target   string `json:"target"`
	Complete bool   `json:"complete"`
	*salvage.Report
}

func (r recoveryReport) print(out io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(out, r)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(t, "%s\t%s\n", name, value)
		}
	}
	row("pages", fmt.Sprintf("%d of %d bytes", r.Pages, r.PageSize))
	if r.Missing > 0 {
		row("missing pages", fmt.Sprintf("%d at the end", r.Missing))
	}
	row("damaged pages", ranges(r.Bad))
	row("broken pages", ranges(r.Broken))
	row("pages of no tree", ranges(r.Lost))
	if r.Astray {
		row("pointers", "some lead to pages that are not there")
	}
	for _, table := range r.Tables {
		row("table "+table.Name, counts(table))
	}
	if r.LostAndFound.Name != "" {
		row("rows of no table", counts(r.LostAndFound)+", in "+r.LostAndFound.Name)
	}
	for _, lost := range r.Schema {
		row("not made", oneLine(lost))
	}
	for _, doubt := range r.Doubts {
		row("doubt", oneLine(doubt))
	}
	for _, note := range r.Notes {
		row("note", oneLine(note))
	}
	verdict := "nothing is missing, as far as shows"
	if !r.Complete {
		verdict = "something was lost"
	}
	row("result", verdict)
	return t.Flush()
}

// counts says how many rows a table has, and what befell them.
func counts(t salvage.TableReport) string {
	text := fmt.Sprintf("%d rows", t.Rows)
	for _, c := range []struct {
		n    int64
		what string
	}{
		{t.Cut, "with content lost"},
		{t.Refused, "refused by its constraints"},
		{t.Unreadable, "not readable"},
	} {
		if c.n > 0 {
			text += fmt.Sprintf(", %d %s", c.n, c.what)
		}
	}
	return text
}

// ranges writes numbers in their order as in "3, 7-9".
func ranges(numbers []uint32) string {
	var parts []string
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		part := fmt.Sprint(numbers[i])
		if last > i {
			part = fmt.Sprintf("%d-%d", numbers[i], numbers[last])
		}
		parts = append(parts, part)
		i = last + 1
	}
	return strings.Join(parts, ", ")
}

// oneLine is a text without what would start another line or move the cursor.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

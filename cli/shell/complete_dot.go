package shell

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// dotArguments are what the commands take that take one of a few words, or the
// name of a file or of a table.
var dotArguments = map[string]func(c *completer, part string) []string{
	"backup":  files,
	"cd":      files,
	"clone":   files,
	"import":  files,
	"log":     files,
	"once":    files,
	"open":    files,
	"output":  files,
	"read":    files,
	"restore": files,
	"save":    files,

	"dump":    func(c *completer, _ string) []string { return c.tables("") },
	"indexes": func(c *completer, _ string) []string { return c.tables("") },
	"schema":  func(c *completer, _ string) []string { return c.tables("") },
	"tables":  func(c *completer, _ string) []string { return c.tables("") },

	"help": func(*completer, string) []string { return dotNames("") },
	"mode": func(*completer, string) []string {
		var names []string
		for _, m := range outputModes {
			names = append(names, m.name)
		}
		return names
	},
	"dbconfig": func(*completer, string) []string {
		var names []string
		for _, o := range dbOptions {
			names = append(names, o.name)
		}
		return names
	},
	"limits": func(*completer, string) []string {
		var names []string
		for _, l := range limits {
			names = append(names, l.name)
		}
		return names
	},
}

func dotNames(prefix string) (names []string) {
	for _, c := range dotCommands() {
		names = append(names, prefix+c.name)
	}
	return names
}

// dotWords completes a dot-command, or its last argument.
func (c *completer) dotWords(left string) (head string, words []string) {
	space := strings.LastIndexAny(left, " \t")
	head, part := left[:space+1], left[space+1:]
	if space < 0 {
		words = begunWith(part, dotNames("."))
		if len(words) == 1 {
			words[0] += " "
		}
		return "", words
	}
	name := strings.Fields(left)[0][1:]
	command, ok := findDot(name)
	if !ok {
		return left, nil
	}
	if arguments := dotArguments[command.name]; arguments != nil {
		words = arguments(c, part)
		if command.name == "import" && len(splitArgs(head)) > 1 {
			words = append(words, c.tables("")...)
		}
		return head, begunWith(part, words)
	}
	return left, nil
}

// files are the files and folders in the folder that part names.
func files(_ *completer, part string) (names []string) {
	folder, prefix := filepath.Split(part)
	where := folder
	if where == "" {
		where = "."
	}
	entries, _ := os.ReadDir(where) // what can be read of it
	for _, e := range entries {
		name := folder + e.Name()
		if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(prefix, ".") ||
			!slices.Equal(splitArgs(name), []string{name}) { // it would need quotes
			continue
		}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			name += "/" // everywhere: a backslash is an escape
		}
		names = append(names, name)
	}
	return names
}

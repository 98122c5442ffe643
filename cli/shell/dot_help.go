package shell

import (
	_ "embed"
	"fmt"
	"strings"
)

// helpText tells of each command in a line that begins with a dot, and in
// lines below that do not.
//
//go:embed help.txt
var helpText string

// ownHelp tells of the commands that sqlite3 has not. Under its name we do not
// tell of them either.
const ownHelp = `.key ?DB?                Ask for the key of DB (default "main"), as PRAGMA key
`

// helpTopics are the lines of each command.
func (s *Shell) helpTopics() [][]string {
	text := helpText
	if !s.env.StandsIn {
		// By the alphabet, which .limit follows.
		text = strings.Replace(text, "\n.limit", "\n"+ownHelp+".limit", 1)
	}
	var topics [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, ".") {
			topics = append(topics, nil)
		}
		last := len(topics) - 1
		topics[last] = append(topics[last], line)
	}
	return topics
}

func (s *Shell) dotHelp(args []string) error {
	pattern := ""
	if len(args) > 0 {
		pattern = args[0]
	}
	if !s.showHelp(pattern) {
		fmt.Fprintf(s.out, "Nothing matches '%s'\n", pattern)
	}
	return nil
}

// showHelp prints the help on the commands that match a pattern, or a line on
// each for none. It reports whether there are any.
func (s *Shell) showHelp(pattern string) bool {
	topics := s.helpTopics()
	all := pattern == "-a" || pattern == "-all" || pattern == "--all" || strings.HasPrefix(pattern, "0")
	if pattern == "" || all {
		for _, t := range topics {
			s.printTopic(t, all)
		}
		return true
	}
	var found [][]string
	for _, t := range topics {
		if strings.HasPrefix(t[0], "."+pattern) {
			found = append(found, t)
		}
	}
	for _, t := range found {
		s.printTopic(t, len(found) == 1)
	}
	if len(found) > 0 {
		return true
	}
	for _, t := range topics {
		if strings.Contains(strings.ToLower(strings.Join(t, "\n")), strings.ToLower(pattern)) {
			s.printTopic(t, true)
			found = append(found, t)
		}
	}
	return len(found) > 0
}

func (s *Shell) printTopic(lines []string, whole bool) {
	if !whole {
		lines = lines[:1]
	}
	for _, line := range lines {
		s.out.WriteString(line + "\n")
	}
}

package interop

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The scripts of TestSurface. A file is a theme of several scenes:
//
//	Lines that start with -- and a capital letter are comments.
//
//	-- script: NAME         starts a scene, in an empty directory
//	-- peers: 4.14 4.5.5    who plays it, see TestSurface; in front of the
//	                        first scene for all of them
//	-- fresh                in processes of its own, as it changes what is
//	                        common to a process
//	-- read: FILE PRAGMAS   how FILE is read when the scene is over; main.db is
//	                        read with the pragmas that opened it last
//	-- files: WHAT          the files left behind differ on purpose, see below
//	-- unread               nothing is read when the scene is over
//
// and between the statements, which may take several lines:
//
//	-- reopen FLAGS         closes the connection and opens it again
//	-- connection: NAME     goes on with another connection, in another process
//	-- swap                 closes all connections, and goes on with the files
//	                        that the other side has made
//	-- flip: FILE OFFSET    changes a byte
//	-- truncate: FILE SIZE
//	-- append: FILE COUNT
//	-- random               the values of the next answer are random
//	-- differs: WHAT        the next answer differs on purpose; WHAT is a row of
//	                        doc/compatibility.md
//	-- ours: ANSWER         and this is ours
//
// $DIR stands for the directory.
//
//go:embed testdata/surface/*.sql
var surfaceFiles embed.FS

type theme struct {
	name   string
	scenes []*scene
}

type scene struct {
	name   string
	peers  []string
	fresh  bool
	unread bool
	files  string // what differs in the files left behind
	reads  []reading
	steps  []step
}

// reading is how a file is opened when the scene is over.
type reading struct{ file, pragmas string }

// step is a statement, or a directive by its name.
type step struct {
	line          int
	verb, text    string // no verb for a statement
	random        bool
	differs, ours string
}

func themes() (all []theme, err error) {
	const dir = "testdata/surface"
	files, err := surfaceFiles.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := surfaceFiles.ReadFile(path.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		p := parser{theme: theme{name: strings.TrimSuffix(f.Name(), ".sql")}, peers: []string{"4.14", "4.5.5"}}
		for i, line := range strings.Split(string(text), "\n") {
			if err := p.take(i+1, line); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", f.Name(), i+1, err)
			}
		}
		if err := p.end(); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		all = append(all, p.theme)
	}
	return all, nil
}

// parser reads a theme line by line.
type parser struct {
	theme
	peers []string // of scenes that do not say
	fresh bool
	scene *scene
	text  string // of a statement that is not complete
	next  step   // what directives said of it
}

func (p *parser) take(number int, line string) error {
	if p.text == "" {
		line = strings.TrimSpace(line)
		if line == "" {
			return nil
		}
		if comment, ok := strings.CutPrefix(line, "-- "); ok {
			return p.directive(number, comment)
		}
		p.next.line = number
	}
	if p.scene == nil {
		return fmt.Errorf("a statement before the first script")
	}
	p.text += line + "\n"
	pieces := split(p.text)
	for _, s := range pieces[:len(pieces)-1] {
		p.next.text = strings.TrimSpace(s)
		p.scene.steps = append(p.scene.steps, p.next)
		p.next = step{line: number}
	}
	p.text = strings.TrimLeft(pieces[len(pieces)-1], " \n")
	return nil
}

func (p *parser) directive(number int, text string) error {
	if 'A' <= text[0] && text[0] <= 'Z' {
		return nil
	}
	verb, argument, _ := strings.Cut(text, " ")
	argument = strings.TrimSpace(argument)
	switch verb {
	case "script:":
		if err := p.end(); err != nil {
			return err
		}
		p.scene = &scene{name: argument, peers: p.peers, fresh: p.fresh}
		p.scenes = append(p.scenes, p.scene)
		return nil
	case "peers:":
		p.setPeers(strings.Fields(argument))
		return nil
	case "fresh":
		if p.scene == nil {
			p.fresh = true
		} else {
			p.scene.fresh = true
		}
		return nil
	}
	if p.scene == nil {
		return fmt.Errorf("%q before the first script", verb)
	}
	switch verb {
	case "unread":
		p.scene.unread = true
	case "files:":
		p.scene.files = argument
	case "read:":
		file, pragmas, _ := strings.Cut(argument, " ")
		p.scene.reads = append(p.scene.reads, reading{file, pragmas})
	case "random":
		p.next.random = true
	case "differs:":
		p.next.differs = argument
	case "ours:":
		p.next.ours = argument
	case "reopen", "connection:", "swap", "flip:", "truncate:", "append:":
		p.scene.steps = append(p.scene.steps, step{line: number, verb: verb, text: argument})
	default:
		return fmt.Errorf("unknown directive %q", verb)
	}
	return nil
}

func (p *parser) setPeers(names []string) {
	if p.scene == nil {
		p.peers = names
	} else {
		p.scene.peers = names
	}
}

// end is called behind each scene.
func (p *parser) end() error {
	switch {
	case p.text != "":
		return fmt.Errorf("a statement without a semicolon")
	case p.next.random || p.next.differs != "" || p.next.ours != "":
		return fmt.Errorf("a directive without a statement")
	case p.scene == nil:
		return nil
	case len(p.scene.steps) == 0:
		return fmt.Errorf("the script %q is empty", p.scene.name)
	case p.duplicate():
		return fmt.Errorf("two scripts are called %q", p.scene.name)
	}
	for _, s := range p.scene.steps {
		if (s.differs == "") != (s.ours == "") {
			return fmt.Errorf("line %d: differs and ours belong together", s.line)
		}
	}
	if !p.scene.unread && !slices.ContainsFunc(p.scene.reads, func(r reading) bool { return r.file == mainFile }) {
		p.scene.reads = append([]reading{{mainFile, p.scene.prologue()}}, p.scene.reads...)
	}
	p.next = step{}
	return nil
}

func (p *parser) duplicate() bool {
	return slices.ContainsFunc(p.scenes[:len(p.scenes)-1], func(s *scene) bool { return s.name == p.scene.name })
}

// uses tells whether a word stands in a statement.
func (s *scene) uses(word string) bool {
	return slices.ContainsFunc(s.steps, func(step step) bool { return strings.Contains(step.text, word) })
}

// keysWithoutValue tells whether the scene gives no value to a pragma that sets
// a key.
func (s *scene) keysWithoutValue() bool {
	return slices.ContainsFunc(s.steps, func(step step) bool {
		return keyWithoutValue.MatchString(step.text)
	})
}

var keyWithoutValue = regexp.MustCompile(`(?i)^PRAGMA\s+(hex)?(re)?key$`)

// prologue are the pragmas of encryption with which the main file was opened
// last.
func (s *scene) prologue() string {
	var pragmas []string
	open := true
	for _, step := range s.steps {
		switch {
		case step.verb == "reopen", step.verb == "swap":
			pragmas, open = nil, true
		case step.verb != "":
		case open && isKeyPragma(step.text):
			pragmas = append(pragmas, step.text+";")
		default:
			open = false
		}
	}
	return strings.Join(pragmas, " ")
}

// isKeyPragma tells whether a statement says how the main file is encrypted.
func isKeyPragma(statement string) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(statement), "pragma ")
	if !ok {
		return false
	}
	name := rest[:strings.IndexAny(rest+"=", "=( ")]
	switch name {
	case "key", "hexkey", "kdf_iter", "fast_kdf_iter":
		return true
	}
	return strings.HasPrefix(name, "cipher_")
}

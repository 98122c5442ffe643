package interop

import (
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestSurface plays the scripts of testdata/surface with the adapter and with
// real SQLCipher builds. Each answer is the same: rows, names of columns, result
// code and message; and so are the files left behind, which the other side then
// reads. What differs on purpose is marked in the scripts.
//
// The first peer of a scene is the release that we are compared with. Of the
// others, which answer differently from release to release, only the rows of
// SELECT count, and the files.
func (e Engine) TestSurface(t *testing.T) {
	all, err := themes()
	if err != nil {
		t.Fatal(err)
	}
	for _, th := range all {
		t.Run(th.name, func(t *testing.T) {
			t.Parallel()
			on := stage{t: t, actors: map[string]*actor{}, engine: e}
			for _, sc := range th.scenes {
				if !e.plays(th, sc) {
					continue
				}
				t.Run(sc.name, func(t *testing.T) {
					for i, peer := range sc.peers {
						t.Run(peer, func(t *testing.T) { on.play(t, sc, "sqlcipher-"+peer, i == 0) })
					}
				})
			}
		})
	}
}

// plays tells whether the engine can play a scene.
func (e Engine) plays(th theme, sc *scene) bool {
	return !(e.NoFTS5 && sc.uses("fts5")) && !(e.NoEmptyValue && sc.keysWithoutValue()) &&
		!slices.Contains(e.Unplayed, th.name+"/"+sc.name)
}

// stage holds the actors of a theme.
type stage struct {
	t      *testing.T // of the theme, which the processes live as long as
	engine Engine
	actors map[string]*actor
}

func (c *stage) actor(s side) *actor {
	a := c.actors[s.name]
	if a == nil {
		start := s.start
		s.start = func(testing.TB) *peers.Proc { return start(c.t) }
		a = newActor(s)
		c.actors[s.name] = a
	}
	return a
}

// play has the adapter and a peer play a scene side by side.
func (c *stage) play(t *testing.T, sc *scene, peer string, first bool) {
	peers.Require(t, peer)
	d := duet{scene: sc, ours: c.actor(c.engine.side()), theirs: c.actor(peerSide(peer)), strict: first}
	for _, a := range []*actor{d.ours, d.theirs} {
		if sc.fresh {
			a.forget()
			defer a.forget()
		}
		a.enter(t.TempDir())
	}
	d.play(t)
	for _, a := range []*actor{d.ours, d.theirs} {
		if err := a.leave(); err != nil {
			t.Error(err)
		}
	}
	if !t.Failed() {
		d.compareFiles(t)
	}
	if !sc.unread {
		d.readAll(t)
	}
}

// duet is a scene with its two actors.
type duet struct {
	*scene
	ours, theirs *actor
	strict       bool // all answers are compared
}

func (d *duet) play(t *testing.T) {
	for _, s := range d.steps {
		if s.verb == "swap" {
			for _, a := range []*actor{d.ours, d.theirs} {
				if err := a.leave(); err != nil {
					t.Error(err)
				}
			}
			d.ours.dir, d.theirs.dir = d.theirs.dir, d.ours.dir
			continue
		}
		ours, err := d.ours.perform(t, s)
		if err != nil {
			t.Errorf("line %d: %s\n  %v", s.line, s.text, err)
			return
		}
		theirs, err := d.theirs.perform(t, s)
		if err != nil {
			t.Errorf("line %d: %s\n  %v", s.line, s.text, err)
			return
		}
		if d.strict || isSelect(s.text) && ours.code == 0 && theirs.code == 0 {
			d.compare(t, s, ours, theirs)
		}
	}
}

func isSelect(text string) bool { return strings.HasPrefix(strings.ToUpper(text), "SELECT") }

func (d *duet) compare(t *testing.T, s step, ours, theirs answer) {
	same := ours.sameAs(theirs)
	switch {
	case s.differs == "" && !same:
		t.Errorf("line %d: %s %s\n  %s: %v\n  %s: %v", s.line, s.verb, s.text, d.ours.name, ours, d.theirs.name, theirs)
	case s.differs != "" && d.strict && same:
		t.Errorf("line %d: %s\n  does not differ: %v", s.line, s.text, ours)
	case s.differs != "" && d.strict && !ours.is(s.ours):
		t.Errorf("line %d: %s\n  %s: %v\n  written: %s", s.line, s.text, d.ours.name, ours, s.ours)
	}
}

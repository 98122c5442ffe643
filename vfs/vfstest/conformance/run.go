package conformance

import "testing"

// theme is a group of questions that need the same of a binding.
type theme struct {
	name      string
	questions []question
}

// question is one thing that a file layer must hold. ask fails the test where
// it does not.
type question struct {
	name string
	ask  func(p *place)
}

var themes = []theme{
	{"paths", paths},
	{"parameters", parameters},
	{"keys", keys},
	{"header", header},
	{"reads", reads},
	{"writes", writes},
	{"sizes", sizes},
	{"damage", damage},
	{"journal", journals},
	{"hot journal", hotJournals},
	{"log", logs},
	{"what waits", waiting},
	{"temporary files", temporary},
	{"device", device},
	{"pragmas", pragmas},
	{"controls", controls},
	{"locks", locks},
	{"shared memory", sharedMemory},
	{"errors below", errorsBelow},
}

// Run asks an adapter every question that it does not lack.
func Run(t *testing.T, b Binding) {
	b.check(t)
	for _, th := range themes {
		t.Run(th.name, func(t *testing.T) {
			if b.lacks(t, th.name) {
				return
			}
			for _, q := range th.questions {
				if b.lacks(t, th.name+"/"+q.name) {
					continue
				}
				t.Run(q.name, func(t *testing.T) {
					t.Parallel()
					q.ask(newPlace(t, b))
				})
			}
		})
	}
}

// lacks tells whether a theme or a question cannot be put to the adapter, and
// says why.
func (b Binding) lacks(t *testing.T, name string) bool {
	reason, ok := b.Lacks[name]
	if ok {
		t.Logf("%s does not apply: %s", name, reason)
	}
	return ok
}

// check wants a reason for all that is lacking, and nothing to be lacking that
// there is not.
func (b Binding) check(t *testing.T) {
	names := map[string]bool{}
	for _, th := range themes {
		names[th.name] = true
		for _, q := range th.questions {
			names[th.name+"/"+q.name] = true
		}
	}
	for name, reason := range b.Lacks {
		if !names[name] || reason == "" {
			t.Errorf("the binding lacks %q, for the reason %q", name, reason)
		}
	}
}

package shell

import "testing"

func TestScan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		from scanState
		want scanState
	}{
		{"", scanState{}, scanState{}},
		{" \t", scanState{}, scanState{}},
		{"-- select", scanState{}, scanState{}},
		{"/* select */", scanState{}, scanState{}},
		{"/* select", scanState{}, scanState{wait: '*'}},
		{"select */ ;", scanState{wait: '*'}, scanState{semi: true}},
		{";", scanState{}, scanState{semi: true}},
		{"select 1", scanState{}, scanState{dark: true}},
		{"select 1; -- ;", scanState{}, scanState{dark: true, semi: true}},
		{"select 1; select", scanState{}, scanState{dark: true}},
		{"- 1", scanState{dark: true, semi: true}, scanState{dark: true}},
		{"select 'a;", scanState{}, scanState{dark: true, wait: '\''}},
		{"it''s; '", scanState{dark: true, wait: '\''}, scanState{dark: true}},
		{`"a;'`, scanState{}, scanState{dark: true, wait: '"'}},
		{"`a;'", scanState{}, scanState{dark: true, wait: '`'}},
		{"[a;'", scanState{}, scanState{dark: true, wait: ']'}},
		{"'[' ] ;", scanState{}, scanState{dark: true, semi: true}},
	} {
		if got := c.from.scan([]byte(c.line)); got != c.want {
			t.Errorf("%q from %+v gives %+v, want %+v", c.line, c.from, got, c.want)
		}
	}
}

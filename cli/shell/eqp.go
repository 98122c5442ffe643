package shell

import (
	"github.com/pageseal/pageseal/cli/shell/render"
	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// eqpMode is what is explained of each statement before it runs.
type eqpMode int

const (
	eqpOff eqpMode = iota
	eqpOn
	eqpTrigger // with the plans of triggers
	eqpFull    // with the program
)

func (m eqpMode) String() string { return [...]string{"off", "on", "trigger", "full"}[m&3] }

// explain prints the plan of a statement, and whatever else .eqp asks for.
func (s *Shell) explain(sql string) {
	if s.eqp >= eqpTrigger && !s.db.Option(capi.OptionTriggerEQP) {
		s.db.SetOption(capi.OptionTriggerEQP, true)
		defer s.db.SetOption(capi.OptionTriggerEQP, false)
	}
	s.explainIn("EXPLAIN QUERY PLAN "+sql, render.NewTriggerPlans)
	if s.eqp >= eqpFull {
		s.explainIn("EXPLAIN "+sql, render.Modes["explain"])
	}
}

func (s *Shell) explainIn(sql string, mode render.New) {
	stmt, _, err := s.db.Prepare(sql)
	if err != nil || stmt == nil {
		return // the statement itself will say what is wrong
	}
	defer stmt.Finalize()
	_ = s.renderRows(stmt, mode, s.out)
}

func (s *Shell) dotEQP(args []string) error {
	if len(args) != 1 {
		return usage(".eqp off|on|trace|trigger|full")
	}
	switch args[0] {
	case "full":
		s.eqp = eqpFull
	case "trigger":
		s.eqp = eqpTrigger
	default:
		s.eqp = eqpMode(s.number(args[0]) & 0xff)
	}
	return nil
}

// dotExplain chooses between the layout of EXPLAIN always, never, and for what
// it is meant for.
func (s *Shell) dotExplain(args []string) error {
	on, auto := true, false
	if len(args) > 0 {
		if auto = args[0] == "auto"; !auto {
			n := s.number(args[0])
			if n != 0 && n != 1 {
				return nil
			}
			on = n == 1
		}
	}
	switch {
	case on && !auto:
		if s.mode != "explain" {
			s.normalMode, s.mode, s.autoExplain = s.mode, "explain", false
		}
	default:
		if s.mode == "explain" {
			s.mode = s.normalMode
		}
		s.autoExplain = auto
	}
	return nil
}

package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// dbOptions are the settings of a connection by the alphabet.
var dbOptions = []struct {
	name   string
	option capi.Option
}{
	{"attach_create", capi.OptionAttachCreate},
	{"attach_write", capi.OptionAttachWrite},
	{"comments", capi.OptionComments},
	{"defensive", capi.OptionDefensive},
	{"dqs_ddl", capi.OptionDQSDDL},
	{"dqs_dml", capi.OptionDQSDML},
	{"enable_fkey", capi.OptionEnableFkey},
	{"enable_qpsg", capi.OptionEnableQPSG},
	{"enable_trigger", capi.OptionEnableTrigger},
	{"enable_view", capi.OptionEnableView},
	{"fts3_tokenizer", capi.OptionFTS3Tokenizer},
	{"legacy_alter_table", capi.OptionLegacyAlterTable},
	{"legacy_file_format", capi.OptionLegacyFileFormat},
	{"load_extension", capi.OptionLoadExtension},
	{"no_ckpt_on_close", capi.OptionNoCkptOnClose},
	{"reset_database", capi.OptionResetDatabase},
	{"reverse_scanorder", capi.OptionReverseScanorder},
	{"stmt_scanstatus", capi.OptionStmtScanstatus},
	{"trigger_eqp", capi.OptionTriggerEQP},
	{"trusted_schema", capi.OptionTrustedSchema},
	{"writable_schema", capi.OptionWritableSchema},
}

// dotDBConfig lists or changes settings of the connection.
func (s *Shell) dotDBConfig(args []string) error {
	if err := s.open(); err != nil {
		return err
	}
	found := false
	for _, o := range dbOptions {
		if len(args) > 0 && args[0] != o.name {
			continue
		}
		found = true
		if len(args) > 1 {
			s.db.SetOption(o.option, s.boolean(args[1]))
		}
		fmt.Fprintf(s.out, "%19s %s\n", o.name, onOff(s.db.Option(o.option)))
	}
	if !found {
		// No failure to sqlite3.
		s.errorf("Error: unknown dbconfig \"%s\"\nEnter \".dbconfig\" with no arguments for a list\n", args[0])
	}
	return nil
}

// limits are the limits in the order in which they are listed.
var limits = []struct {
	name  string
	limit capi.Limit
}{
	{"length", capi.LimitLength},
	{"sql_length", capi.LimitSQLLength},
	{"column", capi.LimitColumn},
	{"expr_depth", capi.LimitExprDepth},
	{"compound_select", capi.LimitCompoundSelect},
	{"vdbe_op", capi.LimitVdbeOp},
	{"function_arg", capi.LimitFunctionArg},
	{"attached", capi.LimitAttached},
	{"like_pattern_length", capi.LimitLikePatternLength},
	{"variable_number", capi.LimitVariableNumber},
	{"trigger_depth", capi.LimitTriggerDepth},
	{"worker_threads", capi.LimitWorkerThreads},
}

// dotLimit lists the limits, or shows and changes one. It prints to standard
// output, wherever output goes, as sqlite3 does.
func (s *Shell) dotLimit(args []string) error {
	if err := s.open(); err != nil {
		return err
	}
	if len(args) > 2 {
		return usage(".limit NAME ?NEW-VALUE?")
	}
	found := -1
	for i, l := range limits {
		if len(args) == 0 {
			s.printLimit(i)
			continue
		}
		if !strings.HasPrefix(l.name, strings.ToLower(args[0])) {
			continue
		}
		if found >= 0 {
			return message(fmt.Sprintf("ambiguous limit: \"%s\"", args[0]))
		}
		found = i
	}
	switch {
	case len(args) == 0:
		return nil
	case found < 0:
		return message(fmt.Sprintf("unknown limit: \"%s\"\nenter \".limits\" with no arguments for a list.", args[0]))
	case len(args) == 2:
		s.db.SetLimit(limits[found].limit, int(int32(integer(args[1]))))
	}
	s.printLimit(found)
	return nil
}

func (s *Shell) printLimit(i int) {
	fmt.Fprintf(s.stdout, "%20s %d\n", limits[i].name, s.db.SetLimit(limits[i].limit, -1))
}

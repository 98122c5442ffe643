package shell

import (
	"errors"
	"regexp"
	"regexp/syntax"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// matchWith makes the function of the operator REGEXP, for patterns under some
// flags of package regexp. The last pattern stays compiled, as all rows have it.
func matchWith(flags string) capi.Function {
	var pattern string
	var re *regexp.Regexp
	return func(args []capi.Value) (any, error) {
		if args[0].Type() == capi.Null || args[1].Type() == capi.Null {
			return nil, nil
		}
		if p := args[0].Text(); re == nil || p != pattern {
			compiled, err := compilePattern(flags, p)
			if err != nil {
				return nil, err
			}
			re, pattern = compiled, p
		}
		if re.MatchString(args[1].Text()) {
			return int64(1), nil
		}
		return int64(0), nil
	}
}

// codePoint is \uXXXX, which package regexp writes in another way.
var codePoint = regexp.MustCompile(`\\u([0-9a-fA-F]{4})`)

// patternErrors are sqlite3's words for what is wrong with a pattern.
var patternErrors = map[syntax.ErrorCode]string{
	syntax.ErrMissingBracket:    "unclosed '['",
	syntax.ErrMissingParen:      "unmatched '('",
	syntax.ErrUnexpectedParen:   "unrecognized character",
	syntax.ErrInvalidEscape:     "unknown \\ escape",
	syntax.ErrTrailingBackslash: "unknown \\ escape",
	syntax.ErrInvalidRepeatSize: "REGEXP pattern too big",
}

// compilePattern compiles a pattern in which a dot is any character.
func compilePattern(flags, pattern string) (*regexp.Regexp, error) {
	pattern = codePoint.ReplaceAllString(pattern, `\x{$1}`)
	re, err := regexp.Compile("(?s" + flags + ")" + pattern)
	var wrong *syntax.Error
	if !errors.As(err, &wrong) {
		return re, err
	}
	switch text := patternErrors[wrong.Code]; {
	case text != "":
		return nil, errors.New(text)
	case wrong.Code == syntax.ErrMissingRepeatArgument:
		return nil, errors.New("'" + wrong.Expr + "' without operand")
	}
	return nil, errors.New(wrong.Code.String())
}

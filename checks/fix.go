package checks

import (
	"al.essio.dev/pkg/shellescape"
	"github.com/mattn/go-shellwords"
)

// Fix is how a person puts a step right: the shortest commands in order, and one path of clicks in the console.
type Fix struct {
	Commands []Command `json:"commands"`
	// Console is the path of clicks, such as "ECR › Repositories › docker-api › Edit".
	Console string `json:"console"`
	// ConsoleOnly says that there is no command for it.
	ConsoleOnly bool `json:"consoleOnly"`
	// Simulate names what does the same in a practice account that is served, such as "root-mfa"; "" if nothing does,
	// and in the report of a real account.
	Simulate string `json:"simulate,omitempty"`
	// Withheld says that the commands were left out of a report because a name in them cannot be typed safely. Only a
	// run sets it.
	Withheld bool `json:"withheld,omitempty"`
}

// Command is one command line as arguments, so that each shell can be given its own quoting: names come from strangers
// and beginners paste.
//
// As text (String, and in JSON) it is quoted for a POSIX shell. Reading such a text gives the arguments back. A text
// that does not come from a Command, such as one with a redirection or an unquoted variable in a report that somebody
// edited, has no arguments: it is kept as it is and written as it is, so that reading and writing never makes another
// command of it.
type Command struct {
	Args []string
	// PipedTo is the command that reads the output of Args, if any.
	PipedTo []string

	verbatim string // a text that is not a Command's, kept in place of the arguments
}

// Sh makes a command of arguments.
func Sh(args ...string) Command { return Command{Args: args} }

// ReadCommand makes a command of its text. See Command for a text that is not a Command's.
func ReadCommand(line string) Command {
	args, rest := words(line)
	piped, _ := words(rest)
	if c := (Command{Args: args, PipedTo: piped}); c.String() == line {
		return c
	}
	return Command{verbatim: line}
}

// words reads the words before the first operator of a shell, and returns what stands after it. Nothing is expanded and
// no program is run: that is what the parser's zero value promises. What it makes of a text that is not a Command's
// does not matter: ReadCommand compares.
func words(line string) (args []string, rest string) {
	var p shellwords.Parser
	args, err := p.Parse(line)
	if err != nil || len(args) == 0 {
		return nil, ""
	}
	if p.Position >= 0 { // in characters
		rest = string([]rune(line)[p.Position+1:])
	}
	return args, rest
}

// String is the command line for a POSIX shell.
func (c Command) String() string {
	switch {
	case c.verbatim != "":
		return c.verbatim
	case len(c.PipedTo) > 0:
		return shellescape.QuoteCommand(c.Args) + pipe + shellescape.QuoteCommand(c.PipedTo)
	}
	return shellescape.QuoteCommand(c.Args)
}

// pipe joins two commands.
const pipe = " | "

// MarshalText implements encoding.TextMarshaler: it writes String.
func (c Command) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. It is ReadCommand and never fails.
func (c *Command) UnmarshalText(text []byte) error {
	*c = ReadCommand(string(text))
	return nil
}

// PipedInput is what comes through a pipe, as a file that the AWS CLI reads. No Windows has it.
const PipedInput = "file:///dev/stdin"

// The placeholders stand in a command for what labcheck cannot know. A person replaces them before running it.
const (
	PlaceholderEmail    = "YOU@EXAMPLE.COM"
	PlaceholderUser     = "YOUR_USER_NAME"
	PlaceholderOldKey   = "OLD_ACCESS_KEY_ID"
	PlaceholderSpareKey = "SPARE_ACCESS_KEY_ID"
	PlaceholderCode1    = "FIRST_MFA_CODE"
	PlaceholderCode2    = "SECOND_MFA_CODE"
	PlaceholderImage    = "LOCAL_IMAGE"
)

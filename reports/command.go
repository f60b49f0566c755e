package reports

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks"
)

// WithheldText says that a fix has a command that is not shown.
const WithheldText = "A command is left out: a name in it cannot be typed safely. Use the console."

// TypeableCommands returns the commands of a fix as a person can type them, or none and withheld where one of them
// cannot be: what is left of a sequence might do harm. A command is never cleaned: a changed command is another
// command.
func TypeableCommands(f checks.Fix) (commands []string, withheld bool) {
	if f.Withheld {
		return nil, true
	}
	for _, c := range f.Commands {
		command := c.String()
		if strings.TrimSpace(command) == "" || strings.ContainsFunc(command, Hidden) {
			return nil, true
		}
		commands = append(commands, command)
	}
	return commands, false
}

// id is what the ids of labs and steps look like. Those of a file that a stranger wrote may look otherwise.
var id = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)

// RerunCommand is the command that looks at one step again. There is none where nothing is asked, and none for names
// that are not safe to paste.
func (r *Report) RerunCommand(s Step, o Options) (command string, ok bool) {
	if s.Verdict == checks.Skipped || r.Source == Facts || !id.MatchString(s.ID) || !id.MatchString(r.Lab.ID) {
		return "", false
	}
	again := o.Rerun
	if again == "" {
		again = o.program() + " " + r.Lab.ID
		switch {
		case r.Source == AWS:
		case r.Source == Sandbox && id.MatchString(r.Run.Practice):
			again += " --sandbox=" + r.Run.Practice
		default:
			return "", false // which account or endpoint it was is not in the report
		}
	}
	return again + " --only " + s.ID, !strings.ContainsFunc(again, Hidden)
}

// PracticeCommand is the command that grades the practice account.
func (r *Report) PracticeCommand(o Options) (command string, ok bool) {
	return o.program() + " " + r.Lab.ID + " --sandbox", id.MatchString(r.Lab.ID)
}

// PolicyCommand is the command that prints the permissions which grading the lab needs.
func (r *Report) PolicyCommand(o Options) (command string, ok bool) {
	return o.program() + " policy " + r.Lab.ID, id.MatchString(r.Lab.ID)
}

// SimulationCommand is the command that does in the practice account what only the console can do in a real one.
func SimulationCommand(f checks.Fix, o Options) (command string, ok bool) {
	return o.program() + " sandbox simulate " + f.Simulate, id.MatchString(f.Simulate)
}

func (o Options) program() string {
	if o.Command == "" {
		return "labcheck"
	}
	return o.Command
}

package reports

import (
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
)

// WithheldText says that a fix has a command that is not shown.
const WithheldText = "A command is left out: a name in it cannot be typed safely. Use the console."

// ElsewhereText says that a fix works where the practice account is served.
const ElsewhereText = "This takes a registry that answers: the practice shell has one, and its report has the commands."

// registryHost is what a command has in it that works with the registry of a real account.
const registryHost = ".dkr.ecr."

// ShownFix is what a person is told to type about a step. instead says why there is nothing to type, or "".
func (r *Report) ShownFix(s Step, o Options) (commands []string, instead string) {
	commands, withheld := TypeableCommands(s.Fix, o.Shell)
	switch {
	case withheld:
		return nil, WithheldText
	case r.ends() && strings.Contains(strings.Join(commands, " "), registryHost):
		return nil, ElsewhereText
	}
	return commands, ""
}

// Careful says that a command of a fix takes something away, with all that it holds; "" where none does.
func Careful(f checks.Fix) string {
	for _, c := range f.Commands {
		for _, word := range c.Args[:min(3, len(c.Args))] {
			if destroys(word) {
				return word + " takes away what is there, with all that it holds."
			}
		}
	}
	return ""
}

// destroys says whether an operation of the AWS CLI, or of Terraform, takes something away for good.
func destroys(word string) bool {
	return word == "destroy" || slices.ContainsFunc(
		[]string{
			"delete-", "terminate-", "release-address", "deregister-image", "cancel-", "schedule-key-deletion", "stop-task",
		},
		func(begins string) bool { return strings.HasPrefix(word, begins) },
	)
}

// PracticeNote says what is easier in the practice account than at AWS; "" for nothing.
func (r *Report) PracticeNote(f checks.Fix) string {
	for _, c := range f.Commands {
		if r.Source == Sandbox && slices.Contains(c.Args, checks.PlaceholderCode1) {
			return "the practice account takes any two different codes of six digits."
		}
	}
	return ""
}

// ends says whether the account that was graded was made for this run and is gone.
func (r *Report) ends() bool { return r.Source == Sandbox && r.Run.Practice != "" }

// TypeableCommands returns the commands of a fix as a person can type them into a shell, or none and withheld where one
// of them cannot be: what is left of a sequence might do harm. A command is never cleaned: a changed command is another
// command.
func TypeableCommands(f checks.Fix, shell Shell) (commands []string, withheld bool) {
	if f.Withheld {
		return nil, true
	}
	for _, c := range f.Commands {
		command, ok := shell.Command(c)
		if !ok || strings.TrimSpace(command) == "" || strings.ContainsFunc(command, Hidden) {
			return nil, true
		}
		commands = append(commands, command)
	}
	return commands, false
}

// id is what the ids of labs and steps look like. Those of a file that a stranger wrote may look otherwise.
var id = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)

// RerunCommand is the command that looks at one step again. There is none where it would find the same, as with
// recorded facts and a practice account that was made for the run, and none for names that are not safe to paste.
func (r *Report) RerunCommand(s Step, o Options) (command string, ok bool) {
	if s.Verdict == checks.Skipped || r.Source == Facts || r.ends() || !id.MatchString(s.ID) || !id.MatchString(r.Lab.ID) {
		return "", false
	}
	again := o.Rerun
	if again == "" {
		again = o.program() + " " + r.Lab.ID
		if r.Source != AWS {
			return "", false // which account or endpoint it was is not in the report
		}
	}
	return again + " --only " + s.ID, !strings.ContainsFunc(again, Hidden)
}

// PracticeCommand is the command that grades the practice account.
func (r *Report) PracticeCommand(o Options) (command string, ok bool) {
	return o.program() + " " + r.Lab.ID + " --sandbox", id.MatchString(r.Lab.ID)
}

// PractiseCommand is the command that begins a shell with a practice account as the graded one was, which is gone.
func (r *Report) PractiseCommand(o Options) (command string, ok bool) {
	command = o.program() + " sandbox shell --lab " + r.Lab.ID + " --from " + r.Run.Practice
	return command, r.ends() && id.MatchString(r.Lab.ID) && id.MatchString(r.Run.Practice)
}

// NextCommand is the command that shows the one step to do next.
func (r *Report) NextCommand(o Options) (command string, ok bool) {
	same, ok := strings.CutPrefix(o.Rerun, o.program()+" ")
	if !ok {
		same = r.Lab.ID
	}
	return o.program() + " next " + same, id.MatchString(r.Lab.ID) && !strings.ContainsFunc(same, Hidden)
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

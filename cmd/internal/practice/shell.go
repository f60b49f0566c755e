package practice

import (
	"cmp"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/reports"
)

// Shell serves a practice account for as long as a shell lasts, and returns the shell's exit code. It does not end by
// Ctrl-C, which is for what runs in the shell.
func (sys System) Shell(o Options) (code int, err error) {
	if sys.Getenv("LABCHECK_SANDBOX") != "" {
		return 0, failure.Usagef("this is a practice shell already: leave it with exit (a terminal that joined one: with " +
			"leave_practice) before you begin another one")
	}
	s, err := sys.open(o)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	home, err := openHome(s)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, home.close()) }()
	shell := userShell(sys.Getenv, exec.LookPath, runtime.GOOS)
	set := append(s.variables(sys.Getenv), home.variables(sys.Getenv)...)
	second, err := home.writeLines(reports.ShellOf(shell), set)
	if err != nil {
		return 0, err
	}
	argv, own := []string{shell}, []variable(nil)
	if sys.Interactive {
		if argv, own, err = home.interactive(shell); err != nil {
			return 0, err
		}
	}
	sys.introduce(s)
	next := fmt.Sprintf("What to do first, and next:      %s next %s\n", sys.Program, o.LabName)
	if o.Drill != nil {
		next = "" // it would tell what is broken
	}
	sys.Tell(fmt.Sprintf("In this shell aws, docker and %s ask it, and nobody else. "+
		"Your own ~/.aws and ~/.docker stay as they are. Leave the shell with: exit\n"+
		"What only the console can do:    %s sandbox simulate\n%s"+
		"A second terminal joins in with the line below, and leaves with leave_practice:\n\n    %s\n",
		sys.Program, sys.Program, next, second))
	if o.FirstTask != nil && o.Drill == nil && home.lastProfile() == "" { // else it is another caller's task
		sys.Tell(o.FirstTask(s.account))
	}
	code, err = sys.Run(argv, changed(sys.Environ, append(set, own...)))
	if err != nil {
		return 0, fmt.Errorf("the practice shell: %w; set SHELL to another one", err)
	}
	sys.Tell("You have left the practice account." + o.again(sys.Program))
	return code, nil
}

// again says how the account is begun again; "" for one that is not kept.
func (o Options) again(program string) string {
	if o.File == "" {
		return ""
	}
	return fmt.Sprintf(" Go on with: %s sandbox shell --state %s", program, reports.POSIX.Quote(o.File))
}

// Ended words the problem of a terminal whose practice account does not answer any more.
func Ended(p *reports.Problem, getenv func(string) string, program string) {
	if p == nil || p.Reason != facts.Unreachable || getenv("LABCHECK_SANDBOX") == "" {
		return
	}
	again := program + " sandbox shell"
	if state := getenv("LABCHECK_SANDBOX_STATE"); state != "" {
		again += " --state " + reports.POSIX.Quote(state)
	}
	p.Detail = "the practice account has ended: leave this terminal's settings with leave_practice, or close it, and " +
		"begin the account again in another one"
	p.Next = []string{again}
}

// userShell is the person's shell.
func userShell(getenv func(string) string, find func(string) (string, error), goos string) string {
	if goos != "windows" {
		return cmp.Or(getenv("SHELL"), "sh")
	}
	for _, name := range []string{"pwsh", "powershell"} {
		if path, err := find(name); err == nil {
			return path
		}
	}
	return cmp.Or(getenv("ComSpec"), "cmd.exe")
}

// changed is an environment in which these variables are set, and none is left that would lead the tools elsewhere.
func changed(environ []string, set []variable) []string {
	var kept []string
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		replaced := slices.ContainsFunc(set, func(v variable) bool { return strings.EqualFold(v.name, name) })
		if !replaced && !leadsElsewhere(name) {
			kept = append(kept, pair)
		}
	}
	for _, v := range set {
		kept = append(kept, v.name+"="+v.value)
	}
	return kept
}

// leadsElsewhere says whether a variable chooses credentials, an endpoint or a sign-in. Of the variables of AWS only
// those stay that are about looks.
func leadsElsewhere(name string) bool {
	name = strings.ToUpper(name) // as Windows does
	switch {
	case name == "AWS_PAGER", name == "AWS_DEFAULT_OUTPUT", strings.HasPrefix(name, "AWS_CLI_"):
		return false
	}
	return strings.HasPrefix(name, "AWS_") || name == "DOCKER_AUTH_CONFIG" || name == "DOCKER_CONTEXT"
}

// variable is one variable of the environment.
type variable struct{ name, value string }

// export writes the lines that set variables.
func export(shell reports.Shell, set []variable) string {
	var b strings.Builder
	for _, v := range set {
		b.WriteString(shell.Set(v.name, v.value) + "\n")
	}
	return b.String()
}

// suffix is the end of the name of a file with lines for a shell.
func suffix(shell reports.Shell) string {
	switch shell {
	case reports.Fish:
		return ".fish"
	case reports.PowerShell:
		return ".ps1"
	default:
		return ".sh"
	}
}

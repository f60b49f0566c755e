package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) sandboxShellCommand() *cobra.Command {
	var flags sandboxFlags
	c := &cobra.Command{
		Use:   "shell",
		Short: "Begin a shell that works with the practice account",
		Long: `Begin your shell with a practice account behind it: aws, docker and labcheck ask
it, and nobody else. Their settings are in a folder of their own, beside the
file of --state, so that your ~/.aws and ~/.docker stay as they are. Leave the
shell with: exit`,
		Args: noPracticeArguments,
		RunE: func(*cobra.Command, []string) error { return a.practiceShell(flags) },
	}
	flags.register(c.Flags())
	return c
}

// practiceShell serves a practice account for as long as a shell lasts. It does not end by Ctrl-C, which is for what
// runs in the shell.
func (a *app) practiceShell(flags sandboxFlags) (err error) {
	s, err := a.servePractice(flags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	home, err := openPracticeHome(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, home.close()) }()
	shell := userShell(a.env.getenv, exec.LookPath, runtime.GOOS)
	set := append(s.variables(a.env), home.variables(a.env)...)
	second, err := home.writeLines(syntaxFor(shell), set)
	if err != nil {
		return err
	}
	s.introduce(a.Console, a.env.Program)
	a.Tell(fmt.Sprintf("In this shell aws, docker and %s ask it, and nobody else. "+
		"Your own ~/.aws and ~/.docker stay as they are. Leave the shell with: exit\n"+
		"What only the console can do:    %s sandbox simulate\n"+
		"A second terminal joins in with: %s", a.env.Program, a.env.Program, second))
	code, err := a.env.Run([]string{shell}, changed(a.env.Environ, set))
	if err != nil {
		return fmt.Errorf("the practice shell: %w; set SHELL to another one", err)
	}
	a.Tell("You have left the practice account.")
	a.code = code
	return nil
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

// leadsElsewhere says whether a variable chooses credentials, an endpoint or a sign-in. Of the variables of AWS only those
// stay that are about looks.
func leadsElsewhere(name string) bool {
	name = strings.ToUpper(name) // as Windows does
	switch {
	case name == "AWS_PAGER", name == "AWS_DEFAULT_OUTPUT", strings.HasPrefix(name, "AWS_CLI_"):
		return false
	}
	return strings.HasPrefix(name, "AWS_") || name == "DOCKER_AUTH_CONFIG" || name == "DOCKER_CONTEXT"
}

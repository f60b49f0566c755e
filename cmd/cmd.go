// Package cmd is the command line: flags, wiring and exit codes. It joins the parts that know nothing of one another:
// the practice account hands out an HTTP transport and files, the doors to the account and to the workstation are
// opened with them, and a session leads the checks through the doors.
//
// A command is a struct of flags with a method complete, which checks them, reads the files that they name and returns
// the options of the command; only the options go further. What a command does is here or, where it is much, in a room
// of cmd/internal, which takes plain values: practice (sandbox), class (grade) and author (what proves a lab). They
// share console (words and progress), files, failure (kinds of errors) and session (open doors).
//
// It is importable, so that others build their own binary with their own checks:
//
//	func main() {
//		os.Exit(cmd.Main(cmd.System(), append(standard.Checks(), mine.Check)...))
//	}
package cmd

import (
	"bufio"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/reports"
)

// version is the version of the tool, which every report names.
const version = "0.1.0"

// thisTool is how every report names the tool.
func thisTool() reports.Tool { return reports.Tool{Name: "labcheck", Version: version} }

// Main runs the command line with these checks and returns the exit code.
func Main(env Env, list ...*checks.Check) int {
	registry, err := checks.NewRegistry(list...)
	if err != nil {
		fmt.Fprintf(env.Stderr, "labcheck: the list of checks is wrong:\n%v\n", err)
		return exitInternal
	}
	a := newApp(env, registry)
	root := a.root()
	root.SetArgs(env.Args)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err = root.ExecuteContext(env.Context)
	if err != nil && err.Error() != "" {
		a.Tell("labcheck: " + err.Error())
	}
	switch {
	case err == nil:
		return a.code
	case !a.begun:
		return exitUsage // Cobra refused the command line
	}
	return exitCode(err)
}

// app is one run of the command line.
type app struct {
	env Env
	console.Console
	registry *checks.Registry
	labDirs  []string
	begun    bool      // a command was found, and its arguments were taken
	code     int       // what a command that worked exits with
	said     *sync.Map // what is said once, however often it holds
}

func newApp(env Env, registry *checks.Registry) *app {
	return &app{env: env, Console: env.console(), registry: registry, said: &sync.Map{}}
}

// tellOnce tells what has not been said before.
func (a *app) tellOnce(text string) {
	if _, said := a.said.LoadOrStore(text, true); !said {
		a.Tell(text)
	}
}

// about is what the program is for.
func about() string {
	var b strings.Builder
	b.WriteString(`labcheck looks at an AWS account and says which steps of a lab are right, which
are not, what was looked at, and the command that fixes each. It only ever reads
the account.
`)
	for _, example := range [][2]string{
		{labs.First() + " --sandbox", "try it on the built-in practice account"},
		{"sandbox shell", "do it there with the real aws and docker"},
		{labs.First(), "grade your own account"},
		{"list", "the labs that there are"},
	} {
		fmt.Fprintf(&b, "\n  labcheck %-23s %s", example[0], example[1])
	}
	return b.String()
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return a.printVersion() },
	}
}

func (a *app) printVersion() error {
	return a.Print(func(w *bufio.Writer) { fmt.Fprintln(w, "labcheck "+version) })
}

// root builds the tree of commands.
func (a *app) root() *cobra.Command {
	var (
		flags       runFlags
		showVersion bool
	)
	root := &cobra.Command{
		Use:               "labcheck LAB [flags]",
		Short:             "Grade a cloud lab",
		Long:              about(),
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRun:  func(*cobra.Command, []string) { a.begun = true },
		RunE: func(c *cobra.Command, args []string) error {
			if showVersion {
				return a.printVersion()
			}
			if len(args) == 0 {
				overview(c)
				return failure.Usagef("name a lab, such as %s (labcheck list shows them)", labs.First())
			}
			return a.run(c, args, &flags)
		},
	}
	flags.register(root.Flags())
	// Cobra's own version flag works through a template, which would keep every method of the SDK in the binary.
	root.Flags().BoolVar(&showVersion, "version", false, "print the version")
	root.PersistentFlags().StringArrayVar(&a.labDirs, "labs", nil, "look for labs in this `folder` too (repeatable)")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(help)
	root.SetUsageFunc(func(c *cobra.Command) error { usage(c); return nil })
	root.AddCommand(a.runCommand(), a.listCommand(), a.checksCommand(), a.explainCommand(), a.policyCommand(),
		a.doctorCommand(), a.readCommand(), a.initCommand(), a.reportCommand(), a.nextCommand(),
		a.watchCommand(), a.sandboxCommand(), a.devCommand(), a.gradeCommand(), a.sweepCommand())
	root.AddCommand(a.versionCommand())
	root.SetHelpCommand(helpCommand())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	a.completeFlags(root)
	return root
}

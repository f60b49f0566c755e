package cmd

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/cmd/internal/tutor"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// practiceFlags say which practice account is served, and where.
type practiceFlags struct{ lab, from, state, listen, drill string }

func (f *practiceFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.from, "from", "", "begin with this `state`: fresh, half-done, finished or a file (default fresh)")
	set.StringVar(&f.state, "state", "", "keep the account in this `file`, and go on with what it holds")
	set.StringVar(&f.listen, "listen", "",
		"listen at this `address` (default "+practice.Address+", or another port if it is taken)")
	set.StringVar(&f.drill, "break", "", "begin with a finished account in which one `step` is broken, or random")
	set.StringVar(&f.lab, "lab", "", "take the states and what can break from this `lab` (default "+labs.First()+")")
	set.SortFlags = false
}

// complete finds the lab and the drill, and refuses flags that contradict each other.
func (f *practiceFlags) complete(a *app, c *cobra.Command) (practice.Options, error) {
	o := practice.Options{
		LabName: cmp.Or(f.lab, labs.First()), From: f.from, File: f.state, Listen: f.listen,
	}
	var err error
	if o.Lab, err = a.loadLab(c, o.LabName); err != nil {
		return o, err
	}
	if err := o.Lab.Problems(); err != nil {
		return o, err
	}
	if f.drill != "" && f.from != "" {
		return o, failure.Usagef("--break and --from exclude each other: what is broken is a finished account")
	}
	_, missing := os.Stat(f.state)
	if f.state != "" && (f.from != "" || f.drill != "") && !errors.Is(missing, fs.ErrNotExist) {
		return o, failure.Usagef("%s is there already, and the account goes on with what it holds: "+
			"leave --from and --break out, or name another file", f.state)
	}
	if f.drill != "" {
		memory := tutor.Recall(a.env.Files, a.env.getenv, runtime.GOOS)
		if o.Drill, err = findDrill(o.Lab, f.drill, memory); err == nil {
			_ = memory.Keep(memory.Lab()) // without it, a drill may come twice
		}
	}
	return o, err
}

// randomDrill lets the program choose what is broken.
const randomDrill = "random"

// findDrill finds the drill that breaks a step. A random one is none that somebody had before, until they had all.
func findDrill(l *lab.Lab, step string, memory *tutor.Memory) (*lab.Drill, error) {
	drills, err := l.Drills()
	if err != nil {
		return nil, err
	}
	steps := drills.Steps()
	if len(steps) == 0 {
		return nil, failure.Usagef("--break %s: the lab %s has no drills", step, l.ID)
	}
	if step == randomDrill {
		left := memory.DrillsLeft(l.ID, steps)
		step = left[rand.IntN(len(left))]
		memory.TakeDrill(l.ID, step)
	}
	drill, ok := drills.Find(step)
	if !ok {
		names := append([]string{randomDrill}, steps...)
		return nil, failure.Usagef("--break %s: there is no drill of that name%s\nThe drills are: %s", step,
			nearest.DidYouMean(step, names), strings.Join(names, ", "))
	}
	return &drill, nil
}

// machine is what a practice account takes from the system.
func (a *app) machine() practice.System {
	return practice.System{
		Console: a.Console, Program: a.env.Program, Environ: a.env.Environ, Getenv: a.env.getenv,
		Account: a.env.Practice, Services: a.env.Services, Transport: a.env.Transport, Run: a.env.Run,
		Interactive: a.env.screen != nil,
	}
}

func (a *app) sandboxCommand() *cobra.Command {
	var (
		flags practiceFlags
		shell string
	)
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the practice account to the real aws and docker",
		Long: `Serve the practice account on this machine, so that the real aws and docker
commands work with it. It is a simulation: nothing in it is AWS, and nothing
costs money. What to paste into another terminal is printed; Ctrl-C ends it.

  labcheck sandbox shell             a shell in which all of it is set
  labcheck sandbox --break random    something is broken: find it and fix it`,
		Args: noPracticeArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			syntax, err := a.env.shell(shell)
			if err != nil {
				return err
			}
			o, err := flags.complete(a, c)
			if err != nil {
				return err
			}
			return a.machine().Serve(c.Context(), o, syntax)
		},
	}
	flags.register(c.Flags())
	registerShell(c.Flags(), &shell)
	c.AddCommand(a.sandboxShellCommand(), a.simulateCommand())
	return c
}

// noPracticeArguments refuses arguments, and knows the usual slips.
func noPracticeArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	accounts, err := practice.AccountsOf(nil)
	if err != nil {
		return failure.OfFile(err)
	}
	states := accounts.Names
	if near := nearest.Of(args[0], append(commandNames(c), states...)); near != "" {
		if nearest.Of(near, states) == near {
			near = "--from " + near
		}
		return failure.Usagef("%s does not know %q; did you mean %s %s?", c.CommandPath(), args[0], c.CommandPath(), near)
	}
	return noArguments(c, args)
}

func (a *app) sandboxShellCommand() *cobra.Command {
	var flags practiceFlags
	c := &cobra.Command{
		Use:   "shell",
		Short: "Begin a shell that works with the practice account",
		Long: `Begin your shell with a practice account behind it: aws, docker and labcheck ask
it, and nobody else. Their settings are in a folder of their own, beside the
file of --state, so that your ~/.aws and ~/.docker stay as they are. Leave the
shell with: exit`,
		Args: noPracticeArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := flags.complete(a, c)
			if err != nil {
				return err
			}
			o.FirstTask = func(simulated *sandbox.Account) string { return a.firstTask(c.Context(), o.Lab, simulated) }
			a.code, err = a.machine().Shell(o)
			return err
		},
	}
	flags.register(c.Flags())
	return c
}

// firstTask grades a practice account once, and says what to do first in it.
func (a *app) firstTask(ctx context.Context, l *lab.Lab, simulated *sandbox.Account) string {
	plan, err := lab.Bind(l, a.registry, nil)
	if err != nil {
		return "" // the run says what is wrong with the lab
	}
	o := session.Options{
		Tool: thisTool(), Program: a.env.Program, Now: a.env.Now,
		Account: account.Options{Region: plan.Lab.Region, Operations: plan.Operations(), Now: a.env.Now},
	}
	practice.Enter(simulated, &o)
	r := session.Open(ctx, o).Run(plan)
	step, ok := r.NextStep()
	if !ok {
		return r.Lab.Title + ". " + r.Closing()
	}
	return fmt.Sprintf("%s. First: “%s”.", r.Lab.Title, step.Name())
}

func (a *app) simulateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "simulate [NAME]",
		Short: "Do in the practice account what no command does",
		Long: `Do in the practice account what only the console or a mail can do. Without a
name, list what there is. It works in a practice shell, or where the variable
AWS_ENDPOINT_URL leads to a practice account: nobody else is asked to change
anything.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return a.simulate(c.Context(), args) },
	}
}

func (a *app) simulate(ctx context.Context, args []string) error {
	simulations := sandbox.Simulations(a.env.Services...)
	if len(args) == 0 {
		return a.Print(func(w *bufio.Writer) {
			for _, s := range simulations {
				fmt.Fprintf(w, "%s\n%s\n", s.Name, console.Fold(s.Help, "    ", a.TextWidth()))
			}
		})
	}
	var names []string
	for _, s := range simulations {
		names = append(names, s.Name)
	}
	if len(args) > 1 || !slices.Contains(names, args[0]) {
		what := strings.Join(args, " ")
		return failure.Usagef("%q cannot be simulated%s (there are: %s)", what, nearest.DidYouMean(what, names),
			strings.Join(names, ", "))
	}
	return a.machine().Simulate(ctx, args[0])
}

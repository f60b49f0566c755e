package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// sandboxFlags say which practice account is served, and where.
type sandboxFlags struct {
	from, state, listen, drill string
}

func (s *sandboxFlags) register(f *pflag.FlagSet) {
	f.StringVar(&s.from, "from", "", "begin with this `state`: "+"fresh, half-done, finished or a file (default fresh)")
	f.StringVar(&s.state, "state", "", "keep the account in this `file`, and go on with what it holds")
	f.StringVar(&s.listen, "listen", "", "listen at this `address` (default "+practiceAddress+", or another port if it is taken)")
	f.StringVar(&s.drill, "break", "", "begin with a finished account in which one `step` is broken, or random")
	f.SortFlags = false
}

func (a *app) sandboxCommand() *cobra.Command {
	var (
		flags sandboxFlags
		shell string
	)
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the practice account to the real aws and docker",
		Long: `Serve the practice account on this machine, so that the real aws and docker
commands work with it. It is a simulation: nothing in it is AWS, and nothing
costs money. What to paste into another terminal is printed; Ctrl-C ends it.

  labcheck sandbox shell             a shell in which all of it is set
  labcheck sandbox --break random    something is broken: find it and mend it`,
		Args: noPracticeArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.sandbox(c.Context(), flags, shell) },
	}
	flags.register(c.Flags())
	c.Flags().StringVar(&shell, "shell", "", "print for this `shell`: posix, fish or powershell")
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
	if near := lab.Nearest(args[0], append(commandNames(c), states...)); near != "" {
		if lab.Nearest(near, states) == near {
			near = "--from " + near
		}
		return failure.Usagef("%s does not know %q; did you mean %s %s?", c.CommandPath(), args[0], c.CommandPath(), near)
	}
	return none(c, args)
}

// check refuses flags that contradict each other.
func (s *sandboxFlags) check() error {
	if s.drill != "" && s.from != "" {
		return failure.Usagef("--break and --from exclude each other: what is broken is a finished account")
	}
	if s.state == "" || (s.from == "" && s.drill == "") {
		return nil
	}
	if _, err := os.Stat(s.state); !errors.Is(err, fs.ErrNotExist) {
		return failure.Usagef("%s is there already, and the account goes on with what it holds: leave --from and --break out, "+
			"or name another file", s.state)
	}
	return nil
}

// practiceFor makes the state that the flags ask for. symptom is what a drill shows, or "".
func (a *app) practiceFor(flags sandboxFlags) (state *sandbox.State, symptom string, err error) {
	if err := flags.check(); err != nil {
		return nil, "", err
	}
	if flags.drill != "" {
		return a.broken(flags.drill)
	}
	from := flags.from
	if from == "" {
		from = lab.Fresh
		if _, err := os.Stat(flags.state); flags.state != "" && err == nil {
			from = flags.state
		}
	}
	accounts, err := practice.AccountsOf(nil)
	if err != nil {
		return nil, "", failure.OfFile(err)
	}
	state, err = a.practiceState(accounts, from)
	return state, "", err
}

// keeper keeps a practice account in a file, if it is to be kept.
type keeper struct {
	files   Files
	path    string       // "": the account is not kept
	unlock  func() error // gives the path back
	account *sandbox.Account

	mu sync.Mutex // one write at a time
}

// save writes the account as it is now.
func (k *keeper) save() error {
	if k.path == "" {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := files.Write(k.files, k.path, k.account.Snapshot().Write); err != nil {
		return fmt.Errorf("the practice account is not kept: %w", err)
	}
	return nil
}

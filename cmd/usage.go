package cmd

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs"
)

// oneLab is the one positional argument of a command that takes a lab.
func oneLab(c *cobra.Command, args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	if len(args) == 0 {
		return "", failure.Usagef("name a lab, such as %s (labcheck list shows them)", labs.First())
	}
	if c == c.Root() { // a name that is misspelt is no command, and so its lab is a second argument
		if near := nearest.Of(args[0], commandNames(c)); near != "" {
			return "", failure.Usagef("there is no command %q; did you mean %s %s?", args[0], c.Name(),
				strings.Join(append([]string{near}, args[1:]...), " "))
		}
	}
	accounts, err := practice.AccountsOf(nil)
	if err != nil {
		return "", failure.OfFile(err)
	}
	for _, extra := range args[1:] {
		if accounts.Has(extra) {
			return "", failure.Usagef("one lab at a time; did you mean --sandbox=%s (with an equals sign)?", extra)
		}
		if c.Flags().Lookup(extra) != nil {
			return "", failure.Usagef("one lab at a time; did you mean --%s (with two hyphens)?", extra)
		}
	}
	return "", failure.Usagef("one lab at a time: %q is too much", strings.Join(args[1:], " "))
}

// noArguments refuses arguments.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return failure.Usagef("%s takes no argument; %q is too much", c.CommandPath(), strings.Join(args, " "))
	}
	return nil
}

// flagError says in our words what pflag found wrong with a flag, and what to type.
func flagError(c *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		wrong   *pflag.InvalidValueError
	)
	more := fmt.Sprintf(" (%s --help shows the flags)", c.CommandPath())
	switch {
	case errors.As(err, &unknown):
		return failure.Usagef("there is no flag %s%s", unknownFlag(c, unknown), more)
	case errors.As(err, &missing):
		name, _ := pflag.UnquoteUsage(missing.GetFlag())
		return failure.Usagef("--%s needs a value: --%s=%s%s", missing.GetFlag().Name, missing.GetFlag().Name,
			strings.ToUpper(name), more)
	case errors.As(err, &wrong):
		return failure.Usagef("--%s %s: %s", wrong.GetFlag().Name, wrong.GetValue(), expectedValue(wrong))
	}
	return failure.Usagef("%w%s", err, more)
}

// unknownFlag is a flag that there is not, as it was typed, with the nearest one.
func unknownFlag(c *cobra.Command, unknown *pflag.NotExistError) string {
	if short := unknown.GetSpecifiedShortnames(); short != "" {
		return "-" + short
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	name := "--" + unknown.GetSpecifiedName()
	if near := nearest.Of(unknown.GetSpecifiedName(), names); near != "" {
		return fmt.Sprintf("%s; did you mean --%s?", name, near)
	}
	return name
}

// expectedValue is what a flag would have taken in the place of a wrong value.
func expectedValue(wrong *pflag.InvalidValueError) string {
	switch wrong.GetFlag().Value.Type() {
	case "int":
		return "a whole number is needed, such as 1"
	case "duration":
		return "a time with its unit is needed, such as 30s or 2m"
	case "bool":
		return "write true or false after the equals sign, or leave both out"
	}
	return errors.Unwrap(wrong).Error()
}

// exitHelp is the part of --help about the exit codes.
const exitHelp = `
Exit codes:
  0    passed                     1    not passed         3    inconclusive
  64   wrong usage                65   invalid lab, facts, report or waiver file
  69   AWS could not be reached   77   no usable credentials
  70   internal error             130  interrupted
`

// help prints a command's help: what it does, and how it is used.
func help(c *cobra.Command, _ []string) {
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	fmt.Fprintf(c.OutOrStdout(), "%s\n\n", text)
	usage(c)
}

// overview prints what the program is for, for somebody who typed nothing but its name. All the flags would push that
// off the screen.
func overview(c *cobra.Command) {
	fmt.Fprintf(c.OutOrStdout(), "%s\n  labcheck --help                  all commands and flags\n\n", c.Long)
}

// helpCommand is labcheck help COMMAND. Cobra's own takes an unknown name for that of the whole program.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say more about a command",
		RunE: func(c *cobra.Command, args []string) error {
			of, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return failure.Usagef("there is no command %q%s", strings.Join(args, " "),
					nearest.DidYouMean(strings.Join(rest, " "), commandNames(of)))
			}
			return of.Help()
		},
	}
}

// usage prints how a command is used, within 80 columns. Cobra's own would go through a template, which would keep
// every method of the SDK in the binary.
func usage(c *cobra.Command) {
	out := c.OutOrStdout()
	writeCommands(c)
	if c.Example != "" {
		fmt.Fprintf(out, "\nExamples:\n%s\n", c.Example)
	}
	if flags := c.LocalFlags().FlagUsagesWrapped(console.DefaultWidth); flags != "" {
		fmt.Fprintf(out, "\nFlags:\n%s", optionalValue.Replace(flags))
	}
	if flags := c.InheritedFlags().FlagUsagesWrapped(console.DefaultWidth); flags != "" {
		fmt.Fprintf(out, "\nFlags of every command:\n%s", flags)
	}
	if c.Flags().Lookup("sandbox") != nil {
		fmt.Fprint(out, exitHelp)
	}
}

// optionalValue writes the value that may be left out as it is typed, in as many columns as pflag's own way takes.
var optionalValue = strings.NewReplacer(`sandbox state[="half-done"]`, `sandbox[=state]            `)

// writeCommands prints how a command is called, and the commands below it.
func writeCommands(c *cobra.Command) {
	out := c.OutOrStdout()
	fmt.Fprintf(out, "Usage:\n  %s\n", strings.Replace(c.UseLine(), " [flags]", "", 1)+" [flags]")
	if !c.HasAvailableSubCommands() {
		return
	}
	fmt.Fprintf(out, "  %s COMMAND\n\nCommands:\n", c.CommandPath())
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			fmt.Fprintf(w, "  %s\t%s\n", sub.Name(), sub.Short)
		}
	}
	_ = w.Flush() // to standard output, whose errors show elsewhere
	fmt.Fprintf(out, "  (%s COMMAND --help says more)\n", c.CommandPath())
}

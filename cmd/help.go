package cmd

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
)

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
					lab.DidYouMean(strings.Join(rest, " "), commandNames(of)))
			}
			return of.Help()
		},
	}
}

// usage prints how a command is used, within 80 columns. Cobra's own would go through a template, which would keep
// every method of the SDK in the binary.
func usage(c *cobra.Command) {
	out := c.OutOrStdout()
	commands(c)
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

// commands prints how a command is called, and the commands below it.
func commands(c *cobra.Command) {
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

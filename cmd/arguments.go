package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
)

// oneLab is the one positional argument of a command that takes a lab.
func oneLab(c *cobra.Command, args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	if len(args) == 0 {
		return "", failure.Usagef("name a lab, such as %s (labcheck list shows them)", labs.First())
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
		return failure.Usagef("--%s needs a value: --%s=%s%s", missing.GetFlag().Name, missing.GetFlag().Name, strings.ToUpper(name), more)
	case errors.As(err, &wrong):
		return failure.Usagef("--%s %s: %s", wrong.GetFlag().Name, wrong.GetValue(), wanted(wrong))
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
	if near := lab.Nearest(unknown.GetSpecifiedName(), names); near != "" {
		return fmt.Sprintf("%s; did you mean --%s?", name, near)
	}
	return name
}

// wanted is what a flag would have taken in the place of a wrong value.
func wanted(wrong *pflag.InvalidValueError) string {
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

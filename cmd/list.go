package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
)

func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the labs",
		Args:  none,
		RunE:  func(c *cobra.Command, _ []string) error { return a.list(c) },
	}
}

func (a *app) list(c *cobra.Command) error {
	entries, err := a.catalogue(c).List()
	if err != nil {
		return err
	}
	w := a.Columns()
	fmt.Fprintln(w, "LAB\tTITLE\tSTEPS\tPOINTS\tPASS")
	for _, e := range entries {
		if e.Err == nil {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d%%\n", e.Lab.ID, console.Clean(e.Lab.Title), len(e.Lab.Steps), points(e.Lab), e.Lab.Pass)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	for _, e := range entries {
		if e.Err != nil {
			a.Tell("note: this lab cannot be used:\n" + e.Err.Error())
		}
	}
	return nil
}

func points(l *lab.Lab) int {
	total := 0
	for _, s := range l.Steps {
		total += s.Points
	}
	return total
}

func (a *app) checksCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "checks",
		Short: "List the checks that a lab can use",
		Args:  none,
		RunE: func(*cobra.Command, []string) error {
			w := a.Columns()
			fmt.Fprintln(w, "CHECK\tWHAT IT VERIFIES")
			for _, check := range a.registry.All() {
				fmt.Fprintf(w, "%s\t%s\n", check.ID, check.Title)
			}
			if err := w.Flush(); err != nil {
				return fmt.Errorf("write the list: %w", err)
			}
			return nil
		},
	}
}

// none refuses arguments.
func none(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return failure.Usagef("%s takes no argument; %q is too much", c.CommandPath(), strings.Join(args, " "))
	}
	return nil
}

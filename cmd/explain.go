package cmd

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CHECK|LAB",
		Short: "Say what is looked at, why, and what it needs",
		Long: `Say what a check or a lab looks at and why, which API operations and IAM actions
it needs, and how to see the same by hand. Where a check and a lab have the same
name, the check is explained.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return failure.Usagef("name one check or lab, such as: %s explain %s", a.env.Program, labs.First())
			}
			if check, ok := a.registry.Lookup(args[0]); ok {
				return a.Print(func(w *bufio.Writer) { a.explainCheck(w, check) })
			}
			for _, file := range a.catalogue(c).CheckFiles() {
				if file.ID == args[0] {
					f, err := file.Load()
					if err != nil {
						return err
					}
					return a.Print(func(w *bufio.Writer) { a.explainCheck(w, f.Check) })
				}
			}
			plan, err := a.findLab(c, args[0], nil)
			if err != nil {
				return err
			}
			return a.Print(func(w *bufio.Writer) { a.explainLab(w, plan) })
		},
	}
}

// explainCheck writes what a check is about.
func (a *app) explainCheck(w *bufio.Writer, c *checks.Check) {
	columns := a.TextWidth()
	fmt.Fprintf(w, "%s\n%s\n\nWhy\n%s\n", c.ID, c.Title, console.Fold(c.Why, "  ", columns))
	fmt.Fprintf(w, "\nSee it by hand\n  %s\n", c.Verify)
	if c.Pages.Docs != "" {
		fmt.Fprintf(w, "\nAWS's documentation\n  %s\n", checks.DocsHost+c.Pages.Docs)
	}
	if len(c.Params) > 0 {
		fmt.Fprintln(w, "\nParameters")
		for _, p := range c.Params {
			def := fmt.Sprintf("default %v", p.Default)
			if p.Required {
				def = "the lab gives it"
			}
			fmt.Fprintln(w, console.Fold(fmt.Sprintf("%s (%s, %s): %s", p.Name, p.Type, def, p.Help), "  ", columns))
		}
	}
	explainReads(w, "Decided by", c.Reads)
	explainReads(w, "Looked at as well, for near misses and advice", c.Extra)
}

// explainReads writes what a check asks.
func explainReads(w *bufio.Writer, title string, sources []facts.Source) {
	if len(sources) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, s := range sources {
		d := s.Describe()
		switch {
		case len(d.Operations) == 0:
			fmt.Fprintf(w, "  %s: files of this machine\n", d.Name)
		case len(d.Actions) == 0:
			fmt.Fprintf(w, "  %s (needs no IAM action)\n", strings.Join(d.Operations, ", "))
		default:
			fmt.Fprintf(w, "  %s (IAM: %s)\n", strings.Join(d.Operations, ", "), strings.Join(d.Actions, ", "))
		}
		for _, member := range d.Keeps {
			fmt.Fprintf(w, "    keeps %s\n", member)
		}
	}
}

// explainLab writes the steps of a lab, and what grading it needs.
func (a *app) explainLab(w *bufio.Writer, p *lab.Plan) {
	l := p.Lab
	fmt.Fprintf(w, "%s: %s\n%s\nPass mark: %d%% of %d points\n", l.ID, console.Clean(l.Title),
		console.Fold(console.Clean(l.Summary), "", a.TextWidth()), l.Pass, totalPoints(l))
	section := ""
	for _, s := range p.Steps {
		if s.Section != section {
			section = s.Section
			fmt.Fprintf(w, "\n%s\n", console.Clean(section))
		}
		fmt.Fprintf(w, "  %3d  %-26s %s\n", s.Points, s.ID, stepNotes(s))
		fmt.Fprintf(w, "       %s\n", s.Check.Title)
	}
	fmt.Fprintln(w, "\nThe only API operations that grading may call (none of them changes anything):")
	for _, op := range p.Operations() {
		fmt.Fprintf(w, "  %s\n", op)
	}
	if kept := p.Kept(); len(kept) > 0 {
		fmt.Fprintln(w, "\nWhat is kept of the answers that checks in YAML ask for (everything else is dropped):")
		for _, member := range kept {
			fmt.Fprintf(w, "  %s\n", member)
		}
	}
	fmt.Fprintf(w, "\nThe IAM actions they need: labcheck policy %s\n", l.ID)
}

// stepNotes are what is special about a step.
func stepNotes(s lab.PlannedStep) string {
	var notes []string
	if s.Required {
		notes = append(notes, "required")
	}
	if s.Given {
		notes = append(notes, "true of a fresh account")
	}
	if len(s.Needs) > 0 {
		notes = append(notes, "needs "+strings.Join(slices.Clone(s.Needs), ", "))
	}
	return strings.Join(notes, "; ")
}

package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
)

// catalogue is where labs are found.
func (a *app) catalogue(c *cobra.Command) lab.Catalogue {
	dirs := a.labDirs
	if env := a.env.getenv("LABCHECK_LABS"); env != "" && len(dirs) == 0 {
		dirs = filepath.SplitList(env)
	}
	return lab.Catalogue{Builtin: labs.Files, Dirs: dirs, Reserved: commandNames(c.Root()), Version: version}
}

// completeLabs is what a shell offers in the place of a lab.
func (a *app) completeLabs(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.catalogue(c).IDs(), cobra.ShellCompDirectiveDefault
}

// findLab loads and binds a lab. An unknown name is wrong usage.
func (a *app) findLab(c *cobra.Command, name string, set map[string]string) (*lab.Plan, error) {
	l, err := a.loadLab(c, name)
	if err != nil {
		return nil, err
	}
	return lab.Bind(l, a.registry, set)
}

// loadLab loads a lab, whose problems are told when it is bound.
func (a *app) loadLab(c *cobra.Command, name string) (*lab.Lab, error) {
	l, err := a.catalogue(c).Find(name)
	var notFound *lab.NotFoundError
	if errors.As(err, &notFound) {
		return nil, a.noSuchLab(c, notFound.Name)
	}
	return l, err
}

// noSuchLab is the error of a name that no lab has, with the nearest of all that could be meant where it stands.
func (a *app) noSuchLab(c *cobra.Command, name string) error {
	if lab.IsPath(name) {
		return files.ReadProblem(name, fs.ErrNotExist)
	}
	ids := a.catalogue(c).IDs()
	what, known := "lab", ids
	switch c.Name() {
	case "labcheck":
		what, known = "lab or command", slices.Concat(ids, commandNames(c))
	case "explain":
		what, known = "check or lab", slices.Concat(a.registry.IDs(), ids)
		for _, file := range a.catalogue(c).CheckFiles() {
			known = append(known, file.ID)
		}
	}
	return failure.Usagef("there is no %s %q%s\nThe labs are: %s", what, name, nearest.DidYouMean(name, known),
		strings.Join(ids, ", "))
}

// commandNames are the names of the commands below a command.
func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return names
}

// firstLab is the first of labcheck list that can be used, as the arguments of a command; none where there is none.
func (a *app) firstLab(c *cobra.Command) ([]string, error) {
	entries, err := a.catalogue(c).List()
	for _, e := range entries {
		if e.Err == nil {
			return []string{e.Lab.ID}, nil
		}
	}
	return nil, err
}

func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the labs",
		Args:  noArguments,
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
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d%%\n", e.Lab.ID, console.Clean(e.Lab.Title), len(e.Lab.Steps),
				totalPoints(e.Lab), e.Lab.Pass)
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

// totalPoints are the points of all steps.
func totalPoints(l *lab.Lab) int {
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
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			w := a.Columns()
			fmt.Fprintln(w, "CHECK\tWHAT IT VERIFIES")
			for _, check := range a.registry.All() {
				fmt.Fprintf(w, "%s\t%s\n", check.ID, check.Title)
			}
			var broken []error
			for _, file := range a.catalogue(c).CheckFiles() {
				f, err := file.Load()
				if err != nil {
					broken = append(broken, err)
					continue
				}
				fmt.Fprintf(w, "%s\t%s\n", f.ID, console.Clean(f.Check.Title))
			}
			if err := w.Flush(); err != nil {
				return fmt.Errorf("write the list: %w", err)
			}
			for _, err := range broken {
				a.Tell("note: this check cannot be used:\n" + err.Error())
			}
			return nil
		},
	}
}

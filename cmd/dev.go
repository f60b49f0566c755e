package cmd

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/cmd/internal/author"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/lab"
)

func (a *app) devCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "dev",
		Short: "Write a check or a lab, and prove it",
		Args:  cobra.ArbitraryArgs,
		RunE: func(*cobra.Command, []string) error {
			return failure.Usagef("say what to do, such as: %s dev new, or %s dev check my-check.yaml", a.env.Program,
				a.env.Program)
		},
	}
	c.AddCommand(a.devNewCommand(), a.devCheckCommand(), a.devRecordCommand(), a.devWatchCommand())
	return c
}

func (a *app) devCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check PATH...",
		Short: "Prove checks and labs before students see them",
		Long: `Prove checks and labs: a check file, a lab file, a lab's folder, or a folder of
these. A check is held to AWS's own models and to its tests, and each test is
run again with a member missing, a read that fails, its lists in another order
and other texts: a check that gets better by that would pass from nothing. A lab
is held to its points, its hints and its own accounts. AWS is asked nothing.`,
		Example: `  labcheck dev check my-check.yaml
  labcheck dev check labs/my-lab`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return failure.Usagef("name a check, a lab or a folder, such as: %s dev check my-check.yaml", a.env.Program)
			}
			p := &proving{app: a, command: c}
			for _, path := range args {
				if err := p.path(path); err != nil {
					return err
				}
			}
			return p.tell()
		},
	}
}

// maxProven is how many files of a folder are proven.
const maxProven = 500

// proving is what came of proving files.
type proving struct {
	*app
	command          *cobra.Command
	errors, notes    lab.Problems
	costs            []string
	checks, labs     int
	mutants, noticed int
}

// path proves what a person named: a file, or what a folder holds.
func (p *proving) path(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return files.ReadProblem(path, err)
	case !info.IsDir():
		return p.file(path)
	}
	var found []string
	err = filepath.WalkDir(path, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case at != path && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return filepath.SkipDir
			}
		case d.Type().IsRegular() && filepath.Ext(at) == ".yaml":
			found = append(found, at)
		}
		if len(found) > maxProven {
			return failure.Usagef("%s holds more than %d files: name a smaller folder", path, maxProven)
		}
		return nil
	})
	if err != nil {
		return err
	}
	before := p.checks + p.labs
	for _, at := range found {
		data, err := files.Read(at, lab.MaxFile)
		isLab := err == nil && strings.Contains(string(data), "labcheck.lab/")
		if err == nil && !isLab && !declared.IsCheck(data) {
			continue // drills and the like belong to a lab
		}
		if err := p.file(at); err != nil {
			return err
		}
	}
	if p.checks+p.labs == before && len(p.errors) == 0 {
		return failure.Usagef("%s holds no check and no lab: a file begins with schema: %s or schema: %s", path,
			declared.Schema, lab.Schema)
	}
	return nil
}

// file proves a check or a lab.
func (p *proving) file(path string) error {
	data, err := files.Read(path, lab.MaxFile)
	if err != nil {
		return err
	}
	if declared.IsCheck(data) {
		p.checks++
		return p.check(path, data)
	}
	p.labs++
	return p.lab(path)
}

// keep keeps the problems of an error; any other error is returned.
func (p *proving) keep(err error) error {
	var problems lab.Problems
	if errors.As(err, &problems) {
		p.errors = append(p.errors, problems...)
		return nil
	}
	return err
}

func (p *proving) check(path string, data []byte) error {
	f, err := declared.Load(path, data)
	if err != nil {
		return p.keep(err)
	}
	if slices.Contains(p.registry.IDs(), f.ID) && !p.isBuiltIn(f) {
		p.errors = append(p.errors, lab.Problem{File: path, Text: fmt.Sprintf(
			"the id %q is that of a check that comes with labcheck; choose another", f.ID)})
	}
	proof := f.Prove()
	p.errors, p.notes = append(p.errors, proof.Errors...), append(p.notes, proof.Notes...)
	p.mutants, p.noticed = p.mutants+proof.Mutants, p.noticed+proof.Noticed
	return nil
}

// isBuiltIn says whether a file is that of the check that comes with labcheck, for those who write these.
func (p *proving) isBuiltIn(f *declared.File) bool {
	c, _ := p.registry.Lookup(f.ID)
	return c.Written == f.SHA256
}

func (p *proving) lab(path string) error {
	if !lab.IsPath(path) {
		path = "." + string(filepath.Separator) + path
	}
	l, err := p.loadLab(p.command, path)
	if err != nil {
		return p.keep(err)
	}
	bench, err := author.Open(l, p.registry)
	if err != nil {
		return p.keep(err)
	}
	proof := bench.Look(p.command.Context())
	p.errors, p.notes = append(p.errors, proof.Errors...), append(p.notes, proof.Notes...)
	for _, cost := range proof.Costs {
		p.costs = append(p.costs, l.ID+": "+cost)
	}
	return nil
}

// tell prints what came of it. Any error is exit code 65.
func (p *proving) tell() error {
	err := p.Print(func(w *bufio.Writer) {
		for _, problem := range p.errors {
			fmt.Fprintln(w, toldAs("error", problem))
		}
		for _, problem := range p.notes {
			fmt.Fprintln(w, toldAs("note", problem))
		}
		for _, cost := range p.costs {
			fmt.Fprintln(w, console.Clean(cost))
		}
		fmt.Fprintf(w, "%s, %s: %s, %s", checks.Count(p.checks, "check"), checks.Count(p.labs, "lab"),
			checks.Count(len(p.errors), "error"), checks.Count(len(p.notes), "note"))
		if p.mutants > 0 {
			fmt.Fprintf(w, "; of %d spoiled answers %d changed a verdict", p.mutants, p.noticed)
		}
		fmt.Fprintln(w)
	})
	if err == nil && len(p.errors) > 0 {
		p.code = exitInvalid
	}
	return err
}

// toldAs is a problem as a line: FILE:LINE:COLUMN: KIND: TEXT.
func toldAs(kind string, p lab.Problem) string {
	text := p.Text
	p.Text = kind + ": "
	return console.Clean(p.Error() + text)
}

package cmd

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
)

// starters are the workflows that init writes, with LAB_ID in the place of the lab's id.
//
//go:embed starter
var starters embed.FS

// pipeline is a service that runs workflows.
type pipeline struct {
	name string
	file string // where the service looks for the workflow, from the root of the repository
	next string // what is left to do by hand
}

// pipelines lists the services that init knows.
func pipelines() []pipeline {
	return []pipeline{
		{
			"github", ".github/workflows/labcheck.yml",
			"In the settings of the repository, set the variables LABCHECK_ROLE_ARN and AWS_REGION.",
		},
		{
			"gitlab", ".gitlab/labcheck.gitlab-ci.yml",
			"In .gitlab-ci.yml, add: include: [{ local: .gitlab/labcheck.gitlab-ci.yml }]\n" +
				"  In the settings of the project, set the CI/CD variables LABCHECK_ROLE_ARN and AWS_REGION.",
		},
	}
}

func (a *app) initCommand() *cobra.Command {
	var (
		service string
		force   bool
	)
	var names []string
	for _, p := range pipelines() {
		names = append(names, p.name)
	}
	c := &cobra.Command{
		Use:   "init [LAB]",
		Short: "Write a lab to change and a starter workflow into a repository",
		Long: `Write a copy of a lab to .labcheck/ in the repository, so that you can change it
and a pipeline can point at its lines, and with --ci a workflow that grades it.
Without LAB it is module-1.2. What is there already stays, unless --force is
given.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.init(c, append(args, "module-1.2")[0], service, force)
		},
	}
	c.Flags().StringVar(&service, "ci", "", "write a workflow for this `service` too ("+strings.Join(names, ", ")+")")
	c.Flags().BoolVar(&force, "force", false, "write over what is there already")
	return c
}

// starterFile is one file that init writes.
type starterFile struct {
	path string // from the root of the repository, with slashes
	data []byte
}

// init writes the files of a lab into the repository of the current folder, or into the folder itself outside of one.
func (a *app) init(c *cobra.Command, name, service string, force bool) error {
	plan, err := a.findLab(c, name, nil)
	if err != nil {
		return err
	}
	data, err := labBytes(plan.Lab)
	if err != nil {
		return err
	}
	copied := path.Join(initFolder, plan.Lab.ID+".yaml")
	files := []starterFile{{copied, data}}
	next := []string{
		"labcheck " + copied + " grades an account with this copy, and",
		"labcheck grade SUBMISSIONS --lab " + copied + " a class. Keep its id when you change it.",
	}
	if service != "" {
		p, err := findPipeline(service)
		if err != nil {
			return err
		}
		workflow, err := starters.ReadFile("starter/" + p.name + ".yml")
		if err != nil {
			return fmt.Errorf("read the starter workflow: %w", err)
		}
		files = append(files, starterFile{p.file, []byte(strings.ReplaceAll(string(workflow), "LAB_ID", plan.Lab.ID))})
		next = append(next, p.next,
			"labcheck policy "+plan.Lab.ID+" shows what the role of the pipeline must be allowed to read.",
			"Commit the files and push them.")
	}
	root, ok := repositoryRoot()
	if !ok {
		root = "."
	}
	written, err := a.writeStarters(root, files, force)
	if err != nil {
		return err
	}
	return a.print(func(w *bufio.Writer) {
		for i, f := range files {
			fmt.Fprintf(w, "%s: %s\n", f.path, written[i])
		}
		fmt.Fprintln(w, "\nNext:")
		for _, line := range next {
			fmt.Fprintln(w, "  "+line)
		}
	})
}

func findPipeline(name string) (pipeline, error) {
	var names []string
	for _, p := range pipelines() {
		if p.name == name {
			return p, nil
		}
		names = append(names, p.name)
	}
	return pipeline{}, usagef("--ci %s: there is no such service%s (there are: %s)", name, lab.DidYouMean(name, names),
		strings.Join(names, ", "))
}

// labBytes are the bytes of a lab file as they were loaded.
func labBytes(l *lab.Lab) ([]byte, error) {
	if hasHash(l.File, l.SHA256) {
		return os.ReadFile(l.File)
	}
	data, err := labs.Files.ReadFile(l.File)
	if err != nil {
		return nil, fmt.Errorf("the lab %s changed while it was read; run it again: %w", l.ID, err)
	}
	return data, nil
}

// writeStarters writes the files, or none if one of them would write over something else. It says what became of each.
func (a *app) writeStarters(root string, files []starterFile, force bool) ([]string, error) {
	written := make([]string, len(files))
	for i, f := range files {
		there, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.path)))
		switch {
		case errors.Is(err, os.ErrNotExist):
			written[i] = "written"
		case err == nil && string(there) == string(f.data):
			written[i] = "is there already"
		case !force:
			return nil, usagef("%s is there already and differs; nothing was written. Look at it, then use --force to write over it",
				f.path)
		default:
			written[i] = "written over"
		}
	}
	for i, f := range files {
		target := filepath.Join(root, filepath.FromSlash(f.path))
		if written[i] == "is there already" {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return nil, writeProblem(f.path, err)
		}
		if err := writeFile(a.env.Files, target, func(w io.Writer) error { _, err := w.Write(f.data); return err }); err != nil {
			return nil, err
		}
	}
	return written, nil
}

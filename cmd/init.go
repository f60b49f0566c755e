package cmd

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/paths"
)

// initFolder is where labcheck init writes a lab, from the root of a repository, with slashes.
const initFolder = ".labcheck"

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

// engines lists the engines for which init writes a job file.
func engines() []pipeline {
	const grade = "labcheck grade FOLDER --roster class.csv makes the grades of what was read."
	return []pipeline{
		{"slurm", "sweep.sh", "sbatch sweep.sh reads the accounts. " + grade},
		{"kubernetes", "sweep.yaml", "Put your image in the place of IMAGE; kubectl apply -f sweep.yaml. " + grade},
		{
			"github", ".github/workflows/labcheck-sweep.yml",
			"In the settings of the repository, set the variables LABCHECK_ROLE_ARN and AWS_REGION. " + grade,
		},
	}
}

// completeEngine makes the job file of an engine, which reads the accounts of a class.
func (f *initFlags) completeEngine(plan *lab.Plan) (*initOptions, error) {
	e, err := findPipeline("engine", f.engine, engines())
	if err != nil {
		return nil, err
	}
	job, err := starters.ReadFile("starter/engine/" + e.name + path.Ext(e.file))
	if err != nil {
		return nil, fmt.Errorf("read the job file: %w", err)
	}
	return &initOptions{
		force: f.force, files: []starterFile{{e.file, bytes.ReplaceAll(job, []byte("LAB_ID"), []byte(plan.Lab.ID))}},
		next: []string{e.next},
	}, nil
}

// initFlags are the flags of labcheck init as they were typed.
type initFlags struct {
	ci     string
	engine string
	force  bool
}

// initOptions are what labcheck init was asked for.
type initOptions struct {
	files []starterFile
	next  []string // what is left to do by hand
	force bool     // write over what is there and differs
}

func (a *app) initCommand() *cobra.Command {
	var flags initFlags
	var names []string
	for _, p := range pipelines() {
		names = append(names, p.name)
	}
	c := &cobra.Command{
		Use:   "init [LAB]",
		Short: "Write a lab to change and a starter workflow into a repository",
		Long: `Write a copy of a lab to .labcheck/ in the repository, so that you can change it
and a pipeline can point at its lines, and with --ci a workflow that grades it.
Without LAB it is ` + labs.First() + `. What is there already stays, unless --force is
given.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := flags.complete(a, c, append(args, labs.First())[0])
			if err != nil {
				return err
			}
			return a.init(o)
		},
	}
	c.Flags().StringVar(&flags.ci, "ci", "", "write a workflow for this `service` too ("+strings.Join(names, ", ")+")")
	c.Flags().StringVar(&flags.engine, "engine", "",
		"write a job file for this `engine` instead, which reads a class (slurm, kubernetes, github)")
	c.Flags().BoolVar(&flags.force, "force", false, "write over what is there already")
	return c
}

// starterFile is one file that init writes.
type starterFile struct {
	path string // from the root of the repository, with slashes
	data []byte
}

// complete makes the files that are to be written.
func (f *initFlags) complete(a *app, c *cobra.Command, name string) (*initOptions, error) {
	plan, err := a.findLab(c, name, nil)
	if err != nil {
		return nil, err
	}
	if f.engine != "" {
		if f.ci != "" {
			return nil, failure.Usagef("--ci is for one account, and --engine for those of a class: give one of them")
		}
		return f.completeEngine(plan)
	}
	data, err := labBytes(plan.Lab)
	if err != nil {
		return nil, err
	}
	copied := path.Join(initFolder, plan.Lab.ID+".yaml")
	o := &initOptions{force: f.force, files: []starterFile{{copied, data}}, next: []string{
		"labcheck " + copied + " grades an account with this copy, and",
		"labcheck grade SUBMISSIONS --lab " + copied + " a class. Keep its id when you change it.",
	}}
	if f.ci == "" {
		return o, nil
	}
	p, err := findPipeline("ci", f.ci, pipelines())
	if err != nil {
		return nil, err
	}
	workflow, err := starters.ReadFile("starter/" + p.name + ".yml")
	if err != nil {
		return nil, fmt.Errorf("read the starter workflow: %w", err)
	}
	workflow = bytes.ReplaceAll(workflow, []byte("LAB_ID"), []byte(plan.Lab.ID))
	if info, ok := debug.ReadBuildInfo(); ok {
		workflow = pinRelease(workflow, info)
	}
	o.files = append(o.files, starterFile{p.file, workflow})
	o.next = append(o.next, p.next,
		"labcheck policy "+plan.Lab.ID+" shows what the role of the pipeline must be allowed to read.",
		"Commit the files and push them.")
	return o, nil
}

// pinRelease names our own action by the commit of this release, which nobody can move as they can its tag. Only the
// binary of a release knows that commit: a file cannot hold the name of the commit that it is in.
func pinRelease(workflow []byte, info *debug.BuildInfo) []byte {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := settings["vcs.revision"]
	if info.Main.Version != "v"+version || settings["vcs.modified"] != "false" || commit == "" {
		return workflow
	}
	return bytes.ReplaceAll(workflow, []byte("/actions/labcheck@v"+version),
		[]byte("/actions/labcheck@"+commit+" # v"+version))
}

// init writes the files into the repository of the current folder, or into the folder itself outside of one.
func (a *app) init(o *initOptions) error {
	root, ok := paths.Repository()
	if !ok {
		root = "."
	}
	written, err := a.writeStarters(root, o.files, o.force)
	if err != nil {
		return err
	}
	return a.Print(func(w *bufio.Writer) {
		for i, f := range o.files {
			fmt.Fprintf(w, "%s: %s\n", f.path, written[i])
		}
		fmt.Fprintln(w, "\nNext:")
		for _, line := range o.next {
			fmt.Fprintln(w, "  "+line)
		}
	})
}

func findPipeline(flag, name string, among []pipeline) (pipeline, error) {
	var names []string
	for _, p := range among {
		if p.name == name {
			return p, nil
		}
		names = append(names, p.name)
	}
	return pipeline{}, failure.Usagef("--%s %s: there is no such service%s (there are: %s)", flag, name,
		nearest.DidYouMean(name, names), strings.Join(names, ", "))
}

// labBytes are the bytes of a lab file as they were loaded.
func labBytes(l *lab.Lab) ([]byte, error) {
	if data, ok := bytesOf(l); ok {
		return data, nil
	}
	data, err := labs.Files.ReadFile(l.File)
	if err != nil {
		return nil, fmt.Errorf("the lab %s changed while it was read; run it again: %w", l.ID, err)
	}
	return data, nil
}

// writeStarters writes the files, or none if one of them would write over something else. It says what became of each.
// A link in the repository is no file of it: it is only replaced if force says so.
func (a *app) writeStarters(root string, list []starterFile, force bool) ([]string, error) {
	folder, err := paths.OpenFolder(root)
	if err != nil {
		return nil, files.WriteProblem(root, err)
	}
	defer func() { _ = folder.Close() }()
	written := make([]string, len(list))
	for i, f := range list {
		info, missing := folder.Lstat(filepath.FromSlash(f.path))
		switch {
		case errors.Is(missing, fs.ErrNotExist):
			written[i] = "written"
		case missing == nil && info.Mode().IsRegular() && holds(folder, f):
			written[i] = "is there already"
		case !force:
			return nil, failure.Usagef("%s is there already and differs; nothing was written. "+
				"Look at it, then use --force to write over it", f.path)
		default:
			written[i] = "written over"
		}
	}
	for i, f := range list {
		if written[i] == "is there already" {
			continue
		}
		if err := a.writeStarter(folder, f); err != nil {
			return nil, err
		}
	}
	return written, nil
}

func holds(folder *os.Root, f starterFile) bool {
	data, err := paths.ReadIn(paths.Files(folder), f.path, int64(len(f.data)))
	return err == nil && bytes.Equal(data, f.data)
}

func (a *app) writeStarter(root *os.Root, f starterFile) error {
	above, name := path.Split(f.path)
	folder, err := files.MakeFolderIn(a.env.Files, root, path.Clean(above))
	if err != nil {
		return err
	}
	err = folder.Write(name, func(w io.Writer) error { _, err := w.Write(f.data); return err })
	return errors.Join(err, folder.Close())
}

// anchorOf is the path of a lab file from the root of its git repository, with slashes, which is how a pipeline names
// files. A built-in lab, or one outside of this repository, has the path to which labcheck init writes it.
func anchorOf(l *lab.Lab) string {
	if within, ok := paths.InRepository(l.File); ok {
		if _, ok := bytesOf(l); ok {
			return within
		}
	}
	return path.Join(initFolder, l.ID+".yaml")
}

// bytesOf are the bytes of a lab's file. It is false for a built-in lab, which is named like a file that may happen to
// be in the current folder, and for a file that changed.
func bytesOf(l *lab.Lab) ([]byte, bool) {
	data, err := paths.Read(l.File, lab.MaxFile)
	sum := sha256.Sum256(data)
	return data, err == nil && hex.EncodeToString(sum[:]) == l.SHA256
}

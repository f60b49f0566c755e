package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/feedback"
)

// classOutput is one place that a class goes to.
type classOutput struct {
	format class.Format
	path   string // empty: standard output
	folder bool   // path is a folder, also for a class of one
}

// String is the flag that asked for the output.
func (o classOutput) String() string {
	switch {
	case o.format.Name == feedback.Format.Name:
		return "--feedback " + o.path
	case o.path == "":
		return "--report " + o.format.Name
	}
	return "--report " + o.format.Name + "=" + o.path
}

// platform is what the runner of a learning platform says of the submission that it grades.
func (a *app) platform() map[string]string {
	said := map[string]string{}
	for _, name := range []string{
		"CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "COMMIT_TIME", "RELEASE_URL", "REVIEW_URL",
	} {
		said[name] = a.env.getenv(name)
	}
	return said
}

// deliverClass writes every output. One that cannot be written does not keep the others from being written.
func (a *app) deliverClass(c *class.Class, outs []classOutput, o class.Options) error {
	var failed []error
	for _, out := range outs {
		shown := o
		if out.path != "" {
			shown.Color, shown.Width = false, 0
		}
		if err := a.deliverClassOne(c, out, shown); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", out, err))
		}
	}
	return errors.Join(failed...)
}

// deliverClassOne writes one output: a file, or a folder with a file for each student. A student of whom the format can
// say nothing does not keep the others from theirs.
func (a *app) deliverClassOne(c *class.Class, out classOutput, o class.Options) error {
	if !out.format.Each || len(c.Students) <= 1 && !out.folder {
		return a.writeClass(c, out.format, out.path, o)
	}
	if out.path == "" {
		return failure.Usagef("it is about one student each: name a folder, --report %s=FOLDER", out.format.Name)
	}
	if err := os.MkdirAll(out.path, 0o755); err != nil {
		return files.WriteProblem(out.path, err)
	}
	var failed []error
	names := c.FileNames()
	for i, one := range c.Each() {
		if err := a.writeClass(one, out.format, filepath.Join(out.path, names[i]+out.format.Ext), o); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", one.Students[0].Who(), err))
		}
	}
	return errors.Join(failed...)
}

// writeClass writes one file. It is rendered first: nothing is written of what cannot be rendered.
func (a *app) writeClass(c *class.Class, f class.Format, path string, o class.Options) error {
	var b bytes.Buffer
	if err := f.Render(&b, c, o); err != nil {
		return failure.OfFile(err)
	}
	if f.Append && len(c.Students) <= 1 && path != "" {
		return files.Append(path, func(int64) string { return b.String() })
	}
	return a.Write(path, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}

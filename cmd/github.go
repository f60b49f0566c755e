package cmd

import (
	"crypto/rand"
	"fmt"
	"os"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/github"
)

// maxJobSummary is how long the summary of one step of a job may be, in bytes: GitHub refuses all of it beyond 1 MiB.
const maxJobSummary = 900_000

// tellJob adds the summary and the outputs to the files that GitHub Actions names, if the github report was asked for
// and this is a job there. The report's path among the outputs is that of the first other report.
func (a *app) tellJob(r *reports.Report, list []output) error {
	asked, path := false, ""
	for _, out := range list {
		switch {
		case out.format.Name == github.Format.Name:
			asked = true
		case path == "":
			path = out.path
		}
	}
	if !asked {
		return nil
	}
	if err := appendTo(a.env.getenv("GITHUB_STEP_SUMMARY"), func(size int64) string {
		return github.Summary(r, max(maxJobSummary-int(size), 0))
	}); err != nil {
		return fmt.Errorf("the summary of the job: %w", err)
	}
	if err := appendTo(a.env.getenv("GITHUB_OUTPUT"), func(int64) string {
		return github.Outputs(r, path, "labcheck-"+rand.Text())
	}); err != nil {
		return fmt.Errorf("the outputs of the job: %w", err)
	}
	return nil
}

// appendTo adds a text to a file that other steps of the job write to as well; nothing for no path. The text is told
// how long the file is.
func appendTo(path string, text func(size int64) string) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, reportMode)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteString(text(info.Size()))
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

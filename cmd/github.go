package cmd

import (
	"crypto/rand"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/github"
)

// maxJobSummary is how long the summary of one step of a job may be, in bytes: GitHub refuses all of it beyond 1 MiB.
const maxJobSummary = 900_000

// isJob says whether the github report was asked for: then a job of GitHub Actions is told of the run, if this is one.
func isJob(outs []output) bool {
	return slices.ContainsFunc(outs, func(o output) bool { return o.format.Name == github.Format.Name })
}

// addSummary adds the summary of a report to the file that GitHub Actions names.
func (a *app) addSummary(r *reports.Report, outs []output) error {
	if !isJob(outs) {
		return nil
	}
	if err := files.Append(a.env.getenv("GITHUB_STEP_SUMMARY"), func(size int64) string {
		return github.Summary(r, max(maxJobSummary-int(size), 0))
	}); err != nil {
		return fmt.Errorf("the summary of the job: %w", err)
	}
	return nil
}

// addOutputs adds the outputs of a run to the file that GitHub Actions names. The report's path among them is that of
// the first report that goes to a file, as the target that decides has it.
func (a *app) addOutputs(outs []output, results ...targetResult) error {
	if !isJob(outs) {
		return nil
	}
	decides, path := worst(results), ""
	if i := slices.IndexFunc(outs, func(o output) bool { return o.path != "" }); i >= 0 && decides.report != nil {
		path = fileOf(outs[i].path, decides.name)
	}
	var all []*reports.Report
	for _, r := range results {
		if r.report != nil {
			all = append(all, r.report)
		}
	}
	if err := files.Append(a.env.getenv("GITHUB_OUTPUT"), func(int64) string {
		return github.Outputs(decides.report, all, path, "labcheck-"+rand.Text())
	}); err != nil {
		return fmt.Errorf("the outputs of the job: %w", err)
	}
	return nil
}

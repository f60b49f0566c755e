package cmd

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
)

// maxReportFile is the largest report file that is read, in bytes.
const maxReportFile = 64 << 20

func (a *app) reportCommand() *cobra.Command {
	var flags viewFlags
	c := &cobra.Command{
		Use:   "report FILE",
		Short: "Show a report (Markdown or JSON) again, in any format",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return failure.Usagef("name one report file: %s report labcheck-module-1.2.md", a.env.Program)
			}
			v, err := flags.complete(a.env)
			if err != nil {
				return err
			}
			r, err := readReport(args[0])
			if err != nil {
				return err
			}
			shown := reports.Redact(r, v.maskAccount)
			err = a.deliver(shown, v.outputs, v.render)
			return cmp.Or(err, a.addOutputs(v.outputs, targetResult{report: shown}))
		},
	}
	flags.register(c.Flags(), "write a report: `FORMAT[=FILE]` (repeatable)")
	return c
}

// readReport reads a report of either format.
func readReport(path string) (*reports.Report, error) {
	data, err := files.ReadAtMost(path, maxReportFile+1)
	if err != nil {
		return nil, files.ReadProblem(path, err)
	}
	if len(data) > maxReportFile {
		return nil, failure.OfFile(fmt.Errorf("%s is larger than %d MiB; that is no report of labcheck", path, maxReportFile>>20))
	}
	r, err := markdown.ReadEither(data)
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", path, err))
	}
	return r, nil
}

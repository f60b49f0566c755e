package table_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/table"
)

func TestFormat(t *testing.T) {
	reporttest.Run(t, table.Format, ".txt", nil)
}

// TestOptions keeps in golden files what each option changes.
func TestOptions(t *testing.T) {
	options := map[string]reports.Options{
		"wide":   {Width: 120},
		"ascii":  {ASCII: true},
		"color":  {Color: true},
		"all":    {All: true},
		"hints":  {Hints: 2},
		"narrow": {Width: 60, Command: "./labcheck"},
	}
	for name, o := range options {
		t.Run(name, func(t *testing.T) {
			reporttest.Golden(t, "option-"+name+".txt", reporttest.Render(t, table.Format, reporttest.Verdicts(), o))
		})
	}
}

// TestFits renders everything in many widths: no line is wider than the terminal, and all of the table's are as wide.
func TestFits(t *testing.T) {
	for _, n := range reporttest.Set() {
		for _, width := range []int{50, 57, 80, 99, 100, 120, 200} {
			for _, o := range []reports.Options{{}, {ASCII: true}, {Color: true, All: true}, {Hints: 3}} {
				o.Width = width
				t.Run(fmt.Sprintf("%s/%d", n.Name, width), func(t *testing.T) {
					out := string(reporttest.Render(t, table.Format, n.Report, o))
					commands := commandsOf(n.Report)
					for line := range strings.Lines(out) {
						line = strings.TrimSuffix(line, "\n")
						columns := displaywidth.Options{ControlSequences: true}.String(line)
						if isPartOfCommand(line, commands) {
							continue
						}
						require.LessOrEqual(t, columns, width, "too wide: %q", line)
						if strings.HasPrefix(line, "│") || strings.HasPrefix(line, "├") {
							require.Equal(t, min(width, 120), columns, "the right border is elsewhere: %q", line)
						}
					}
				})
			}
		}
	}
}

// commandsOf are all commands of the report: those may have an argument longer than a line.
func commandsOf(r *reports.Report) string {
	var all []string
	for _, s := range r.Steps {
		commands, _ := reports.TypeableCommands(s.Fix, reports.POSIX)
		all = append(all, commands...)
		again, _ := r.RerunCommand(s, reports.Options{})
		all = append(all, again)
	}
	return strings.Join(all, "\n")
}

// isPartOfCommand says whether a line, without its label and backslash, is a part of a command that cannot be broken:
// one argument, or an option and its value.
func isPartOfCommand(line, commands string) bool {
	line = strings.TrimSuffix(strings.TrimSpace(plain(line)), ` \`)
	line = strings.TrimSpace(strings.TrimPrefix(line, "Next"))
	return len(line) > 20 && strings.Contains(commands, line)
}

func TestASCII(t *testing.T) {
	for _, n := range reporttest.Set() {
		commands := commandsOf(n.Report)
		out := string(reporttest.Render(t, table.Format, n.Report, reports.Options{ASCII: true, All: true}))
		for line := range strings.Lines(out) {
			if strings.IndexFunc(line, func(r rune) bool { return r > '~' }) >= 0 {
				require.True(t, isPartOfCommand(line, commands), "%s: not ASCII: %q", n.Name, line)
			}
		}
	}
}

func TestColorOnlyRepeats(t *testing.T) {
	for _, n := range reporttest.Set() {
		uncolored := string(reporttest.Render(t, table.Format, n.Report, reports.Options{}))
		colored := string(reporttest.Render(t, table.Format, n.Report, reports.Options{Color: true}))
		require.Equal(t, withoutBlanksAtEnds(uncolored), withoutBlanksAtEnds(plain(colored)), n.Name)
	}
}

// plain takes the colours out.
func plain(text string) string { return colors.ReplaceAllString(text, "") }

var colors = regexp.MustCompile("\x1b\\[(0|1|2|31|32|33|36)m")

func withoutBlanksAtEnds(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

func TestHintsStandInPlaceOfFixes(t *testing.T) {
	r := reporttest.Verdicts()
	out := string(reporttest.Render(t, table.Format, r, reports.Options{Hints: 2}))
	s, ok := r.Step("ecr-scan-on-push")
	require.True(t, ok)
	require.Contains(t, out, s.Hints[0])
	require.Contains(t, out, s.Hints[1])
	require.NotContains(t, out, s.Hints[2])
	require.NotContains(t, out, "put-image-scanning-configuration")
	require.NotContains(t, out, "Console")
}

func TestAllShowsEveryStep(t *testing.T) {
	r := reporttest.Verdicts()
	out := string(reporttest.Render(t, table.Format, r, reports.Options{All: true}))
	for i, s := range r.Steps {
		require.Contains(t, out, fmt.Sprintf("%d. ", i+1))
		require.Contains(t, strings.Join(strings.Fields(out), " "), s.Why)
	}
}

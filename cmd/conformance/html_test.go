//go:build conformance

package conformance

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/html"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// validate reads pages, with a NUL between them, with html5lib: it follows the HTML standard, and when strict it
// refuses every parse error that the standard names. It answers with a line for each page.
const validate = `
import sys, html5lib
for page in sys.stdin.buffer.read().split(b"\0"):
    try:
        html5lib.HTMLParser(strict=True).parse(page, transport_encoding="utf-8")
        print("valid")
    except html5lib.html5parser.ParseError as error:
        print("invalid:", error)
`

func TestConformanceOfPages(t *testing.T) {
	// The first page is wrong, so that a validator which accepts everything is noticed.
	pages := [][]byte{[]byte("<!doctype html><title>t</title><p>a</b>")}
	want := "invalid: Unexpected end tag (b). Ignored.\n"
	for _, n := range reporttest.Set() {
		pages = append(pages, reporttest.Render(t, html.Format, n.Report, reports.Options{All: true}))
		want += "valid\n"
	}
	pages, want = append(pages, classPage(t, classtest.Class())), want+"valid\n"
	run := exec.CommandContext(t.Context(), "python3", "-c", validate)
	run.Stdin = bytes.NewReader(bytes.Join(pages, []byte{0}))
	answer, err := run.CombinedOutput()
	require.NoError(t, err, "%s", answer)
	require.Equal(t, want, string(answer))
}

// A report reads well in a real browser, on a phone and with a screen reader.
func TestConformanceOfTheReportPage(t *testing.T) {
	for _, r := range []*reports.Report{reporttest.Verdicts(), reporttest.Gated()} {
		b := open(t, reporttest.Render(t, html.Format, r, reports.Options{}))
		b.requireNarrow()
		b.requireQuiet()
		b.requireAccessible()
	}
}

package cmd

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// Every format, of a lab that is a hundred times as long as any that a teacher writes.
func BenchmarkTenThousandSteps(b *testing.B) {
	r := reporttest.Many(10_000, "")
	for _, f := range formats() {
		b.Run(f.Name, func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				require.NoError(b, f.Render(&out, r, reports.Options{Width: 80}))
			}
			b.ReportMetric(float64(out.Len())/1e6, "MB")
		})
	}
}

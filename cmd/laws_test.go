package cmd

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/labcheck/labcheck/reports/reporttest"
)

// Law 5: every format obeys, over all kinds of reports.
func TestLawFormats(t *testing.T) {
	t.Parallel()
	for _, f := range formats() {
		assert.NotEmpty(t, f.Help)
		for _, n := range reporttest.Set() {
			t.Run(f.Name+"/"+n.Name, func(t *testing.T) { reporttest.Obey(t, f, n) })
		}
	}
	assert.Len(t, formats(), len(slices.Compact(slices.Sorted(slices.Values(formats().Names())))), "names are unique")
}

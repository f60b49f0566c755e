package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
)

func TestLabPath(t *testing.T) {
	for file, want := range map[string]string{
		"labs/lab.yaml": "labs/lab.yaml", "": ".labcheck/module-1.2.yaml", "\n": ".labcheck/module-1.2.yaml",
	} {
		require.Equal(t, want, reports.Lab{ID: "module-1.2", File: file}.Path(), "%q", file)
	}
}

package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
)

func TestCell(t *testing.T) {
	for untrusted, want := range map[string]string{
		"": "", "Jane Doe": "Jane Doe", "a=b": "a=b", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@sum": "'@sum",
		"\t=1": "'=1", "\r\n=1": "'=1", "a\nb": "a b",
	} {
		require.Equal(t, want, reports.Cell(untrusted), "%q", untrusted)
	}
}

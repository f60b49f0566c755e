//go:build conformance

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/golden"
)

// The models in the repository are those of the botocore that "make models" takes.
func TestConformanceOfModels(t *testing.T) {
	botocore, ok := os.LookupEnv("BOTOCORE")
	require.True(t, ok, "BOTOCORE is the folder of botocore's package: make conformance")
	for _, folder := range services(t) {
		kept, err := os.ReadFile(filepath.Join(folder, modelFile))
		require.NoError(t, err)
		pruned, err := prune(folder, botocore)
		require.NoError(t, err)
		require.Empty(t, golden.Difference(
			kept, pruned,
		), "%s is not that of botocore; this writes it anew: make models",
			filepath.Join(folder, modelFile))
	}
}

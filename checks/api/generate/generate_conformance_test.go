//go:build conformance

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The models in the repository are those of the botocore that "make models" takes.
func TestConformanceOfTheModels(t *testing.T) {
	botocore, ok := os.LookupEnv("BOTOCORE")
	require.True(t, ok, "BOTOCORE is the folder of botocore's package: make conformance")
	folder := t.TempDir()
	for _, list := range []string{"allowed.txt", "sensitive.txt", "pages.txt"} {
		text, err := os.ReadFile(filepath.Join("..", list))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, list), text, 0o600))
	}
	require.NoError(t, generate(folder, botocore))
	for _, sub := range []string{"models", "rules"} {
		made, err := os.ReadDir(filepath.Join(folder, sub))
		require.NoError(t, err)
		kept, err := os.ReadDir(filepath.Join("..", sub))
		require.NoError(t, err)
		require.Len(t, kept, len(made))
		for _, file := range made {
			want, err := os.ReadFile(filepath.Join(folder, sub, file.Name()))
			require.NoError(t, err)
			got, err := os.ReadFile(filepath.Join("..", sub, file.Name()))
			require.NoError(t, err)
			require.True(t, string(want) == string(got), "%s/%s is not botocore's; this writes it anew: make models",
				sub, file.Name())
		}
	}
}

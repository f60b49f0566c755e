package cmd

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/labcheck/labcheck/checks/standard"
)

// Two practice accounts never keep one file, and the file is free again afterwards.
func TestOneFileHasOneKeeper(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account.json")
	for range 2 {
		code, _ := practising(t, func([]string, Env) int {
			second, _, stderr := inProcess(t.Context(), "sandbox", "--state", file)
			assert.Equal(t, exitUsage, Main(second, standard.Checks()...))
			assert.Contains(t, stderr.String(), "is kept by another practice account that runs now")
			return 0
		}, nil, "--state", file)
		assert.Equal(t, exitPassed, code)
	}
}

package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// goBuild builds the package in a folder and returns the program. The flags change the link at most, so that what the
// test itself was compiled of is not compiled again.
func goBuild(t testing.TB, folder string, flags ...string) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), filepath.Base(folder))
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	build := exec.Command("go", append(append([]string{"build", "-o", program}, flags...), folder)...)
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s:\n%s", build, out)
	return program
}

// fileSize is the size of a file in bytes.
func fileSize(t testing.TB, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

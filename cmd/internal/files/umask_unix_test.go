//go:build unix

package files_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/cmd/internal/files"
)

// A new file is for those whom the umask lets read. The umask is the process's, so that this test is not parallel.
func TestWriteKeepsToTheUmask(t *testing.T) {
	for umask, want := range map[int]fs.FileMode{0o022: 0o644, 0o077: 0o600} {
		path := filepath.Join(t.TempDir(), "report.json")
		before := syscall.Umask(umask)
		err := files.Write(files.OS{}, path, func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err })
		syscall.Umask(before)
		require.NoError(t, err)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, want, info.Mode().Perm())
	}
}

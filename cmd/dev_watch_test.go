package cmd

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
)

// spoken is what a command prints while a test looks on.
type spoken struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *spoken) Write(data []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(data)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// Files are proven again as they change: written anew, renamed into their place, gone and back again.
func TestDevWatch(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile("../checks/s3/s3-versioned.yaml")
	require.NoError(t, err)
	good = []byte(strings.Replace(string(good), "id: s3-versioned", "id: s3-own", 1))
	folder := filepath.Join(t.TempDir(), "lab")
	path := filepath.Join(folder, "own.yaml")
	write := func(data []byte) { // as many editors do
		require.NoError(t, os.MkdirAll(folder, 0o755))
		require.NoError(t, os.WriteFile(path+"~", data, 0o600))
		require.NoError(t, os.Rename(path+"~", path))
	}
	write(good)
	ctx, cancel := context.WithCancelCause(t.Context())
	env, _, _ := inProcess(ctx, "dev", "watch", folder)
	out := &spoken{}
	env.Stdout, env.Stderr = out, out
	code := make(chan int)
	go func() { code <- Main(env, standard.Checks()...) }()
	wants := func(text string, times int) {
		t.Helper()
		require.Eventually(t, func() bool { return strings.Count(out.String(), text) == times }, time.Minute,
			20*time.Millisecond, "%q", text)
	}
	wants("Waiting for a change", 1)
	assert.Contains(t, out.String(), "1 check, 0 labs: 0 errors")
	write([]byte(strings.Replace(string(good), "call: s3:ListBuckets", "call: s3:ListBucket", 1)))
	wants("own.yaml:9:19: error: s3:ListBucket is not read by name", 1)
	require.NoError(t, os.RemoveAll(folder))
	wants("there is no file", 1)
	write(good)
	wants("1 check, 0 labs: 0 errors", 2)
	cancel(facts.ErrInterrupted)
	assert.Equal(t, exitInterrupted, <-code)
}

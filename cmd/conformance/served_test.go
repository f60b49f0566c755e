//go:build conformance

package conformance

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// served is a practice account that "labcheck sandbox" serves, as a person meets it who pastes the lines that it
// prints.
type served struct {
	pasted []string // what the lines make of the environment
	says   *remarks
}

// remarks are what a program says on stderr. It is safe for concurrent use.
type remarks struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (n *remarks) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.said.Write(p)
}

func (n *remarks) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.said.String()
}

// serves begins a practice account, which ends with the test as Ctrl-C ends it.
func (j *judge) serves(t *testing.T, flags ...string) *served {
	t.Helper()
	s := &served{says: &remarks{}}
	run := exec.Command(j.labcheck, append([]string{"sandbox", "--listen", "127.0.0.1:0"}, flags...)...)
	run.Dir, run.Stderr = t.TempDir(), s.says
	stdout, err := run.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	t.Cleanup(func() {
		require.NoError(t, run.Process.Signal(os.Interrupt))
		_, err := io.Copy(io.Discard, stdout)
		require.NoError(t, err)
		_ = run.Wait() // it was interrupted
		require.NotContains(t, s.says.String(), "panic")
	})
	var lines []string
	for l := bufio.NewScanner(stdout); l.Scan(); {
		lines = append(lines, l.Text())
		if strings.HasPrefix(l.Text(), "export AWS_SESSION_TOKEN=") { // the last
			break
		}
	}
	// A shell understands them, and not this test.
	pasted, err := exec.CommandContext(t.Context(), "env", "-i", "bash", "-c",
		strings.Join(lines, "\n")+"\nexec env").Output()
	require.NoError(t, err)
	for variable := range strings.Lines(string(pasted)) {
		if strings.HasPrefix(variable, "AWS_") {
			s.pasted = append(s.pasted, strings.TrimSuffix(variable, "\n"))
		}
	}
	require.NotEmpty(t, s.endpoint(), "the lines: %q; %s", lines, s.says)
	return s
}

// endpoint is where it answers.
func (s *served) endpoint() string {
	for _, variable := range s.pasted {
		if endpoint, ok := strings.CutPrefix(variable, "AWS_ENDPOINT_URL="); ok {
			return endpoint
		}
	}
	return ""
}

// key are the credentials of the pasted lines.
func (s *served) key() credentials {
	var key credentials
	for _, variable := range s.pasted {
		if !strings.HasPrefix(variable, "AWS_ENDPOINT_URL=") {
			key = append(key, variable)
		}
	}
	return key
}

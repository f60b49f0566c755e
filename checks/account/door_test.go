package account

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

func TestIdentifyThroughThePracticeAccount(t *testing.T) {
	state, err := sandbox.Load("finished", testNow())
	require.NoError(t, err)
	s := openSession(t, sandbox.New(state, sandbox.Options{Now: testNow}))
	site, err := Identify(s, "us-east-1")
	require.NoError(t, err)
	require.Equal(t, "alice", site.Caller.Name)
	require.Len(t, s.Calls(), 1)
}

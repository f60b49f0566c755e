package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// In process a call is the transport of AWS's own client: what it costs is what `labcheck LAB --sandbox` waits for.
func BenchmarkCallInProcess(b *testing.B) {
	state, err := sandbox.Load("finished", now)
	require.NoError(b, err)
	calls := perProtocol(config(sandbox.New(state, sandbox.Options{})))
	for _, service := range []string{"iam", "ecr", "ec2", "cloudwatch"} {
		b.Run(service, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, calls[service](b.Context()))
			}
		})
	}
}

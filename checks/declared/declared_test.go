package declared

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func load(t *testing.T, path string) *File {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	f, err := Load(path, data)
	require.NoError(t, err)
	return f
}

// The example of the contract is a check, and its tests are met.
func TestTheExampleOfTheContract(t *testing.T) {
	f := load(t, "testdata/contract.yaml")
	assert.Empty(t, f.RunTests())
	assert.Empty(t, f.Doubts)
	t.Log(f.Notes, f.Check.Verify)
	for _, r := range f.Reads() {
		t.Log(r)
	}
	r, err := f.Run(f.Tests[2])
	require.NoError(t, err)
	t.Logf("%+v", r)
}

func TestTheExampleIsProven(t *testing.T) {
	for _, path := range []string{"testdata/contract.yaml", "../s3/s3-versioned.yaml"} {
		p := load(t, path).Prove()
		assert.Empty(t, p.Errors, path)
		assert.Positive(t, p.Noticed, path)
		t.Log(path, p.Notes, p.Mutants, p.Noticed)
	}
}

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

// The line about a step that passes is what the author wrote, and the command to see it by hand shows what is judged.
func TestWhatAPassSays(t *testing.T) {
	for path, says := range map[string][2]string{
		"../s3/s3-versioned.yaml": {
			"versioning is on", "aws s3api get-bucket-versioning --bucket BUCKET --expected-bucket-owner ACCOUNT --query Status",
		},
		"../cloudtrail/cloudtrail-on.yaml": {
			"it records all Regions",
			`aws cloudtrail describe-trails --query 'trailList[] | [?Name=='"'"'TRAIL'"'"'] | [0] | IsMultiRegionTrail'`,
		},
		"../ec2/ec2-imdsv2.yaml": {
			"IMDSv2 is required", "aws ec2 describe-instances --filters '[" +
				`{"Name":"tag:Name","Values":["INSTANCE"]},` +
				`{"Name":"instance-state-name","Values":["pending","running","stopping","stopped"]}]' ` +
				"--query 'Reservations[].Instances[]'",
		},
	} {
		f := load(t, path)
		r, err := f.Run(f.Tests[0])
		require.NoError(t, err)
		require.NotEmpty(t, r.Findings)
		assert.Equal(t, says[0], r.Findings[0].Found)
		assert.Equal(t, says[1], f.Check.Verify)
	}
}

func TestTheExampleIsProven(t *testing.T) {
	for _, path := range []string{"testdata/contract.yaml", "../s3/s3-versioned.yaml"} {
		p := load(t, path).Prove()
		assert.Empty(t, p.Errors, path)
		assert.Positive(t, p.Noticed, path)
		t.Log(path, p.Notes, p.Mutants, p.Noticed)
	}
}

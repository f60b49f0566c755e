package iam

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestManagedPoliciesAreReadable(t *testing.T) {
	seen := 0
	require.NoError(t, fs.WalkDir(policyFiles, "policies", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		seen++
		name := strings.TrimSuffix(strings.TrimPrefix(path, "policies/"), ".json")
		p, ok := awsManagedPolicy(awsManagedPrefix + name)
		require.True(t, ok, name)
		var d policyDocument
		require.NoError(t, json.Unmarshal(p.Document, &d), name)
		require.NotEmpty(t, d.Statement, name)
		for _, s := range d.Statement {
			require.Contains(t, []string{"Allow", "Deny"}, s.Effect, name)
			require.NotEqual(t, len(s.Action) > 0, len(s.NotAction) > 0, name)
		}
		return nil
	}))
	require.Greater(t, seen, 20)
	for _, name := range []string{"", "..", "../iam", "PowerUserAccess.json", "service-role"} {
		_, ok := awsManagedPolicy(awsManagedPrefix + name)
		require.False(t, ok, name)
	}
}

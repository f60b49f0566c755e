package facts_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestHideSecrets(t *testing.T) {
	for setting, want := range map[string]string{
		"us-east-1":                                "us-east-1",
		"AdministratorAccess-123456789012":         "AdministratorAccess-123456789012",
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": facts.Hidden,
		"profile AKIAIOSFODNN7EXAMPLE":             "profile " + facts.Hidden,
		"":                                         "",
	} {
		require.Equal(t, want, facts.HideSecrets(setting))
	}
}

package account

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestEachPageFollowsTheTokens(t *testing.T) {
	var asked []string
	require.NoError(t, eachPage(func(token *string) (*string, error) {
		if token == nil {
			asked = append(asked, "first")
			return new("a"), nil
		}
		asked = append(asked, *token)
		if *token == "a" {
			return new("b"), nil
		}
		return new(""), nil
	}))
	require.Equal(t, []string{"first", "a", "b"}, asked)
}

func TestEachPageEnds(t *testing.T) {
	asked := 0
	err := eachPage(func(*string) (*string, error) { asked++; return new("same"), nil })
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
	require.Equal(t, 2, asked)

	asked = 0
	err = eachPage(func(*string) (*string, error) { asked++; return new(strconv.Itoa(asked)), nil })
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
	require.Equal(t, maxPages, asked)

	broken := errors.New("broken")
	require.ErrorIs(t, eachPage(func(*string) (*string, error) { return nil, broken }), broken)
}

package account

import (
	"errors"
	"net/http"
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

// "{}" is no list without elements: nobody looked.
func TestAnAnswerWithoutItsListIsNoAbsence(t *testing.T) {
	network := NetworkKey{Region: "us-east-1"}
	for _, c := range []struct {
		read facts.Source
		get  func(*facts.View) error
		body *answering
	}{
		{DefaultVPC, errorOf(DefaultVPC, network), answer(http.StatusOK, xmlType, inEC2("Vpcs", "<requestId/>"))},
		{Subnets, errorOf(Subnets, network), answer(http.StatusOK, xmlType, inEC2("Subnets", "<requestId/>"))},
		{
			InternetGateways, errorOf(InternetGateways, network),
			answer(http.StatusOK, xmlType, inEC2("InternetGateways", "<requestId/>")),
		},
		{RouteTables, errorOf(RouteTables, network), answer(http.StatusOK, xmlType, inEC2("RouteTables", "<requestId/>"))},
		{LogGroups, errorOf(LogGroups, LogGroupsKey{Region: "us-east-1"}), answer(http.StatusOK, jsonType, "{}")},
		{
			LogGroups, errorOf(LogGroups, LogGroupsKey{Region: "us-east-1"}),
			answer(http.StatusOK, jsonType, `{"logGroups": null}`),
		},
		{
			TopicSubscriptions, errorOf(TopicSubscriptions, TopicKey{"us-east-1", "arn:aws:sns:us-east-1:123456789012:t"}),
			answer(http.StatusOK, xmlType, "<R><ListSubscriptionsByTopicResult/></R>"),
		},
	} {
		name := c.read.Describe().Name
		err := facts.AsError(c.get(openTest(t, c.body, c.read)))
		require.NotNil(t, err, name)
		require.Equal(t, facts.InvalidResponse, err.Reason, name)
		require.Contains(t, err.Detail, "does not hold the list", name)
	}
}

// errorOf asks one read for its error.
func errorOf[K comparable, V any](read *facts.Read[K, V], key K) func(*facts.View) error {
	return func(v *facts.View) error {
		_, err := read.Get(v, key)
		return err
	}
}

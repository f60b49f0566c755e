package holes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/holes"
)

func TestFind(t *testing.T) {
	for _, whole := range []string{
		"", "The lab looks in us-east-1; the profile's own Region is eu-west-1.", "AWS answered Gone: it is not here",
		"it has no route 0.0.0.0/0, only ::/0, which is for IPv6", "2 of 4 steps (and 1 more).", "found .aws/config",
		`the scan frequency is "", which is not known here`, "Where does it look?", "a list: a, b and c",
		"a VPC came without saying which one it is", ".labcheck/waivers.yaml:9: the waiver of a ended",
	} {
		require.Empty(t, holes.Find(whole), whole)
	}
	for _, broken := range []string{
		"the sign-in was answered with ", "The sign-in was answered with .", "AWS answered Gone: ", "AWS answered : no",
		"The lab looks in ; the profile's own Region", ": no", "the VPC  is gone", "asks to slow down (): wait",
		"Next: “” (1 step)", "the tags are , b and c", "Waived by  until 2026", "a policy of the caller allows ", "fix a, ",
		"fix a, b,", "the section [] is",
	} {
		require.NotEmpty(t, holes.Find(broken), broken)
	}
}

func TestEmptied(t *testing.T) {
	type inner struct{ Name string }
	type outer struct {
		A, B string
		List []inner
		N    int
	}
	got := holes.Emptied(t, &outer{A: "a", List: []inner{{"x"}, {"y"}}, N: 1})
	require.Equal(t, map[string]*outer{
		"/A":           {List: []inner{{"x"}, {"y"}}, N: 1},
		"/List/0/Name": {A: "a", List: []inner{{""}, {"y"}}, N: 1},
		"/List/1/Name": {A: "a", List: []inner{{"x"}, {""}}, N: 1},
	}, got)
}

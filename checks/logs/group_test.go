package logs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/logs"
)

func TestGroup(t *testing.T) {
	const create = "aws logs create-log-group --log-group-name /ecs/docker-api --region us-east-1"
	cases := []checktest.Case{
		{
			Name: "exists", Params: params(), Facts: []facts.Given{listed(named(wanted)...)},
			Want: checks.Pass, Found: "/ecs/docker-api exists",
		},
		{
			Name: "only the prefix is alike", Params: params(),
			Facts: append(absent(wanted + "-dev")[1:], listed(named(wanted+"-dev")...)),
			Want:  checks.Fail, NearMiss: "found /ecs/docker-api-dev, did you mean it?", Fix: create,
		},
		{
			Name: "nothing there", Params: params(), Facts: append(absent(), on("windows")),
			Want: checks.Fail, Found: "no log group /ecs/docker-api in us-east-1", Fix: create,
			Advice: "set MSYS_NO_PATHCONV=1 before a command with such a name: " +
				"otherwise /ecs/docker-api becomes C:/Program Files/Git/ecs/docker-api",
		},
		{
			Name: "in another Region", Params: params(),
			Facts: append(absent(), elsewhere("eu-central-1", wanted)),
			Want:  checks.Fail, NearMiss: "found /ecs/docker-api in eu-central-1", Fix: create,
		},
	}
	for found, nearMiss := range map[string]string{
		"ecs/docker-api":                   "no slash",
		"/aws/ecs/docker-api":              "found /aws/ecs/docker-api",
		"/ecs/Docker-API":                  "Capital and small letters",
		"/ecs/docker-apiatest":             "In zsh",
		"/ecs/docker-apis":                 "found /ecs/docker-apis, did you mean it?",
		"/lab/docker-api":                  "found /lab/docker-api, did you mean it?",
		"/c/Program/Git/ecs/docker-api":    "MSYS_NO_PATHCONV=1",
		"/ecs/docker-api/blue-green/extra": "found /ecs/docker-api/blue-green/extra",
	} {
		cases = append(cases, checktest.Case{
			Name: "there is " + found, Params: params(), Facts: absent("/aws/lambda/other", found),
			Want: checks.Fail, NearMiss: nearMiss, Fix: create,
		})
	}
	checktest.Run(t, logs.Group, cases)
}

func TestGitBashIsNamedWhereItChangesTheName(t *testing.T) {
	for _, c := range []struct{ name, system, advice string }{
		{"/ecs/docker-api", "windows", "MSYS_NO_PATHCONV=1"},
		{"/ecs/docker-api", "linux", ""},
		{"docker-api", "windows", ""},
	} {
		none := account.LogGroups.Given(account.LogGroupsKey{Region: checktest.Region, Prefix: c.name}, nil)
		result := checktest.Look(t, logs.Group, checktest.Case{
			Params: map[string]any{"log-group": c.name}, Facts: []facts.Given{none, on(c.system)},
		})
		require.Equal(t, checks.Fail, result.Verdict())
		require.Contains(t, result.Findings[0].Advice, c.advice)
		require.Equal(t, c.advice == "", result.Findings[0].Advice == "", "%+v", c)
	}
}

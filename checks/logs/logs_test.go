package logs_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/logs"
	"github.com/labcheck/labcheck/checks/workstation"
)

const wanted = "/ecs/docker-api"

// listed is the answer to the question for the lab's log group.
func listed(groups ...account.LogGroup) facts.Given {
	return account.LogGroups.Given(account.LogGroupsKey{Region: checktest.Region, Prefix: wanted}, groups)
}

// absent is an account without the log group: these groups are in the lab's Region, and none is in any other.
func absent(others ...string) []facts.Given {
	given := []facts.Given{
		listed(), account.LogGroups.Given(account.LogGroupsKey{Region: checktest.Region}, named(others...)), on("linux"),
	}
	for _, region := range checktest.Alice().NearbyRegions() {
		given = append(given, elsewhere(region))
	}
	return given
}

// on is the machine of somebody who works with this operating system.
func on(system string) facts.Given {
	return workstation.CLI.Given(workstation.CLIKey{}, workstation.CLIConfig{OS: system})
}

func elsewhere(region string, names ...string) facts.Given {
	return account.LogGroups.Given(account.LogGroupsKey{Region: region, Prefix: wanted}, named(names...))
}

func named(names ...string) []account.LogGroup {
	var groups []account.LogGroup
	for _, name := range names {
		groups = append(groups, account.LogGroup{Name: name, Class: "STANDARD"})
	}
	return groups
}

func params(more ...any) map[string]any {
	p := map[string]any{"log-group": wanted}
	for i := 0; i < len(more); i += 2 {
		p[more[i].(string)] = more[i+1]
	}
	return p
}

// group is the lab's log group with some fields set.
func group(set func(*account.LogGroup)) account.LogGroup {
	g := account.LogGroup{Name: wanted, Class: "STANDARD", StoredBytes: new(int64)}
	set(&g)
	return g
}

func TestParametersAreHeldToTheGrammarOfAWS(t *testing.T) {
	for _, c := range []struct {
		check   *checks.Check
		params  map[string]any
		problem string
	}{
		{logs.Group, params(), ""},
		{logs.Group, map[string]any{}, "log-group is needed"},
		{logs.Group, map[string]any{"log-group": "two words"}, "1 to 512 letters"},
		{logs.Group, map[string]any{"log-group": "aws/mine"}, "does not begin with"},
		{logs.Group, map[string]any{"log-group": "C:/Program Files/Git/ecs/docker-api"}, "MSYS_NO_PATHCONV=1"},
		{logs.Retention, params("min", 7, "max", 7), ""},
		{logs.Retention, params("min", 0), "at least 1 day"},
		{logs.Retention, params("min", 30, "max", 7), "less than min"},
		{logs.Retention, params("min", 8, "max", 13), "no period between them"},
		{logs.Storage, params("max-gb", 0), "at least 1 GB"},
	} {
		values := map[string]json.RawMessage{}
		for name, value := range c.params {
			data, err := json.Marshal(value)
			require.NoError(t, err)
			values[name] = data
		}
		_, err := c.check.Bind(values)
		if c.problem == "" {
			require.NoError(t, err, "%v", c.params)
			continue
		}
		var wrong *checks.ParamError
		require.ErrorAs(t, err, &wrong, "%v", c.params)
		require.ErrorContains(t, err, c.problem)
	}
}

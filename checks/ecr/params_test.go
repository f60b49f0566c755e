package ecr_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
)

func bind(check *checks.Check, params map[string]any) (checks.Bound, error) {
	values := map[string]json.RawMessage{}
	for name, value := range params {
		data, err := json.Marshal(value)
		if err != nil {
			return checks.Bound{}, err
		}
		values[name] = data
	}
	return check.Bind(values)
}

// run runs a check on literal facts, for what a case cannot ask.
func run(t *testing.T, check *checks.Check, params map[string]any, given []facts.Given) checks.Result {
	t.Helper()
	return checktest.Look(t, check, checktest.Case{Params: params, Facts: given})
}

func TestParametersAreHeldToTheGrammarOfECR(t *testing.T) {
	for _, c := range []struct {
		check   *checks.Check
		params  map[string]any
		problem string
	}{
		{ecr.Repository, params(), ""},
		{ecr.Repository, params("repository", "team/docker-api_2.x"), ""},
		{ecr.Repository, map[string]any{}, "repository is needed"},
		{ecr.Repository, params("repository", "Docker-API"), "lower case only: docker-api"},
		{ecr.Repository, params("repository", "docker--api"), "2 to 256 lower-case letters"},
		{ecr.Repository, params("repository", "x"), "2 to 256 lower-case letters"},
		{ecr.Repository, params("repository", strings.Repeat("x", 257)), "2 to 256 lower-case letters"},
		{ecr.Repository, params("repository", "docker-api\n"), "2 to 256 lower-case letters"},
		{ecr.ScanOnPush, params("repository", "docker api"), "2 to 256 lower-case letters"},
		{ecr.Image, params("tag", "v1.2_3-x"), ""},
		{ecr.Image, params("tag", ""), "a tag has 1 to 128"},
		{ecr.Image, params("tag", "-latest"), "a tag has 1 to 128"},
		{ecr.Image, params("repository", "UPPER"), "lower case only: upper"},
		{ecr.Storage, params("max-mb", 500), ""},
		{ecr.Storage, params("max-mb", 0), "1 to 1000000 megabytes"},
		{ecr.Storage, params("max-mb", 1_000_001), "1 to 1000000 megabytes"},
		{ecr.Storage, params("tag", "a b"), "a tag has 1 to 128"},
		{ecr.DockerLogin, map[string]any{"repository": "x"}, "not a parameter"},
	} {
		_, err := bind(c.check, c.params)
		if c.problem == "" {
			require.NoError(t, err, "%v", c.params)
			continue
		}
		var wrong *checks.ParamError
		require.ErrorAs(t, err, &wrong, "%v", c.params)
		require.ErrorContains(t, err, c.problem)
	}
}

package lab_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/lab"
)

type probeParams struct {
	Name string   `json:"name" help:"the name" need:"true"`
	Max  int      `json:"max" help:"the most"`
	Tags []string `json:"tags" help:"the tags"`
}

func (p probeParams) Validate() error {
	if p.Max < 1 {
		return &checks.ParamError{Name: "max", Problem: "is below 1"}
	}
	return nil
}

type key struct{ Name string }

var probeRead = &facts.Read[key, string]{
	Name: "probe.name", Operations: []string{"probe:GetName"}, Actions: []string{"probe:ReadName"},
	Fetch: func(context.Context, *facts.Access, key) (string, error) { return "", nil },
}

// registry has one check, whose finding tells its parameters.
func registry(t *testing.T) *checks.Registry {
	t.Helper()
	r, err := checks.NewRegistry(checks.New(checks.Spec[probeParams]{
		ID: "probe-name", Title: "A name is there", Why: "Names help.", Verify: "probe",
		Reads: []facts.Source{probeRead}, Defaults: probeParams{Max: 9},
		Run: func(_ *facts.View, p probeParams) (checks.Result, error) {
			text, err := json.Marshal(p)
			return checks.Of(checks.Finding{}.Pass(string(text))), err
		},
	}))
	require.NoError(t, err)
	return r
}

func bind(t *testing.T, file string, set map[string]string) (*lab.Plan, error) {
	t.Helper()
	l, err := lab.Load("bad.yaml", []byte(file))
	require.NoError(t, err)
	return lab.Bind(l, registry(t), set)
}

// parameters are what the steps of a plan were bound with.
func parameters(t *testing.T, p *lab.Plan) []string {
	t.Helper()
	session := facts.NewSession(context.Background(), facts.Options{Given: []facts.Given{}})
	var texts []string
	for _, s := range p.Steps {
		texts = append(texts, s.Bound.Run(session.View(facts.Site{}, nil, nil)).Findings[0].Found)
	}
	return texts
}

func TestBind(t *testing.T) {
	p, err := bind(t, good, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{
		`{"name":"docker-api","max":9,"tags":null}`,
		`{"name":"other","max":9,"tags":["a","b"]}`,
	}, parameters(t, p))
	assert.Equal(t, map[string]string{"name": "docker-api"}, p.Params)
	assert.Equal(t, []string{"probe:GetName"}, p.Operations())

	p, err = bind(t, good, map[string]string{"name": "mine"})
	require.NoError(t, err)
	assert.Contains(t, parameters(t, p)[0], `"mine"`)
	assert.Equal(t, []string{"name=mine"}, p.Set)

	p, err = bind(t, strings.Replace(good, "name: other", "name: $name, max: 3", 1), map[string]string{"name": "x"})
	require.NoError(t, err)
	assert.Equal(t, `{"name":"x","max":3,"tags":["a","b"]}`, parameters(t, p)[1])
}

func TestBindProblems(t *testing.T) {
	cases := map[string]struct{ old, new, want string }{
		"unknown check": {
			"check: probe-name\n        points", "check: probe-nam\n        id: probe-name\n        points",
			`12:9: there is no check "probe-nam"; did you mean "probe-name"?`,
		},
		"misspelt parameter": {
			"name: other", "nam: other", `19:22: the check probe-name has no parameter "nam"; did you mean "name"?`,
		},
		"wrong type": {
			"name: other", "max: many",
			`19:22: step "again": the parameter "max" of probe-name is "many"; a value of type integer is needed`,
		},
		"out of range": {
			"name: other", "max: 0", `19:22: step "again": the parameter "max" of probe-name is below 1`,
		},
		"a number for a text": {
			"default: docker-api", "default: 7", `6:9: step "probe-name": the parameter "name" of probe-name is 7`,
		},
		"unknown lab parameter": {
			"name: other", "name: $nam", `19:23: the lab has no parameter "nam"; did you mean "name"?`,
		},
		"a parameter nobody takes": {
			"  name: {", "  nome: { default: x, help: y }\n  name: {",
			`6:9: no step uses the parameter "nome"; did you mean "name"?`,
		},
		"a required one missing": {
			"params:\n  name: { default: docker-api, help: the name }\n", "",
			`the parameter "name" of probe-name is needed and has no default`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, good, c.old)
			_, err := bind(t, strings.Replace(good, c.old, c.new, 1), nil)
			var problems lab.Problems
			require.ErrorAs(t, err, &problems)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestSetProblems(t *testing.T) {
	_, err := bind(t, good, map[string]string{"nome": "x"})
	var set *lab.SetError
	require.ErrorAs(t, err, &set)
	assert.Contains(t, err.Error(), `did you mean "name"?`)

	withMax := strings.Replace(good, "  name: {", "  max: { default: 3, help: the most }\n  name: {", 1)
	_, err = bind(t, withMax, map[string]string{"max": "0"})
	require.ErrorAs(t, err, &set)
	assert.Contains(t, err.Error(), "--set max: is below 1")
	p, err := bind(t, withMax, map[string]string{"max": "5"})
	require.NoError(t, err)
	assert.Contains(t, parameters(t, p)[0], `"max":5`)
}

func TestSelect(t *testing.T) {
	p, err := bind(t, good, nil)
	require.NoError(t, err)
	narrow, err := p.Select([]string{"again"})
	require.NoError(t, err)
	assert.Equal(t, []string{"again"}, narrow.StepIDs())
	assert.Equal(t, []string{"again"}, narrow.Selected)
	_, err = p.Select([]string{"agan"})
	var step *lab.StepError
	require.ErrorAs(t, err, &step)
	assert.Contains(t, err.Error(), `did you mean "again"?`)
}

func TestActions(t *testing.T) {
	p, err := bind(t, good, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"probe:ReadName"}, p.Actions())
}

package checks_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

type params struct {
	Name string   `json:"name" help:"the name" need:"true"`
	Days int      `json:"days" help:"how many days"`
	Deep bool     `json:"deep" help:"how deep"`
	Tags []string `json:"tags" help:"the tags"`
}

func (p params) Validate() error {
	if p.Days == 0 {
		return &checks.ParamError{Name: "days", Problem: "is 0; at least 1 is needed"}
	}
	return nil
}

var read = &facts.Read[struct{}, string]{Name: "test.read"}

// spec is a good check; the cases spoil it.
func spec() checks.Spec[params] {
	return checks.Spec[params]{
		ID: "test-check", Title: "All is well", Why: "It matters.", Verify: "look", Reads: []facts.Source{read},
		Defaults: params{Days: 7},
		Run: func(_ *facts.View, p params) (checks.Result, error) {
			text, err := json.Marshal(p)
			return checks.Of(checks.Finding{}.Pass(string(text))), err
		},
	}
}

func TestBind(t *testing.T) {
	bind := func(values string) (string, error) {
		var raw map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(values), &raw))
		b, err := checks.New(spec()).Bind(raw)
		if err != nil {
			return "", err
		}
		return b.Run(view(facts.Site{})).Findings[0].Found, nil
	}
	got, err := bind(`{"name": "x", "deep": true, "tags": ["a"]}`)
	require.NoError(t, err)
	assert.JSONEq(t, `{"name":"x","days":7,"deep":true,"tags":["a"]}`, got)
	got, err = bind(`{"name": "y"}`)
	require.NoError(t, err)
	assert.JSONEq(t, `{"name":"y","days":7,"deep":false,"tags":null}`, got, "each use starts from the defaults")

	got, err = bind(`{"name": "z", "days": null}`)
	require.NoError(t, err)
	assert.JSONEq(t, `{"name":"z","days":7,"deep":false,"tags":null}`, got, "null is no value")

	for values, want := range map[string]string{
		`{}`:                            "name is needed and has no default",
		`{"name": 7}`:                   "name is 7; a value of type string is needed",
		`{"name": "x", "days": "many"}`: `days is "many"; a value of type integer is needed`,
		`{"name": "x", "days": 1.5}`:    "days is 1.5; a value of type integer is needed",
		`{"name": "x", "days": 0}`:      "days is 0; at least 1 is needed",
		`{"name": "x", "Deep": true}`:   "Deep is not a parameter of this check",
		`{"name": "x", "tags": "a"}`:    `tags is "a"; a value of type list is needed`,
		`{"name": "x", "tags": [1]}`:    `tags is [1]; a value of type list is needed`,
	} {
		_, err := bind(values)
		var pe *checks.ParamError
		require.ErrorAs(t, err, &pe, values)
		assert.Equal(t, want, err.Error())
	}
}

// What one use puts into a list is not seen by the next.
func TestDefaultsAreNotWritten(t *testing.T) {
	s := spec()
	s.Defaults.Tags = []string{"x", "y"}
	c := checks.New(s)
	for values, want := range map[string]string{`["a"]`: "a", `null`: "x"} {
		b, err := c.Bind(map[string]json.RawMessage{"name": []byte(`"n"`), "tags": []byte(values)})
		require.NoError(t, err)
		var bound params
		require.NoError(t, json.Unmarshal([]byte(b.Run(view(facts.Site{})).Findings[0].Found), &bound))
		assert.Equal(t, want, bound.Tags[0])
		assert.Equal(t, []string{"x", "y"}, s.Defaults.Tags)
	}
}

func view(site facts.Site) *facts.View {
	return facts.NewSession(context.Background(), facts.Options{Given: []facts.Given{}}).View(site, nil, nil)
}

func TestParamsAreDescribed(t *testing.T) {
	c := checks.New(spec())
	require.Len(t, c.Params, 4)
	assert.Equal(t, checks.Param{Name: "name", Type: "string", Help: "the name", Required: true}, c.Params[0])
	assert.Equal(t, checks.Param{Name: "days", Type: "integer", Help: "how many days", Default: 7}, c.Params[1])
}

// An account is excused only when it is known: before the caller is known nothing leaves the total.
func TestSkip(t *testing.T) {
	s := spec()
	s.Skip = func(checks.Site) string { return "it is another's" }
	b, err := checks.New(s).Bind(map[string]json.RawMessage{"name": []byte(`"x"`)})
	require.NoError(t, err)
	assert.Equal(t, checks.Skipped, b.Run(view(facts.Site{Account: "123456789012"})).Verdict())
	assert.Equal(t, checks.Pass, b.Run(view(facts.Site{})).Verdict())
}

func TestAnErrorIsAnUnknownFindingBesideTheOthers(t *testing.T) {
	s := spec()
	denied := &facts.Error{Reason: facts.AccessDenied, MissingAction: "test:Look"}
	s.Run = func(*facts.View, params) (checks.Result, error) {
		return checks.Of(checks.Finding{}.Fail("off")), denied
	}
	b, err := checks.New(s).Bind(map[string]json.RawMessage{"name": []byte(`"x"`)})
	require.NoError(t, err)
	r := b.Run(view(facts.Site{}))
	assert.Equal(t, checks.Fail, r.Verdict())
	require.Len(t, r.Findings, 2)
	assert.Equal(t, facts.AccessDenied, r.Findings[1].Reason)
	assert.Equal(t, "test:Look", r.Findings[1].MissingAction)
}

func TestNewRegistryTellsEverythingThatIsWrong(t *testing.T) {
	bad := spec()
	bad.ID, bad.Title, bad.Why, bad.Reads = "Test", strings.Repeat("x", 76), "", nil
	_, err := checks.NewRegistry(checks.New(spec()), checks.New(spec()), checks.New(bad), checks.New(checks.Spec[struct {
		When float64 `json:"when"`
	}]{ID: "test-other", Title: "x", Why: "x", Verify: "x", Reads: []facts.Source{read}}))
	for _, want := range []string{
		`check "test-check" is registered twice`,
		`check "Test": the id is not in kebab-case`,
		`check "Test": the title has 76 characters`,
		`check "Test": Why is empty`,
		`check "Test": it declares no read that decides`,
		`check "test-other": parameter "when" needs a json tag and a help tag`,
		`check "test-other": parameter "when" is of type float64`,
		`check "test-other": Run is missing`,
	} {
		assert.ErrorContains(t, err, want)
	}
	r, err := checks.NewRegistry(checks.New(spec()))
	require.NoError(t, err)
	assert.Equal(t, []string{"test-check"}, r.IDs())
	_, ok := r.Lookup("other")
	assert.False(t, ok)
}

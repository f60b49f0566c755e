package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/budgets"
	"github.com/labcheck/labcheck/labs/sandbox/iam"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// minimal is the smallest good state, with a place for more. What goes there is on line 4.
const minimal = `{
  "account": "123456789012", "caller": {"arn": "arn:aws:iam::123456789012:root", "userId": "1",
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE", "secretAccessKey": "EXAMPLEKEY"},
  "root": {}MORE
}`

func state(more string) []byte { return []byte(strings.Replace(minimal, "MORE", more, 1)) }

func TestBuiltInStates(t *testing.T) {
	callers := map[string]string{
		"fresh":     "arn:aws:iam::123456789012:root",
		"half-done": "arn:aws:iam::123456789012:user/alice",
		"finished":  "arn:aws:iam::123456789012:user/alice",
	}
	require.Len(t, callers, len(sandboxtest.States()))
	for _, name := range sandboxtest.States() {
		t.Run(name, func(t *testing.T) {
			account, cfg := load(t, name, sandbox.Options{})
			identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
			require.NoError(t, err)
			require.Equal(t, callers[name], *identity.Arn)
			require.Equal(t, "123456789012", *identity.Account)
			id, secret, token := account.Credentials()
			require.Contains(t, id, "EXAMPLE")
			require.Contains(t, secret, "EXAMPLEKEY")
			require.Equal(t, name == "fresh", token != "", "only the root of a fresh account has temporary credentials")
		})
	}
}

// A state written out and read again is the same state.
func TestStatesRoundTrip(t *testing.T) {
	for _, name := range sandboxtest.States() {
		t.Run(name, func(t *testing.T) {
			loaded, err := sandboxtest.Load(name, now)
			require.NoError(t, err)
			text, err := json.Marshal(loaded)
			require.NoError(t, err)
			again, err := sandbox.Parse(text, now.AddDate(1, 0, 0))
			require.NoError(t, err)
			rewritten, err := json.Marshal(again)
			require.NoError(t, err)
			require.JSONEq(t, string(text), string(rewritten))
		})
	}
}

func TestStatesThatAreWrongSayWhere(t *testing.T) {
	tests := map[string]struct {
		text []byte
		want string
	}{
		"unknown field at the top": {
			state(`, "acount": 1`), `practice state: line 4, column 15: json: unknown field "acount"`,
		},
		"unknown field deep inside": {
			state(
				`, "iam": {"users": [{"name": "a", "id": "b", "created": "-1h", "inline": {"name": {"id": 1}}},` + "\n" +
					`{"user": "b"}]}`,
			),
			`practice state: line 5, column 2: json: unknown field "user"`,
		},
		"a known name in the wrong place": {
			state(`, "iam": {"name": "a"}`), `practice state: line 4, column 23: json: unknown field "name"`,
		},
		"wrong type": {
			state(`, "budgets": "none"`),
			`practice state: line 4, column 31: json: cannot unmarshal string into Go struct field State.budgets ` +
				`of type []*budgets.Budget`,
		},
		"not JSON": {
			[]byte("{\n  account\n}"),
			`practice state: line 2, column 3: invalid character 'a' looking for beginning of object key string`,
		},
		"two states": {
			append(state(""), "{}"...), `practice state: line 5, column 2: something follows the state`,
		},
		"a date": {
			state(`, "iam": {"users": [{"created": "yesterday"}]}`),
			`practice state: "yesterday" is not a time: RFC 3339 or an age such as "-240h"`,
		},
		"a time in days": {
			state(`, "iam": {"users": [{"created": 5}]}`),
			`practice state: 5 is not a time: RFC 3339 or an age such as "-240h", in quotes`,
		},
		"account": {
			[]byte(`{"account": "12"}`), `practice state: account: "12" is not an account number of twelve digits`,
		},
		"caller": {
			[]byte(`{"account": "123456789012"}`),
			`practice state: caller: arn, accessKeyId and secretAccessKey are needed`,
		},
		"Region": {
			state(`, "regions": {"us-east-9": {}}`),
			`practice state: regions: "us-east-9" is not a Region that the account can use`,
		},
		"group": {
			state(`, "iam": {"users": [{"name": "a", "groups": ["g"]}]}`),
			`practice state: iam: the user "a" is in the group "g", which does not exist`,
		},
		"home": {
			state(`, "workstation": {"files": {"/etc/passwd": ""}}`),
			`practice state: workstation.files: "/etc/passwd" is not a path below the home folder`,
		},
		"nameless command": {
			state(`, "workstation": {"commands": [{"argv": []}]}`),
			`practice state: workstation.commands: command 1 has no argv`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := sandbox.Parse(test.text, now)
			require.EqualError(t, err, test.want)
		})
	}
}

func TestTimesInStates(t *testing.T) {
	parsed, err := sandbox.Parse(state(`, "iam": {"users": [
		{"name": "a", "created": "2026-01-02T03:04:05+01:00", "password": "-36h", "passwordUsed": "1h"},
		{"name": "b"}]}`), now)
	require.NoError(t, err)
	users := iam.Part.From(parsed, "", false).Users
	a, b := users[0], users[1]
	require.Equal(t, "2026-01-02T02:04:05Z", a.Created.Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, "2026-11-21T17:12:00Z", a.Password.Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, "2026-11-23T06:12:00Z", a.PasswordUsed.Format("2006-01-02T15:04:05Z07:00"))
	require.True(t, b.Created.IsZero())

	// What a state keeps in AWS's own form has ages too.
	parsed, err = sandbox.Parse(state(`, "budgets": [{"name": "lab", "type": "COST", "timeUnit": "MONTHLY",
		"updated": "-1h", "timePeriod": {"start": "-36h"}}]`), now)
	require.NoError(t, err)
	budget := (*budgets.Budgets.From(parsed, "", false))[0]
	require.Equal(t, now.Add(-time.Hour), budget.LastUpdatedTime.Time)
	require.Equal(t, now.Add(-36*time.Hour), budget.TimePeriod.Start.Time)
	_, err = sandbox.Parse(state(`, "budgets": [{"name": "lab", "notifications": [null]}]`), now)
	require.EqualError(t, err, "practice state: budgets[0].notifications[0]: null cannot stand for anything here")
	_, err = sandbox.Parse(
		state(`, "budgets": [{"name": "lab", "plannedLimits": {"1": {"amount": "5", "Unti": "USD"}}}]`), now,
	)
	require.EqualError(t, err, `practice state: line 4, column 82: json: unknown field "Unti"`)
	require.Nil(t, b.Password)
}

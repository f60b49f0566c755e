package iam_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/iam"
)

const (
	first  = account.AccessKeyID("AKIAIOSFODNN7EXAMPLE")
	second = account.AccessKeyID("AKIAI44QH8DHBEXAMPLE2")
	day    = 24 * time.Hour
)

func key(id account.AccessKeyID, age time.Duration, set ...func(*account.AccessKey)) account.AccessKey {
	k := account.AccessKey{ID: id, Status: account.AccessKeyActive, Created: checktest.Now.Add(-age)}
	for _, f := range set {
		f(&k)
	}
	return k
}

func inactive(k *account.AccessKey) { k.Status = account.AccessKeyInactive }
func inUse(k *account.AccessKey)    { k.InUse = true }
func expired(k *account.AccessKey)  { k.Status = "Expired" }

func TestAccessKeyAge(t *testing.T) {
	const create = "aws iam create-access-key --user-name alice"
	const deactivate = "aws iam update-access-key --user-name alice --access-key-id OLD_ACCESS_KEY_ID --status Inactive"
	const remove = "aws iam delete-access-key --user-name alice --access-key-id SPARE_ACCESS_KEY_ID"
	keys := func(list ...account.AccessKey) facts.Given {
		return account.AccessKeys.Given(account.UserKey{User: "alice"}, list)
	}
	used := func(id account.AccessKeyID, ago time.Duration) facts.Given {
		at := checktest.Now.Add(-ago)
		return account.AccessKeyLastUsed.Given(account.LastUsedKey{ID: id}, account.LastUsed{At: &at})
	}
	unused := func(id account.AccessKeyID) facts.Given {
		return account.AccessKeyLastUsed.Given(account.LastUsedKey{ID: id}, account.LastUsed{})
	}
	cases := []checktest.Case{
		{
			Name: "a young key", Facts: []facts.Given{keys(key(first, 20*day))},
			Want: checks.Pass, Found: "active, made on 2026-11-03, 20 days ago", Expected: "at most 90 days old",
		},
		{Name: "no key", Facts: []facts.Given{keys()}, Want: checks.Pass, Found: "0 access keys"},
		{
			Name: "a key from a clock that is ahead", Facts: []facts.Given{keys(key(first, -time.Hour))},
			Want: checks.Pass, Found: "0 days ago",
		},
		{
			Name: "exactly the limit", Facts: []facts.Given{keys(key(first, 90*day)), used(first, day)},
			Want: checks.Pass, Found: "90 days ago",
		},
		{
			Name:  "a second over the limit",
			Facts: []facts.Given{keys(key(first, 90*day+time.Second)), used(first, day)},
			Want:  checks.Fail, Found: "90 days and less than an hour ago: older than 90 days",
			Advice: "the root user or an administrator can",
			Fix:    create + "\naws configure\n" + deactivate,
		},
		{
			Name:  "an hour over the limit",
			Facts: []facts.Given{keys(key(first, 90*day+time.Hour)), used(first, day)},
			Want:  checks.Fail, Found: "90 days and 1 hour ago: older than 90 days",
		},
		{
			Name:  "hours over the limit",
			Facts: []facts.Given{keys(key(first, 91*day-time.Second)), used(first, day)},
			Want:  checks.Fail, Found: "90 days and 23 hours ago: older than 90 days",
		},
		{
			Name:  "a day over the limit",
			Facts: []facts.Given{keys(key(first, 91*day)), used(first, day)},
			Want:  checks.Fail, Found: "91 days ago: older than 90 days",
		},
		{
			Name: "the lab's own limit", Params: map[string]any{"max-age-days": 1},
			Facts: []facts.Given{keys(key(first, 2*day))},
			Want:  checks.Fail, Found: "2 days ago: older than 1 day", Expected: "at most 1 day old",
		},
		{
			Name:  "an old key beside the new one that this run uses",
			Facts: []facts.Given{keys(key(first, 120*day), key(second, day, inUse)), used(first, 2*day)},
			Want:  checks.Fail, Advice: "2 keys are active: end the older one", Fix: deactivate,
		},
		{
			Name:  "an old key that this run uses beside a new one",
			Facts: []facts.Given{keys(key(first, 120*day, inUse), key(second, day))},
			Want:  checks.Fail, Found: "(this run uses it)", Fix: "aws configure\n" + deactivate,
		},
		{
			Name:  "two old keys leave no place for a new one",
			Facts: []facts.Given{keys(key(first, 120*day, inUse), key(second, 100*day)), unused(second)},
			Want:  checks.Fail, Fix: remove + "\n" + create + "\naws configure\n" + deactivate,
		},
		{
			Name:  "an inactive key takes the place of a new one",
			Facts: []facts.Given{keys(key(first, 120*day, inUse), key(second, 400*day, inactive))},
			Want:  checks.Fail, Fix: remove + "\n" + create,
		},
		{
			Name: "an inactive key is never too old", Facts: []facts.Given{keys(key(first, 400*day, inactive))},
			Want: checks.Pass, Found: "inactive, made on", Advice: "delete the inactive key",
		},
		{
			Name: "two young keys", Facts: []facts.Given{keys(key(first, day), key(second, 2*day))},
			Want: checks.Pass, Advice: "2 keys are active",
		},
		{
			Name: "never used", Facts: []facts.Given{keys(key(first, 46*day)), unused(first)},
			Want: checks.Pass, Advice: "never used in 46 days",
		},
		{
			Name: "unused for 45 days", Facts: []facts.Given{keys(key(first, 80*day)), used(first, 45*day)},
			Want: checks.Pass, Advice: "last used 45 days ago",
		},
		{
			Name: "more keys than there can be", Facts: []facts.Given{keys(make([]account.AccessKey, 1001)...)},
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "a status that nobody knows", Facts: []facts.Given{keys(key(first, day, expired))},
			Want: checks.Unknown, Reason: facts.Unsupported,
		},
	}
	checktest.Run(t, iam.AccessKeyAge, append(cases, aboutIAMUsersOnly()...))
}

// TestAccessKeyUseIsNoAdvice looks at what a table of parts cannot: that nothing is said.
func TestAccessKeyUseIsNoAdvice(t *testing.T) {
	for name, given := range map[string][]facts.Given{
		"used 44 days ago": {
			account.AccessKeyLastUsed.Given(
				account.LastUsedKey{ID: first}, account.LastUsed{At: new(checktest.Now.Add(-45*day + 1))},
			),
		},
		"its use is not known": {
			account.AccessKeyLastUsed.GivenError(account.LastUsedKey{ID: first}, facts.Errorf(facts.AccessDenied, "denied")),
		},
	} {
		keys := []account.AccessKey{key(first, 80*day)}
		given = append(given, account.AccessKeys.Given(account.UserKey{User: "alice"}, keys))
		result := checktest.Look(t, iam.AccessKeyAge, checktest.Case{Facts: given})
		require.Empty(t, result.Findings[0].Advice, name)
	}
}

func TestKeyAgeLimits(t *testing.T) {
	for value, good := range map[string]bool{"0": false, "1": true, "3650": true, "3651": false, `"90"`: false} {
		_, err := iam.AccessKeyAge.Bind(map[string]json.RawMessage{"max-age-days": json.RawMessage(value)})
		var wrong *checks.ParamError
		if good {
			require.NoError(t, err, value)
		} else {
			require.ErrorAs(t, err, &wrong, value)
		}
	}
}

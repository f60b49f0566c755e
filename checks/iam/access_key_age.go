package iam

import (
	"fmt"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// KeyAgeParams limit how old an active access key may be.
type KeyAgeParams struct {
	MaxAgeDays int `json:"max-age-days" help:"the oldest that an active access key may be, in days (1 to 3650)"`
}

// Validate implements checks.Validator.
func (p KeyAgeParams) Validate() error {
	if p.MaxAgeDays < 1 || p.MaxAgeDays > 3650 {
		return &checks.ParamError{Name: "max-age-days", Problem: fmt.Sprintf("is %d; 1 to 3650 days are possible", p.MaxAgeDays)}
	}
	return nil
}

// AccessKeyAge passes when no active access key of the caller's IAM user is older than the limit. Exactly the limit
// passes, and so does a user without keys, which is the best answer. That a key is unused, or that two are active, is
// advice. CIS AWS Foundations v5 1.13, 1.11 and 1.12.
var AccessKeyAge = checks.New(checks.Spec[KeyAgeParams]{
	ID:       "iam-access-key-age",
	Title:    "Active access keys are replaced in time",
	Why:      "An access key works until somebody ends it: the older it is, the more places it may have leaked to.",
	Verify:   "aws iam list-access-keys --user-name USER",
	Reads:    []facts.Source{account.AccessKeys},
	Extra:    []facts.Source{account.AccessKeyLastUsed},
	Defaults: KeyAgeParams{MaxAgeDays: 90},
	Skip:     noIAMUser,
	Run:      accessKeyAge,
	Fix:      replaceOldKey,
})

func accessKeyAge(v *facts.View, p KeyAgeParams) (checks.Result, error) {
	expected := fmt.Sprintf("every active access key is at most %s old", checks.Count(p.MaxAgeDays, "day"))
	user, err := iamUser(v.Site())
	if err != nil {
		return unknownUser(expected, err), nil
	}
	f := checks.Finding{
		Subject: "IAM user " + user, LookedAt: "access keys of IAM user " + user, Expected: expected,
	}
	keys, err := account.AccessKeys.Get(v, account.UserKey{User: user})
	if err != nil {
		return checks.Of(f.Unanswered(err)), nil
	}
	if len(keys) == 0 {
		f.Verdict, f.Found = checks.Pass, "0 access keys"
		return checks.Of(f), nil
	}
	f.LookedAt = checks.Count(len(keys), "access key") + " of IAM user " + user
	advice := adviseOnUse(v, keys)
	result := checks.Result{Known: knownOfKeys(keys, v.Now(), p)}
	for i, key := range keys {
		f.Subject, f.Advice = "access key "+key.ID.String(), advice[i]
		result.Findings = append(result.Findings, judgeAge(f, key, v.Now(), p))
	}
	return result, nil
}

// judgeAge fills in what one key is worth. Only an active key can be too old: an inactive one opens nothing.
func judgeAge(f checks.Finding, key account.AccessKey, now time.Time, p KeyAgeParams) checks.Finding {
	age := checks.Count(daysSince(key.Created, now), "day")
	made := fmt.Sprintf("made on %s, %s ago", key.Created.UTC().Format(time.DateOnly), age)
	switch key.Status {
	case account.AccessKeyInactive:
		f.Verdict, f.Found = checks.Pass, "inactive, "+made
	case account.AccessKeyActive:
		f.Verdict, f.Found = checks.Pass, "active, "+made
		if p.tooOld(key, now) {
			f.Verdict, f.Found = checks.Fail, f.Found+": older than "+checks.Count(p.MaxAgeDays, "day")
			f.Advice = checks.Join(f.Advice, byAdministrator)
		}
		if key.InUse {
			f.Found += " (this run uses it)"
		}
	default:
		err := facts.Errorf(facts.Unsupported, "its status is %q", key.Status)
		return f.Unanswered(err)
	}
	return f
}

func (p KeyAgeParams) tooOld(key account.AccessKey, now time.Time) bool {
	return now.Sub(key.Created) > time.Duration(p.MaxAgeDays)*day
}

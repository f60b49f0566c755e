package iam

import (
	"fmt"
	"slices"
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
		problem := fmt.Sprintf("is %d; 1 to 3650 days are possible", p.MaxAgeDays)
		return &checks.ParamError{Name: "max-age-days", Problem: problem}
	}
	return nil
}

// AccessKeyAge passes when no active access key of the caller's IAM user is older than the limit. Exactly the limit
// passes, and so does a user without keys, which is the best answer. That a key is unused, or that two are active, is
// advice. CIS AWS Foundations v5 1.13, 1.11 and 1.12.
var AccessKeyAge = checks.New(checks.Spec[KeyAgeParams]{
	ID:     "iam-access-key-age",
	Title:  "Active access keys are replaced in time",
	Why:    "An access key works until somebody ends it: the older it is, the more places it may have leaked to.",
	Verify: "aws iam list-access-keys --user-name USER",
	About:  checks.AboutCaller,
	Pages: checks.Pages{
		Docs:    "IAM/latest/UserGuide/id_credentials_access-keys.html",
		Console: "iam/home#/users",
	},
	Reads:    []facts.Source{account.AccessKeys},
	Extra:    []facts.Source{account.AccessKeyLastUsed},
	Defaults: KeyAgeParams{MaxAgeDays: 90},
	Skip:     noIAMUser,
	Run:      accessKeyAge,
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
		return checks.Of(f.Unknown(err)), nil
	}
	switch {
	case len(keys) == 0:
		return checks.Of(f.Pass("0 access keys")), nil
	case len(keys) > mostKeys:
		return checks.Of(f.Unknown(facts.Errorf(facts.InvalidResponse,
			"IAM lists %d access keys of one user, who can have %d", len(keys), maxKeys))), nil
	}
	f.LookedAt = checks.Count(len(keys), "access key") + " of IAM user " + user
	advice := adviseOnUse(v, keys)
	result := checks.Result{Fix: replaceOldKey(v, keys, p)}
	for i, key := range keys {
		f.Subject, f.Advice = "access key "+key.ID.String(), advice[i]
		result.Findings = append(result.Findings, judgeAge(f, key, v.Now(), p))
	}
	return result, nil
}

// judgeAge judges one key. Only an active key can be too old: an inactive one opens nothing.
func judgeAge(f checks.Finding, key account.AccessKey, now time.Time, p KeyAgeParams) checks.Finding {
	made := fmt.Sprintf("made on %s, %s ago", key.Created.UTC().Format(time.DateOnly), p.age(key, now))
	switch key.Status {
	case account.AccessKeyInactive:
		return f.Pass("inactive, " + made)
	case account.AccessKeyActive:
		inUse := ""
		if key.InUse {
			inUse = " (this run uses it)"
		}
		if p.tooOld(key, now) {
			f.Advice = checks.Join(f.Advice, byAdministrator)
			return f.Fail("active, " + made + ": older than " + checks.Count(p.MaxAgeDays, "day") + inUse)
		}
		return f.Pass("active, " + made + inUse)
	default:
		return f.Unknown(facts.Errorf(facts.Unsupported, "its status is %q", key.Status))
	}
}

// age says how old a key is, in whole days; of a key that is just over the limit, with the hours that make it so.
func (p KeyAgeParams) age(key account.AccessKey, now time.Time) string {
	days := daysSince(key.Created, now)
	age := checks.Count(days, "day")
	if days != p.MaxAgeDays || !p.tooOld(key, now) {
		return age
	}
	if hours := int(now.Sub(key.Created) % day / time.Hour); hours > 0 {
		return age + " and " + checks.Count(hours, "hour")
	}
	return age + " and less than an hour"
}

func (p KeyAgeParams) tooOld(key account.AccessKey, now time.Time) bool {
	return now.Sub(key.Created) > time.Duration(p.MaxAgeDays)*day
}

// unusedDays is how long an active key may rest before ending it is advised: CIS AWS Foundations v5 1.11.
const unusedDays = 45

// adviseOnUse says for each key what is worth changing about its use. The last use is asked only where it can matter:
// of an active key that is old enough to have rested too long, and that this run does not use itself.
func adviseOnUse(v *facts.View, keys []account.AccessKey) []string {
	lastUses := make([]*facts.Pending[account.LastUsed], len(keys))
	active, oldest := 0, 0
	for i, key := range keys {
		if key.Status != account.AccessKeyActive {
			continue
		}
		if active == 0 || key.Created.Before(keys[oldest].Created) {
			oldest = i
		}
		active++
		if !key.InUse && daysSince(key.Created, v.Now()) >= unusedDays {
			lastUses[i] = account.AccessKeyLastUsed.Start(v, account.LastUsedKey{ID: key.ID})
		}
	}
	advice := make([]string, len(keys))
	for i, key := range keys {
		if key.Status == account.AccessKeyInactive {
			advice[i] = "delete the inactive key once nothing misses it"
		}
		if active > 1 && i == oldest {
			advice[i] = fmt.Sprintf("%d keys are active: end the older one once the newer one is in use", active)
		}
		if lastUses[i] != nil {
			advice[i] = checks.Join(advice[i], unused(key, lastUses[i], v.Now()))
		}
	}
	return advice
}

// unused says that a key has rested for too long, if its last use could be learned.
func unused(key account.AccessKey, pending *facts.Pending[account.LastUsed], now time.Time) string {
	last, err := pending.Get()
	switch {
	case err != nil:
		return ""
	case last.At == nil:
		return fmt.Sprintf("it was never used in %d days: end it if nothing needs it", daysSince(key.Created, now))
	case daysSince(*last.At, now) >= unusedDays:
		return fmt.Sprintf("it was last used %d days ago: end it if nothing needs it", daysSince(*last.At, now))
	}
	return ""
}

// maxKeys is how many access keys a user may have, inactive ones too:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxKeys = 2

// mostKeys is the longest list that is looked at: each key of it is a finding, and may be asked about.
const mostKeys = 1000

// replaceOldKey makes a new key before it ends the old one, so that nobody locks themselves out. Where a young key is
// there already, it is the new one.
func replaceOldKey(v *facts.View, keys []account.AccessKey, p KeyAgeParams) checks.Fix {
	user := userForFix(v.Site())
	command := func(operation string, more ...string) checks.Command {
		return checks.Sh(append([]string{"aws", "iam", operation, "--user-name", forCommand(user)}, more...)...)
	}
	young := slices.IndexFunc(keys, func(k account.AccessKey) bool {
		return k.Status == account.AccessKeyActive && !p.tooOld(k, v.Now())
	})
	fix := checks.Fix{Console: "IAM › Users › " + user + " › Security credentials › Access keys"}
	if young < 0 {
		if len(keys) >= maxKeys {
			fix.Commands = append(fix.Commands,
				command("delete-access-key", "--access-key-id", checks.PlaceholderSpareKey))
		}
		fix.Commands = append(fix.Commands, command("create-access-key"))
	}
	if young < 0 || !keys[young].InUse {
		fix.Commands = append(fix.Commands, checks.Sh("aws", "configure")) // it asks for the new key
	}
	fix.Commands = append(fix.Commands,
		command("update-access-key", "--access-key-id", checks.PlaceholderOldKey, "--status", "Inactive"))
	return fix
}

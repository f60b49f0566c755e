package iam

import (
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
)

// maxKeys is how many access keys a user may have, inactive ones too:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxKeys = 2

// What the fix has to know of the keys.
const (
	knownSuccessor = "successor" // "made": an active key that is young enough is there; "in use": this run uses it
	knownFull      = "full"      // a new key has no place before one is deleted
)

func knownOfKeys(keys []account.AccessKey, now time.Time, p KeyAgeParams) map[string]string {
	known := map[string]string{}
	isSuccessor := func(k account.AccessKey) bool { return k.Status == account.AccessKeyActive && !p.tooOld(k, now) }
	if i := slices.IndexFunc(keys, isSuccessor); i >= 0 {
		known[knownSuccessor] = "made"
		if keys[i].InUse {
			known[knownSuccessor] = "in use"
		}
	}
	if len(keys) >= maxKeys {
		known[knownFull] = "yes"
	}
	return known
}

// replaceOldKey makes a new key before it ends the old one, so that nobody locks themselves out.
func replaceOldKey(s checks.Site, _ KeyAgeParams, r checks.Result) checks.Fix {
	user := forCommand(userForFix(s))
	of := func(operation string, more ...string) checks.Command {
		return checks.Sh(append([]string{"aws", "iam", operation, "--user-name", user}, more...)...)
	}
	fix := checks.Fix{Console: "IAM › Users › " + userForFix(s) + " › Security credentials › Access keys"}
	if r.Known[knownSuccessor] == "" {
		if r.Known[knownFull] != "" {
			fix.Commands = append(fix.Commands, of("delete-access-key", "--access-key-id", checks.PlaceholderSpareKey))
		}
		fix.Commands = append(fix.Commands, of("create-access-key"))
	}
	if r.Known[knownSuccessor] != "in use" {
		fix.Commands = append(fix.Commands, checks.Sh("aws", "configure")) // it asks for the new key
	}
	fix.Commands = append(fix.Commands,
		of("update-access-key", "--access-key-id", checks.PlaceholderOldKey, "--status", "Inactive"))
	return fix
}

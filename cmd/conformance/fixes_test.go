//go:build conformance

package conformance

import (
	"fmt"
	"strings"
)

// placeholders are what a person writes in place of the words that a printed command has for what labcheck cannot know.
func placeholders(oldKey string) *strings.Replacer {
	return strings.NewReplacer(
		"YOU@EXAMPLE.COM", "alice@mail.internal",
		"YOUR_USER_NAME", "alice",
		"FIRST_MFA_CODE", "123456",
		"SECOND_MFA_CODE", "654321",
		"LOCAL_IMAGE", "docker-api:latest",
		"OLD_ACCESS_KEY_ID", oldKey,
		"SPARE_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE",
	)
}

// committedKey is the access key that is on the list of the keys to be removed from the repository.
const committedKey = "$(head -n 1 ../keys-to-remove.txt)"

// unprovenFixes are the steps whose printed commands cannot be shown to turn them green, with the reason: those that
// have none, and those whose effect the emulator cannot represent.
func unprovenFixes() map[string]string {
	return map[string]string{
		"iam-root-mfa":            "fixed in the console alone",
		"iam-root-no-access-keys": "fixed in the console alone",
		"iam-caller-not-root":     "the emulator's caller is never the root user",
		"iam-access-key-age":      "the emulator's keys are new",
		"ecr-scan-on-push":        "typed; the emulator keeps it, and does not tell what then holds for the repository",
		"ecr-storage":             "the emulator's images were pushed now, so that none is old enough to go",
		"logs-storage":            "the emulator's log groups hold what they were sent",
		"billing-alarm":           "typed; the emulator keeps the budget, and does not tell whom it tells",
	}
}

// broken holds a printed fix to its promise: its own step is green unless that cannot be shown, and no other step is
// worse than before.
func broken(fixed string, before, after *report) []string {
	var list []string
	if _, unproven := unprovenFixes()[fixed]; !unproven && after.step(fixed).Verdict != "pass" {
		list = append(list, fixed+" is not green after its fix")
	}
	return append(list, worse(fixed, before, after)...)
}

// worse lists the steps that a fix took something from.
func worse(fixed string, before, after *report) []string {
	var list []string
	for i, g := range after.Steps {
		was := before.Steps[i]
		lost := was.Verdict == "skipped" && g.Verdict != "skipped" && g.Verdict != "pass"
		if g.Earned < was.Earned || lost {
			list = append(list, fmt.Sprintf("%s was %q and is %q after the fix of %s", g.ID, was.said(), g.said(), fixed))
		}
	}
	return list
}

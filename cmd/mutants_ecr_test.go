package cmd

import (
	"fmt"
	"maps"
)

// ecrMutants are about the repository and what is in it.
func ecrMutants() []mutant {
	const repositories, scanning = atRegion + "/ecr/repositories", atRegion + "/ecr/scanning"
	list := []mutant{
		{"no repository", set(repositories, `[]`), noRepository()},
		{"a push of docker-api with a modifier of zsh", text(atRepository+"/name", "docker-apiatest"), noRepository()},
		{"the repository in a namespace", text(atRepository+"/name", "labs/docker-api"), noRepository()},
		{"the repository with another letter", text(atRepository+"/name", "docker-apis"), noRepository()},
		{"the repository in another Region", all(
			set("/regions/eu-west-1", `{"ecr": {"repositories": []}}`), move(atRepository, "/regions/eu-west-1/ecr/repositories/-"),
		), noRepository()},
		{"a stray repository beside the right one", set(repositories+"/-", `{"name": "docker-apiatest", "created": "-200h"}`), nil},
		{"another repository with everything wrong", set(repositories+"/-", `{"name": "base", "created": "-200h", "images": [
			{"tags": ["latest"], "pushed": "-1h", "size": 900000000, "scan": {"status": "COMPLETE", "counts": {"CRITICAL": 9}}}]}`), nil},
		{"tags that cannot be moved", text(atRepository+"/tagMutability", "IMMUTABLE"), nil},

		{"scan on push off", set(atRepository+"/scanOnPush", `false`), changes{"ecr-scan-on-push": "fail"}},
	}
	for _, r := range []struct {
		name, registry string
		own            bool // the repository's own setting
		verdict        string
	}{
		{"a rule of the registry scans", rule("BASIC", "SCAN_ON_PUSH", "docker-*"), false, "pass"},
		{"a rule of the registry scans another repository", rule("BASIC", "SCAN_ON_PUSH", "base-*"), false, "fail"},
		{"a rule of the registry for manual scans", rule("BASIC", "MANUAL", "*"), true, "fail"},
		{"enhanced scanning without a rule", `{"type": "ENHANCED"}`, true, "fail"},
		{"enhanced scanning on push", rule("ENHANCED", "SCAN_ON_PUSH", "*"), false, "pass"},
		{"enhanced scanning all the time", rule("ENHANCED", "CONTINUOUS_SCAN", "*"), false, "pass"},
	} {
		m := mutant{name: r.name, edit: all(set(atRepository+"/scanOnPush", fmt.Sprint(r.own)), set(scanning, r.registry))}
		if r.verdict != "pass" {
			m.changes = changes{"ecr-scan-on-push": r.verdict}
		}
		list = append(list, m)
	}
	list = append(list, imageMutants()...)
	list = append(list, scanMutants()...)
	return append(list, lifecycleMutants()...)
}

// rule is a registry's configuration with one rule.
func rule(kind, frequency, filter string) string {
	return fmt.Sprintf(`{"type": %q, "rules": [{"frequency": %q, "filters": [{"filter": %q, "type": "WILDCARD"}]}]}`,
		kind, frequency, filter)
}

func noRepository() changes {
	const blocked = "blocked by ecr-repository"
	return changes{
		"ecr-repository": "fail", "ecr-image": blocked, "ecr-scan-on-push": blocked, "ecr-no-critical-findings": blocked,
		"ecr-lifecycle-policy": blocked, "ecr-storage": blocked,
	}
}

// noImage is without the tag; with says what else changes.
func noImage(with changes) changes {
	c := changes{"ecr-image": "fail", "ecr-no-critical-findings": "blocked by ecr-image"}
	maps.Copy(c, with)
	return c
}

// imageMutants are about the images and their tags.
func imageMutants() []mutant {
	const images = atRepository + "/images"
	tags := func(list string) edit { return set(atImage+"/tags", list) }
	push := func(description string) edit { return set(images+"/-", description) }
	storage := changes{"ecr-storage": "fail"}
	return []mutant{
		{"no image", set(images, `[]`), noImage(changes{"ecr-storage": "blocked by ecr-image"})},
		{"the tag removed", tags(`[]`), noImage(nil)},
		{"another tag", tags(`["v1"]`), noImage(nil)},
		{"the tag in capital letters", tags(`["LATEST"]`), noImage(nil)},
		{"a second tag", tags(`["v1", "latest"]`), nil},
		{"the image in the stray repository", all(
			tags(`[]`), set(atRegion+"/ecr/repositories/-", `{"name": "docker-apiatest", "created": "-200h",
				"images": [{"tags": ["latest"], "pushed": "-2h", "size": 190000000}]}`),
		), noImage(nil)},
		{"the tag moved to an image that was never scanned", all(
			tags(`[]`), push(`{"tags": ["latest"], "pushed": "-2h", "size": 1000}`),
		), changes{"ecr-no-critical-findings": "fail"}},
		{"the tag moved to an image with a critical finding", all(
			tags(`[]`), push(`{"tags": ["latest"], "pushed": "-2h", "size": 1000,
				"scan": {"status": "COMPLETE", "counts": {"CRITICAL": 1}}}`),
		), changes{"ecr-no-critical-findings": "fail"}},
		{"a critical finding under another tag", push(`{"tags": ["old"], "pushed": "-90h", "size": 1000,
			"scan": {"status": "COMPLETE", "counts": {"CRITICAL": 1}}}`), nil},
		{"the image archived", text(atImage+"/status", "ARCHIVED"), nil},
		{
			"the image on its way back from the archive", text(atImage+"/status", "ACTIVATING"),
			changes{"ecr-image": "unknown not_yet_consistent"},
		},
		// Nobody can ask for images of a status that is not known.
		{"the image with an unknown status", text(atImage+"/status", "HIBERNATED"), changes{
			"ecr-image": "unknown unsupported", "ecr-storage": "unknown unsupported",
		}},
		{"one platform without an index", all(set(atImage+"/attestation", `false`)), nil},
		{"an image for arm64 only", set(atImage+"/platforms", `["linux/arm64/v8"]`), nil},
		{"images for two platforms", set(atImage+"/platforms", `["linux/amd64", "linux/arm64/v8"]`), nil},

		{"an image over the limit", set(atImage+"/size", `600000000`), storage},
		{"two platforms over the limit", all(
			set(atImage+"/platforms", `["linux/amd64", "linux/arm64/v8"]`), set(atImage+"/size", `260000000`),
		), storage},
		{"old images over the limit", push(`{"pushed": "-200h", "size": 400000000}`), storage},
		{"archived images over the limit", push(`{"pushed": "-200h", "size": 400000000, "status": "ARCHIVED"}`), storage},
		{"an old image within the limit", push(`{"pushed": "-200h", "size": 200000000}`), nil},
	}
}

// scanMutants are about the result of the scan.
func scanMutants() []mutant {
	const scan = atImage + "/scan"
	list := []mutant{
		{"never scanned", drop(scan), changes{"ecr-no-critical-findings": "fail"}},
		{
			"pushed a moment ago and not scanned yet", all(drop(scan), text(atImage+"/pushed", "-2m")),
			changes{"ecr-no-critical-findings": "unknown not_yet_consistent"},
		},
		{"pushed a moment ago with scanning off", all(
			drop(scan), text(atImage+"/pushed", "-2m"), set(atRepository+"/scanOnPush", `false`),
		), changes{"ecr-no-critical-findings": "fail", "ecr-scan-on-push": "fail"}},
		{"a scan without any finding", set(scan+"/counts", `{}`), nil},
		{"a critical finding", set(scan+"/counts/CRITICAL", `1`), changes{"ecr-no-critical-findings": "fail"}},
		{"a finding of high severity", set(scan+"/counts/HIGH", `1`), nil},
		{"an old scan", all(text(atImage+"/pushed", "-960h")), nil},
	}
	for status, verdict := range map[string]string{
		"IN_PROGRESS":              "unknown not_yet_consistent",
		"PENDING":                  "unknown not_yet_consistent",
		"FAILED":                   "unknown unsupported",
		"UNSUPPORTED_IMAGE":        "unknown unsupported",
		"SCAN_ELIGIBILITY_EXPIRED": "unknown unsupported",
		"FINDINGS_UNAVAILABLE":     "unknown unsupported",
		"LIMIT_EXCEEDED":           "unknown unsupported",
		"IMAGE_ARCHIVED":           "unknown unsupported",
		"POSTPONED":                "unknown unsupported", // AWS may add values
	} {
		list = append(list, mutant{"a scan " + status, text(scan+"/status", status), changes{"ecr-no-critical-findings": verdict}})
	}
	return list
}

// lifecycleMutants are about the lifecycle policy.
func lifecycleMutants() []mutant {
	const policy = atRepository + "/lifecyclePolicy"
	const selection, action = policy + "/rules/0/selection", policy + "/rules/0/action"
	fail, strange := changes{"ecr-lifecycle-policy": "fail"}, changes{"ecr-lifecycle-policy": "unknown unsupported"}
	garbled := changes{"ecr-lifecycle-policy": "unknown invalid_response"}
	archive := `{"rulePriority": 2, "selection": {"tagStatus": "any", "countType": "sinceImagePulled", "countUnit": "days",
		"countNumber": 30}, "action": {"type": "transition", "targetStorageClass": "archive"}}`
	return []mutant{
		{"no lifecycle policy", drop(policy), fail},
		{"a rule that only archives", set(action, `{"type": "transition", "targetStorageClass": "archive"}`), fail},
		{"a second rule that archives", set(policy+"/rules/-", archive), nil},
		{"a rule for tags that no image has", set(selection, `{"tagStatus": "tagged", "tagPrefixList": ["release"],
			"countType": "imageCountMoreThan", "countNumber": 3}`), nil},
		{"a rule for the image's tag", set(selection, `{"tagStatus": "tagged", "tagPatternList": ["lat*"],
			"countType": "imageCountMoreThan", "countNumber": 3}`), nil},
		{"a rule for every image", set(selection, `{"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}`), nil},
		{"a rule with an unknown action", text(action+"/type", "freeze"), strange},
		{"a rule with an unknown selection", text(selection+"/tagStatus", "signed"), strange},
		{"a policy that is a list", set(policy, `[]`), garbled},
		{"a policy that is a text", set(policy, `"expire everything"`), garbled},
		{"a policy without rules", set(policy+"/rules", `[]`), fail},
	}
}

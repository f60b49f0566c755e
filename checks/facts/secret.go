package facts

import "regexp"

// Hidden stands where a secret was.
const Hidden = "(hidden)"

// likeSecret is any long run of the alphabets that keys and tokens are written in.
var likeSecret = regexp.MustCompile(`(?:AKIA|ASIA)[A-Za-z0-9]{12,}|[A-Za-z0-9/+_=]{40,}`)

// HideSecrets hides what looks like a key or a token in a setting that may be shown, such as a profile's name: a person
// who pastes a key at the wrong prompt must not find it in a report. A long path looks like one too: give it folder by
// folder.
func HideSecrets(setting string) string { return likeSecret.ReplaceAllString(setting, Hidden) }

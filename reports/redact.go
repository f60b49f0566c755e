package reports

import (
	"regexp"
	"strings"
)

// What stands in the place of what is masked. The words are safe to paste into a shell.
const (
	maskedAccount = "ACCOUNT_ID"
	maskedPerson  = "MASKED"
	maskedKey     = "MASKED"
)

var (
	// anyAccount finds a number that stands alone and is as long as an account id.
	anyAccount = regexp.MustCompile(`(^|[^0-9A-Za-z-])[0-9]{12}($|[^0-9A-Za-z])`)
	// uniqueID finds the ids of IAM: the account id can be computed from them.
	uniqueID = regexp.MustCompile(`\b(AKIA|ASIA|AIDA|AROA|AGPA|ANPA|AIPA)[0-9A-Z]{12,}\b`)
	// learnerLab finds the session name that AWS Academy gives a learner: a number, "=", a name or an e-mail.
	learnerLab = regexp.MustCompile(`:assumed-role/voclabs/([^=/]*=)(.+)$`)
)

// Redact returns the report without what its owner did not choose to show. The name in the caller's session of a
// Learner Lab, an e-mail as a rule, is masked everywhere unless the report names a student. With maskAccount every
// account id is masked, also within ARNs, commands, registry hosts and the ids that hold it. The report itself is left
// as it is.
func Redact(r *Report, maskAccount bool) *Report {
	return r.rewrite(func(text string) string {
		if r.Student == "" {
			text = maskSession(text, r.Target.Caller)
		}
		if maskAccount {
			text = maskAccounts(text, r.Target.Account)
		}
		return text
	})
}

// maskSession masks the name in the caller's session. A name that is no e-mail is masked only behind its number:
// on its own it may be a part of any word.
func maskSession(text, caller string) string {
	m := learnerLab.FindStringSubmatch(caller)
	if m == nil {
		return text
	}
	number, name := m[1], m[2]
	text = strings.ReplaceAll(text, number+name, number+maskedPerson)
	if strings.Contains(name, "@") {
		text = strings.ReplaceAll(text, name, maskedPerson)
	}
	return text
}

func maskAccounts(text, own string) string {
	text = uniqueID.ReplaceAllString(text, "${1}"+maskedKey)
	if own != "" {
		text = replaceNumber(text, own, maskedAccount)
	}
	// Neighbours share the character between them, so one pass may leave every second one.
	for range 2 {
		text = anyAccount.ReplaceAllString(text, "${1}"+maskedAccount+"${2}")
	}
	return text
}

// replaceNumber replaces a number wherever it is not a part of a longer one.
func replaceNumber(text, number, with string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, number)
		if i < 0 {
			break
		}
		end := i + len(number)
		if (i > 0 && isDigit(text[i-1])) || (end < len(text) && isDigit(text[end])) {
			b.WriteString(text[:i+1])
			text = text[i+1:]
			continue
		}
		b.WriteString(text[:i] + with)
		text = text[end:]
	}
	return b.String() + text
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

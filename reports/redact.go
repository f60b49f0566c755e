package reports

import (
	"fmt"
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
	// digits finds whole numbers.
	digits = regexp.MustCompile(`[0-9]+`)
	// uniqueID finds the ids of IAM: the account id can be computed from them.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
	// Of an access key the head alone is enough for that: see facts.KeyHead.
	uniqueID = regexp.MustCompile(`\b(ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|APKA|AROA|ASCA|ASIA)[0-9A-Z]{9,}\b`)
	// learnerLab finds the session name that AWS Academy gives a learner: a number, "=", a name or an e-mail.
	learnerLab = regexp.MustCompile(`:assumed-role/voclabs/([^=/]*=)(.+)$`)
)

// Redact returns the report without what its owner did not choose to show. The name in the caller's session of a
// Learner Lab, an e-mail as a rule, is masked everywhere unless the report names a student. With maskAccount every
// account id is masked, also within ARNs, commands, registry hosts and the ids that hold it. The facts stay such that
// they can be graded again with the same verdicts. The report itself is left as it is.
func Redact(r *Report, maskAccount bool) *Report {
	session := strings.NewReplacer()
	if r.Student == "" {
		session = sessionMask(r.Target.Caller)
	}
	redaction := func(own string, standIn func(string) string) func(string) string {
		return func(text string) string {
			text = session.Replace(text)
			if maskAccount {
				text = maskAccounts(text, own, standIn)
			}
			return text
		}
	}
	visible := *r
	visible.Facts = nil
	c := visible.rewrite(redaction(r.Target.Account, placeholder))
	if r.Facts != nil {
		own := r.Facts.Site.Account
		c.Facts = rewrite(r.Facts, redaction(own, lookalikes(own)))
	}
	return c
}

// Masked says whether the accounts in the report are masked.
func (r *Report) Masked() bool { return r.Target.Account == maskedAccount }

// sessionMask masks the name in the caller's session. A name that is no e-mail is masked only behind its number:
// on its own it may be a part of any word.
func sessionMask(caller string) *strings.Replacer {
	m := learnerLab.FindStringSubmatch(caller)
	if m == nil {
		return strings.NewReplacer()
	}
	number, name := m[1], m[2]
	masks := []string{number + name, number + maskedPerson}
	if strings.Contains(name, "@") {
		masks = append(masks, name, maskedPerson)
	}
	return strings.NewReplacer(masks...)
}

// placeholder is what stands for an account or an id where people read.
func placeholder(masked string) string {
	if isLetter(masked[0]) {
		return masked[:idPrefix] + maskedKey
	}
	return maskedAccount
}

// lookalikes makes up what stands for accounts and ids in facts: checks take them for real ones, the same thing is the
// same everywhere, and two things stay two. The own account is all zeros.
func lookalikes(own string) func(string) string {
	names, count := map[string]string{}, map[string]int{}
	name := func(masked string) string {
		if _, known := names[masked]; !known {
			kind, format := "", "%012d"
			if isLetter(masked[0]) {
				kind = masked[:idPrefix]
				format = kind + maskedKey + "%010d"
			}
			names[masked] = fmt.Sprintf(format, count[kind])
			count[kind]++
		}
		return names[masked]
	}
	if own != "" && digits.FindString(own) == own {
		name(own)
	}
	return name
}

// maskAccounts masks the own account wherever it is not a part of a longer number, and every number that stands alone
// and is as long as an account id.
func maskAccounts(text, own string, standIn func(string) string) string {
	text = uniqueID.ReplaceAllStringFunc(text, standIn)
	var b strings.Builder
	end := 0
	for _, span := range digits.FindAllStringIndex(text, -1) {
		number := text[span[0]:span[1]]
		if number == own || len(number) == accountDigits && standsAlone(text, span[0], span[1]) {
			b.WriteString(text[end:span[0]] + standIn(number))
			end = span[1]
		}
	}
	return b.String() + text[end:]
}

// idPrefix is how long the part of an id is that says what kind it is.
const idPrefix = 4

// accountDigits is how long the id of an account is.
const accountDigits = 12

// standsAlone says whether a number is no part of a word; a UUID may end in twelve digits.
func standsAlone(text string, from, to int) bool {
	return (from == 0 || text[from-1] != '-' && !isLetter(text[from-1])) && (to == len(text) || !isLetter(text[to]))
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

package iam

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
)

// shareOfAdministrator is what AWS's AdministratorAccess on the daily user is worth, in percent.
const shareOfAdministrator = 50

// judge says what one policy means, and which of its rights are wide without being everything.
func judge(f checks.Finding, p permission, s checks.Site) (finding checks.Finding, wide []string) {
	if p.document == nil {
		return judgeAWSPolicy(f, p, s)
	}
	document, err := p.document.Get()
	if err != nil {
		f.Subject = p.String()
		return f.Unanswered(err), nil
	}
	g := grantsOf(document)
	if g.everything {
		f.Verdict, f.Found = checks.Fail, p.String()+" allows every action on every resource"
		return f, nil
	}
	for _, right := range g.wide {
		wide = append(wide, p.String()+" allows "+right)
	}
	f.Verdict = checks.Pass
	return f, wide
}

// judgeAWSPolicy knows a policy of AWS by its ARN: its name alone could be anybody's.
func judgeAWSPolicy(f checks.Finding, p permission, s checks.Site) (finding checks.Finding, wide []string) {
	f.Verdict = checks.Pass
	switch {
	case isQuarantine(p, s):
		f.Verdict = checks.Fail
		f.Found = p.String() + " is attached by AWS: an access key of this user was found in public"
		f.Expected = "no access key in public"
	case p.arn == s.ManagedPolicyARN("AdministratorAccess"):
		f.Verdict, f.Share = checks.Partial, shareOfAdministrator
		f.Found = p.String() + " allows every action on every resource"
	case p.arn == s.ManagedPolicyARN("IAMFullAccess"):
		wide = append(wide, p.String()+" allows every action of iam on every resource, which is the way to every other right")
	}
	return f, wide
}

// isQuarantine says whether AWS itself has locked the user up, in any version of its policy:
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
func isQuarantine(p permission, s checks.Site) bool {
	return strings.HasPrefix(p.arn, s.ManagedPolicyARN("AWSCompromisedKeyQuarantine"))
}

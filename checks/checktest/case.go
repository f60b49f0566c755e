// Package checktest tests a check with a table of cases, each of literal facts. For every case it adds by itself the
// cases in which a fact could not be learned, and holds the check to the laws: a failure to look never becomes a
// verdict about the student.
//
//	func TestRepository(t *testing.T) {
//		checktest.Run(t, ecr.Repository, []checktest.Case{
//			{Name: "it is there", Facts: []facts.Given{…}, Want: checks.Pass, Found: "exists"},
//			{Name: "it is not", Facts: []facts.Given{…}, Want: checks.Fail, Fix: "create-repository"},
//		})
//	}
//
// The design's third law wants each deciding read to turn a pass case into unknown. A read that is asked only when the
// check does not pass, to tell "not yet" from "never", cannot do that; here it proves that it decides by turning a fail
// case into unknown. Otherwise such a question would have to hide inside another read, and be asked twice.
//
// The design's first law speaks of one call of Run for each topic, with the cases of all its checks. Here there is one
// for each check, in the test file beside the check's own: a new check is two files and a line in its topic's Checks.
package checktest

import (
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// Now is the moment at which every case runs.
var Now = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// Account and Region are where every site of this package is.
const (
	Account = "123456789012"
	Region  = "us-east-1"
)

// Case is one situation and what the check must say of it.
type Case struct {
	Name string // the situation
	Site facts.Site
	// Params are laid over the check's defaults.
	Params map[string]any
	// Facts are all the answers that the check may ask for; asking for another one fails the test.
	Facts []facts.Given

	Want   checks.Verdict
	Share  int          // of a partial
	Reason facts.Reason // of an unknown
	// Found, Expected, NearMiss and Advice are parts of texts that some finding must hold.
	Found, Expected, NearMiss, Advice string
	// Fix is a part of the commands of the fix, as they are printed, joined by newlines.
	Fix string
}

// site is where the case looks.
func (c Case) site() facts.Site {
	if c.Site.Account == "" {
		return Alice()
	}
	return c.Site
}

// Alice is an IAM user: the site of a case that names none.
func Alice() facts.Site { return siteOf("arn:aws:iam::"+Account+":user/alice", "AIDAEXAMPLE") }

// Root is the account's root user.
func Root() facts.Site { return siteOf("arn:aws:iam::"+Account+":root", Account) }

// Role is a role that somebody assumed.
func Role() facts.Site {
	return siteOf("arn:aws:sts::"+Account+":assumed-role/deployer/session", "AROAEXAMPLE:session")
}

// IdentityCenter is a user of IAM Identity Center.
func IdentityCenter() facts.Site {
	const role = "AWSReservedSSO_PowerUserAccess_0123456789abcdef"
	return siteOf("arn:aws:sts::"+Account+":assumed-role/"+role+"/jo", "AROAEXAMPLE:jo")
}

// LearnerLab is a student of an AWS Academy Learner Lab.
func LearnerLab() facts.Site {
	return siteOf("arn:aws:sts::"+Account+":assumed-role/voclabs/user123=jo@example.com", "AROAEXAMPLE:user123")
}

func siteOf(arn, userID string) facts.Site { return facts.ParseSite(Account, arn, userID, Region) }

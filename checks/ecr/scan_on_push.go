package ecr

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// ScanOnPush passes when the repository's images are scanned as they are pushed. What governs is the registry's
// configuration and, under it, the repository's setting: ECR is asked for the effective answer.
//
// Where that is denied, the repository's own setting can prove that scanning is on if the registry lets it count. It
// never proves that scanning is off: a rule of the registry may cover the repository.
var ScanOnPush = checks.New(checks.Spec[RepositoryParams]{
	ID:     "ecr-scan-on-push",
	Title:  "Images are scanned when they are pushed",
	Why:    "Scanning finds known vulnerabilities before the image runs anywhere.",
	Verify: "aws ecr batch-get-repository-scanning-configuration --repository-names REPOSITORY --region REGION",
	Reads:  []facts.Source{account.RepositoryScanning, account.ECRRepository, account.RegistryScanning},
	Run:    scansOnPush,
	Fix:    turnOnScanning,
})

// enhancedCosts is the advice for a lab that is meant to be free: https://aws.amazon.com/inspector/pricing/
const enhancedCosts = "enhanced scanning is Amazon Inspector, which costs money per image: basic scanning is free"

func scansOnPush(v *facts.View, p RepositoryParams) (checks.Result, error) {
	s := v.Site()
	key := account.RepositoryKey{Region: s.Region, Repository: p.Repository}
	f := checks.Finding{
		Subject:  repositorySubject(p.Repository),
		LookedAt: "the scanning configuration of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: "scan on push is on",
	}
	scanning, err := account.RepositoryScanning.Get(v, key)
	switch {
	case err != nil:
		return scansByOwnSetting(v, key, f, err), nil
	case !scanning.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected), nil
	case scanning.On():
		f.Verdict, f.Found = checks.Pass, "scan on push is on"
		if scanning.Frequency == account.ContinuousScan {
			f.Found = "scan on push is on and images are scanned again continuously"
			f.Advice = enhancedCosts
		}
		return checks.Of(f), nil
	case scanning.Frequency == account.ManualScan:
		return notScanned(v, f, scanning.RuleApplies), nil
	}
	f.Reason = facts.Unsupported
	f.Detail = fmt.Sprintf("the scan frequency is %q, which is not known here", scanning.Frequency)
	return checks.Of(f), nil
}

func notScanned(v *facts.View, f checks.Finding, ruleApplies bool) checks.Result {
	f.Verdict, f.Found = checks.Fail, "scan on push is off"
	switch {
	case isEnhanced(v):
		f.Found += ": the registry has enhanced scanning and no rule that scans this repository"
		f.Advice = enhancedCosts
	case ruleApplies:
		f.Found += ": a rule of the registry leaves it to people"
		f.Advice = "put-registry-scanning-configuration replaces all rules of the registry: the console edits one"
	default:
		return checks.Of(f)
	}
	return checks.Result{Findings: []checks.Finding{f}, Known: map[string]string{byConsole: "yes"}}
}

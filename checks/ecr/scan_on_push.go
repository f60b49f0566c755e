package ecr

import (
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
	Pages: checks.Pages{
		Docs:    "AmazonECR/latest/userguide/image-scanning.html",
		Console: "ecr/private-registry/repositories?region=" + checks.PageRegion,
	},
	Reads: []facts.Source{account.RepositoryScanning, account.ECRRepository, account.RegistryScanning},
	Run:   scansOnPush,
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
	turnOn := checks.Fix{
		Commands: []checks.Command{
			ecrCommand(
				s, "put-image-scanning-configuration", p.Repository, "--image-scanning-configuration",
				"scanOnPush=true",
			),
		},
		Console: console(p.Repository, "Edit › Scan on push"),
	}
	scanning, err := account.RepositoryScanning.Get(v, key)
	switch {
	case err != nil:
		return scansByOwnSetting(v, key, f, err, turnOn), nil
	case !scanning.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected, turnOn), nil
	case scanning.On() && scanning.Frequency == account.ContinuousScan:
		f.Advice = enhancedCosts
		return checks.Of(f.Pass("scan on push is on and images are scanned again continuously")), nil
	case scanning.On():
		return checks.Of(f.Pass("scan on push is on")), nil
	case scanning.Frequency == account.ManualScan:
		return notScanned(v, p, f, scanning.RuleApplies, turnOn), nil
	}
	err = facts.Errorf(facts.Unsupported, "the scan frequency is %q, which is not known here", scanning.Frequency)
	return checks.Of(f.Unknown(err)), nil
}

// notScanned says whose setting it is that is off: the repository's own, which turnOn changes, or the registry's.
func notScanned(
	v *facts.View, p RepositoryParams, f checks.Finding, ruleApplies bool, turnOn checks.Fix,
) checks.Result {
	const off = "scan on push is off"
	switch {
	case isEnhanced(v):
		f.Advice = enhancedCosts
		f = f.Fail(off + ": the registry has enhanced scanning and no rule that scans this repository")
	case ruleApplies:
		f.Advice = "put-registry-scanning-configuration replaces all rules of the registry: the console edits one"
		f = f.Fail(off + ": a rule of the registry leaves it to people")
	default:
		return checks.Of(f.Fail(off)).WithFix(turnOn)
	}
	return checks.Of(f).WithFix(settingsOfRegistry(p.Repository))
}

// scansByOwnSetting decides where the effective configuration is denied. An enhanced registry and a rule for manual
// scans come before the repository's setting: with one of them a denial must not turn a fail into a pass.
func scansByOwnSetting(
	v *facts.View, key account.RepositoryKey, f checks.Finding, denied error, turnOn checks.Fix,
) checks.Result {
	unknown := checks.Of(f.Unknown(denied))
	if facts.AsError(denied).Reason != facts.AccessDenied {
		return unknown
	}
	ofRegistry := account.RegistryScanning.Start(v, account.RegistryKey{Region: key.Region})
	repository, err := account.ECRRepository.Get(v, key)
	switch {
	case err != nil:
		f.LookedAt = "private ECR repositories in " + key.Region
		unknown.Findings = append(unknown.Findings, f.Unknown(err))
		return unknown
	case !repository.Exists:
		return noRepository(v.Site(), key.Repository, f.Expected, turnOn)
	case !repository.ScanOnPush:
		return unknown
	}
	registry, err := ofRegistry.Get()
	switch {
	case err != nil:
		f.LookedAt = "the scanning configuration of the ECR registry in " + key.Region
		unknown.Findings = append(unknown.Findings, f.Unknown(err))
		return unknown
	case registry.Type != account.BasicScanning || registry.ManualRule:
		return unknown
	}
	return checks.Of(f.Pass("scan on push is on in the repository's own setting"))
}

// isEnhanced says whether the registry is known to have enhanced scanning.
func isEnhanced(v *facts.View) bool {
	registry, err := account.RegistryScanning.Get(v, account.RegistryKey{Region: v.Site().Region})
	return err == nil && registry.Type == account.EnhancedScanning
}

// settingsOfRegistry is the way to the rules that decide which repositories are scanned. The command that changes the
// registry replaces all its rules, and so there is only the console.
func settingsOfRegistry(repository string) checks.Fix {
	return checks.Fix{
		ConsoleOnly: true,
		Console:     "ECR › Private registry › Features & Settings › Scanning › Edit › Scan on push for " + repository,
	}
}

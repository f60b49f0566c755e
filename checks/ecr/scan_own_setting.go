package ecr

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// scansByOwnSetting decides where the effective configuration is denied. An enhanced registry and a rule for manual
// scans come before the repository's setting: with one of them a denial must not turn a fail into a pass.
func scansByOwnSetting(v *facts.View, key account.RepositoryKey, f checks.Finding, denied error) checks.Result {
	unknown := checks.Of(f.Unanswered(denied))
	if facts.AsError(denied).Reason != facts.AccessDenied {
		return unknown
	}
	ofRegistry := account.RegistryScanning.Start(v, account.RegistryKey{Region: key.Region})
	repository, err := account.ECRRepository.Get(v, key)
	switch {
	case err != nil:
		f.LookedAt = "private ECR repositories in " + key.Region
		unknown.Findings = append(unknown.Findings, f.Unanswered(err))
		return unknown
	case !repository.Exists:
		return noRepository(v.Site(), key.Repository, f.Expected)
	case !repository.ScanOnPush:
		return unknown
	}
	registry, err := ofRegistry.Get()
	switch {
	case err != nil:
		f.LookedAt = "the scanning configuration of the ECR registry in " + key.Region
		unknown.Findings = append(unknown.Findings, f.Unanswered(err))
		return unknown
	case registry.Type != account.BasicScanning || registry.ManualRule:
		return unknown
	}
	f.Verdict, f.Found = checks.Pass, "scan on push is on in the repository's own setting"
	return checks.Of(f)
}

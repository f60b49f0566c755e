package ecr_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
)

func TestScanOnPush(t *testing.T) {
	const turnOn = "aws ecr put-image-scanning-configuration --repository-name docker-api " +
		"--image-scanning-configuration scanOnPush=true --region us-east-1"
	effective := func(c account.ScanningConfiguration) facts.Given {
		c.RepositoryExists = true
		return account.RepositoryScanning.Given(repositoryKey(checktest.Region, wanted), c)
	}
	failing := func(reason facts.Reason) facts.Given {
		return effective(account.ScanningConfiguration{}).Failing(&facts.Error{Reason: reason})
	}
	registry := func(c account.RegistryConfiguration) facts.Given {
		return account.RegistryScanning.Given(account.RegistryKey{Region: checktest.Region}, c)
	}
	basic := registry(account.RegistryConfiguration{Type: account.BasicScanning})
	enhanced := registry(account.RegistryConfiguration{Type: account.EnhancedScanning})
	manualRule := registry(account.RegistryConfiguration{Type: account.BasicScanning, ManualRule: true})
	on, off := repository(account.Repository{Exists: true, ScanOnPush: true}), repository(account.Repository{Exists: true})
	absent := repository(account.Repository{})
	manual := account.ScanningConfiguration{Frequency: account.ManualScan}
	covered := account.ScanningConfiguration{Frequency: account.ManualScan, RuleApplies: true}
	checktest.Run(t, ecr.ScanOnPush, []checktest.Case{
		{
			Name: "the repository's own flag", Params: params(),
			Facts: []facts.Given{
				effective(account.ScanningConfiguration{Frequency: account.ScanOnPush, OnPush: true}), on, basic,
			},
			Want: checks.Pass, Found: "scan on push is on",
		},
		{
			Name: "a rule of the registry", Params: params(),
			Facts: []facts.Given{
				effective(account.ScanningConfiguration{Frequency: account.ScanOnPush, RuleApplies: true}), off, basic,
			},
			Want: checks.Pass,
		},
		{
			Name: "the flag without a frequency", Params: params(),
			Facts: []facts.Given{effective(account.ScanningConfiguration{OnPush: true}), on, basic}, Want: checks.Pass,
		},
		{
			Name: "continuous", Params: params(),
			Facts: []facts.Given{effective(account.ScanningConfiguration{Frequency: account.ContinuousScan}), off, enhanced},
			Want:  checks.Pass, Found: "continuously", Advice: "costs money per image",
		},
		{
			Name: "off", Params: params(),
			Facts: []facts.Given{effective(manual), off, basic},
			Want:  checks.Fail, Found: "scan on push is off", Expected: "scan on push is on", Fix: turnOn,
		},
		{
			Name: "off by a rule", Params: params(),
			Facts: []facts.Given{effective(covered), on, manualRule},
			Want:  checks.Fail, Found: "a rule of the registry",
		},
		{
			Name: "not matched by enhanced scanning", Params: params(),
			Facts: []facts.Given{effective(manual), on, enhanced},
			Want:  checks.Fail, Found: "enhanced scanning and no rule", Advice: "basic scanning is free",
		},
		{
			Name: "a frequency of tomorrow", Params: params(),
			Facts: []facts.Given{effective(account.ScanningConfiguration{Frequency: "HOURLY"}), off, basic},
			Want:  checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name: "no repository", Params: params(),
			Facts: []facts.Given{
				account.RepositoryScanning.Given(repositoryKey(checktest.Region, wanted), account.ScanningConfiguration{}),
				absent, basic,
			},
			Want: checks.Fail, Found: "no repository docker-api", Fix: "create-repository --repository-name docker-api",
		},
		{
			Name: "denied, but the repository's flag is on and counts", Params: params(),
			Facts: []facts.Given{failing(facts.AccessDenied), on, basic}, Want: checks.Pass, Found: "own setting",
		},
		{
			Name: "denied, and the registry has enhanced scanning", Params: params(),
			Facts: []facts.Given{failing(facts.AccessDenied), on, enhanced}, Want: checks.Unknown, Reason: facts.AccessDenied,
		},
		{
			Name: "denied, and a rule leaves scans to people", Params: params(),
			Facts: []facts.Given{failing(facts.AccessDenied), on, manualRule}, Want: checks.Unknown, Reason: facts.AccessDenied,
		},
		{
			Name: "denied, and the repository's flag is off", Params: params(),
			Facts: []facts.Given{failing(facts.AccessDenied), off, basic}, Want: checks.Unknown, Reason: facts.AccessDenied,
		},
		{
			Name: "denied, and there is no repository", Params: params(),
			Facts: []facts.Given{failing(facts.AccessDenied), absent, basic}, Want: checks.Fail,
			Found: "no repository docker-api",
		},
		{
			Name: "throttled", Params: params(),
			Facts: []facts.Given{failing(facts.Throttled), off, basic}, Want: checks.Unknown, Reason: facts.Throttled,
		},
	})
}

package ecr_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
)

func scanKey(digit string) account.ScanKey {
	return account.ScanKey{Region: checktest.Region, Repository: wanted, Digest: digest(digit)}
}

func complete(counts map[account.Severity]int32) account.Scan {
	return account.Scan{Status: account.ScanComplete, Counts: counts, CompletedAt: before(time.Hour)}
}

func TestNoCriticalFindings(t *testing.T) {
	// one is an image without an index and its scan.
	one := func(s account.Scan) []facts.Given {
		return []facts.Given{platforms(account.PlatformImage{Digest: digest("a")}), account.ImageScan.Given(scanKey("a"), s)}
	}
	// two is an index over two platforms and their scans.
	two := func(amd64, arm64 account.Scan) []facts.Given {
		return []facts.Given{
			platforms(account.PlatformImage{Digest: digest("a"), Platform: "linux/amd64"},
				account.PlatformImage{Digest: digest("b"), Platform: "linux/arm64"}),
			account.ImageScan.Given(scanKey("a"), amd64), account.ImageScan.Given(scanKey("b"), arm64),
		}
	}
	// with is what the registry has beside the facts of a case.
	with := func(kind account.ScanType, given []facts.Given) []facts.Given {
		key := account.RegistryKey{Region: checktest.Region}
		return append(given, account.RegistryScanning.Given(key, account.RegistryConfiguration{Type: kind}))
	}
	absent := func(m account.Manifest) []facts.Given {
		return []facts.Given{account.ImageManifest.Given(imageKey(wanted, "latest"), m)}
	}
	never := func(pushed time.Duration) account.Scan { return account.Scan{PushedAt: before(pushed)} }
	scanned := func(f account.ScanFrequency) facts.Given {
		return account.RepositoryScanning.Given(repositoryKey(checktest.Region, wanted),
			account.ScanningConfiguration{RepositoryExists: true, Frequency: f})
	}
	critical := complete(map[account.Severity]int32{account.Critical: 2})
	critical.Criticals = []string{"CVE-0000-0001 in openssl"}
	stale := complete(map[account.Severity]int32{account.High: 1})
	stale.CompletedAt = before(45 * 24 * time.Hour)

	cases := []checktest.Case{
		{
			Name: "clean", Params: params(), Facts: one(complete(nil)),
			Want: checks.Pass, Found: "0 critical findings; scanned 2026-11-23 11:00 UTC",
		},
		{
			Name: "enhanced scanning", Params: params(), Facts: one(account.Scan{Status: account.ScanActive}),
			Want: checks.Pass, Found: "0 critical findings",
		},
		{
			Name: "high and undefined only", Params: params(),
			Facts: one(complete(map[account.Severity]int32{account.High: 3, account.Undefined: 1})),
			Want:  checks.Pass, Found: "0 critical findings, 3 high, 1 undefined; scanned",
			Advice: "3 findings of high severity",
		},
		{
			Name: "not rated yet", Params: params(),
			Facts: one(complete(map[account.Severity]int32{account.Untriaged: 1})), Want: checks.Pass,
			Found: "0 critical findings, 1 untriaged",
		},
		{
			Name: "a severity of tomorrow", Params: params(),
			Facts: one(complete(map[account.Severity]int32{"MELTDOWN": 1, "HARMLESS": 0})), Want: checks.Unknown,
			Reason: facts.Unsupported,
		},
		{
			Name: "a severity of tomorrow beside a critical one", Params: params(),
			Facts: one(complete(map[account.Severity]int32{"MELTDOWN": 1, account.Critical: 1})), Want: checks.Fail,
			Found: "1 critical finding",
		},
		{
			Name: "stale", Params: params(), Facts: one(stale), Want: checks.Pass,
			Advice: "look at the 1 finding of high severity too; the scan is 45 days old",
		},
		{
			Name: "critical", Params: params(), Facts: one(critical),
			Want: checks.Fail, Found: "2 critical findings (such as CVE-0000-0001 in openssl)", Expected: "0 critical",
			Fix: "docker build --pull --tag " + host + "/docker-api:latest .",
		},
		{
			Name: "one platform of two is critical", Params: params(), Facts: two(complete(nil), critical),
			Want: checks.Fail, Found: "2 critical findings",
		},
		{
			Name: "both platforms are clean", Params: params(), Facts: two(complete(nil), complete(nil)), Want: checks.Pass,
		},
		{
			Name: "never scanned", Params: params(), Facts: with(account.BasicScanning, two(complete(nil), never(time.Hour))),
			Want: checks.Fail, Found: "never scanned; it was pushed 2026-11-23 11:00 UTC",
			Fix: "aws ecr start-image-scan --repository-name docker-api --image-id imageDigest=" + digest("b") +
				" --region us-east-1",
		},
		{
			Name: "pushed a moment ago", Params: params(),
			Facts: with(account.BasicScanning, append(one(never(9*time.Minute)), scanned(account.ScanOnPush))),
			Want:  checks.Unknown, Reason: facts.NotYetConsistent,
			Fix: "aws ecr start-image-scan --repository-name docker-api --image-id imageDigest=" + digest("a") +
				" --region us-east-1",
		},
		{
			Name: "critical beside one that was pushed a moment ago", Params: params(),
			Facts: with(account.EnhancedScanning, append(two(critical, never(9*time.Minute)), scanned(account.ScanOnPush))),
			Want:  checks.Fail, Fix: "docker build --pull",
		},
		{
			Name: "pushed a moment ago without scanning", Params: params(),
			Facts: with(account.BasicScanning, append(one(never(9*time.Minute)), scanned(account.ManualScan))),
			Want:  checks.Fail, Found: "never scanned",
		},
		{
			Name: "pushed ten minutes ago", Params: params(), Facts: with(account.BasicScanning, one(never(10*time.Minute))),
			Want: checks.Fail,
		},
		{
			Name: "no image", Params: params(), Facts: absent(account.Manifest{RepositoryExists: true}),
			Want: checks.Fail, Found: "no image has the tag latest", Fix: "docker push " + host + "/docker-api:latest",
		},
		{
			Name: "no repository", Params: params(), Facts: absent(account.Manifest{}),
			Want: checks.Fail, Found: "no repository docker-api", Fix: "aws ecr create-repository --repository-name docker-api",
		},
		{
			Name: "a Helm chart", Params: params(),
			Facts: absent(account.Manifest{RepositoryExists: true, Exists: true, Artifact: helm}),
			Want:  checks.Fail, Found: "it is on a Helm chart", Fix: "docker push " + host + "/docker-api:latest",
		},
		{
			Name: "an index of nothing", Params: params(),
			Facts: absent(account.Manifest{RepositoryExists: true, Exists: true, Index: true}),
			Want:  checks.Unknown, Reason: facts.Unsupported,
		},
	}
	for status, reason := range map[account.ScanStatus]facts.Reason{
		account.ScanPending:        facts.NotYetConsistent,
		account.ScanInProgress:     facts.NotYetConsistent,
		account.UnsupportedImage:   facts.Unsupported,
		"FAILED":                   facts.Unsupported,
		"SCAN_ELIGIBILITY_EXPIRED": facts.Unsupported,
		"FINDINGS_UNAVAILABLE":     facts.Unsupported,
		"LIMIT_EXCEEDED":           facts.Unsupported,
		"IMAGE_ARCHIVED":           facts.Unsupported,
		"A_STATUS_OF_TOMORROW":     facts.Unsupported,
	} {
		cases = append(cases, checktest.Case{
			Name: "status " + string(status), Params: params(), Facts: one(account.Scan{Status: status}),
			Want: checks.Unknown, Reason: reason,
		})
	}
	checktest.Run(t, ecr.NoCriticalFindings, cases)
}

func TestEachPlatformHasItsFinding(t *testing.T) {
	given := []facts.Given{
		platforms(account.PlatformImage{Digest: digest("a"), Platform: "linux/amd64"},
			account.PlatformImage{Digest: digest("b"), Platform: "linux/arm64"}),
		account.ImageScan.Given(scanKey("a"), complete(nil)),
		account.ImageScan.Given(scanKey("b"), account.Scan{}).Failing(&facts.Error{Reason: facts.Throttled}),
	}
	findings := run(t, ecr.NoCriticalFindings, params(), given).Findings
	require.Len(t, findings, 2)
	require.Equal(t, "image docker-api:latest (linux/amd64)", findings[0].Subject)
	require.Equal(t, checks.Pass, findings[0].Verdict)
	require.Equal(t, "image docker-api:latest (linux/arm64)", findings[1].Subject)
	require.Equal(t, facts.Throttled, findings[1].Reason)
}

// An enhanced registry refuses a scan that is asked for by a command.
func TestAnEnhancedRegistryIsMendedInTheConsole(t *testing.T) {
	given := []facts.Given{
		platforms(account.PlatformImage{Digest: digest("a")}),
		account.ImageScan.Given(scanKey("a"), account.Scan{PushedAt: before(time.Hour)}),
		account.RegistryScanning.Given(account.RegistryKey{Region: checktest.Region},
			account.RegistryConfiguration{Type: account.EnhancedScanning}),
	}
	fix := run(t, ecr.NoCriticalFindings, params(), given).Fix
	require.True(t, fix.ConsoleOnly)
	require.Empty(t, fix.Commands)
	require.Contains(t, fix.Console, "Private registry › Features & Settings › Scanning")
}

// Nothing is to be done about a scan that goes on, nor about one that an enhanced registry makes by itself.
func TestAScanThatComesByItselfIsWaitedFor(t *testing.T) {
	onItsWay := account.Scan{PushedAt: before(time.Minute)}
	for name, s := range map[string]struct {
		scan account.Scan
		kind account.ScanType
	}{
		"under way":         {account.Scan{Status: account.ScanInProgress}, account.BasicScanning},
		"enhanced scanning": {onItsWay, account.EnhancedScanning},
	} {
		t.Run(name, func(t *testing.T) {
			given := []facts.Given{
				platforms(account.PlatformImage{Digest: digest("a")}), account.ImageScan.Given(scanKey("a"), s.scan),
				account.RepositoryScanning.Given(repositoryKey(checktest.Region, wanted),
					account.ScanningConfiguration{RepositoryExists: true, Frequency: account.ScanOnPush}),
				account.RegistryScanning.Given(
					account.RegistryKey{Region: checktest.Region}, account.RegistryConfiguration{Type: s.kind},
				),
			}
			result := run(t, ecr.NoCriticalFindings, params(), given)
			require.Equal(t, checks.Unknown, result.Verdict())
			require.Empty(t, result.Fix)
		})
	}
}

// Enhanced scanning goes on by itself: the time of its last result says nothing.
func TestEnhancedScanningIsNeverStale(t *testing.T) {
	scan := account.Scan{Status: account.ScanActive, CompletedAt: before(45 * 24 * time.Hour)}
	given := []facts.Given{
		platforms(account.PlatformImage{Digest: digest("a")}), account.ImageScan.Given(scanKey("a"), scan),
	}
	require.Empty(t, run(t, ecr.NoCriticalFindings, params(), given).Findings[0].Advice)
}

package ecr_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
)

// noSuch is the lab's Region without the repository but with others, and the other Regions without it.
func noSuch(others ...string) []facts.Given {
	given := []facts.Given{repository(account.Repository{}), names(others...)}
	for _, region := range checktest.Alice().NearbyRegions() {
		given = append(given, account.ECRRepository.Given(repositoryKey(region, wanted), account.Repository{}))
	}
	return given
}

func TestRepository(t *testing.T) {
	const create = "aws ecr create-repository --repository-name docker-api --region us-east-1"
	there := repository(account.Repository{Exists: true})
	cases := []checktest.Case{
		{
			Name: "exists", Params: params(), Facts: []facts.Given{there, names(wanted, "other")},
			Want: checks.Pass, Found: "repository docker-api exists",
		},
		{
			Name: "exists beside a stray one", Params: params(),
			Facts: []facts.Given{there, names(wanted, "docker-apiatest")},
			Want:  checks.Pass, Advice: "stray repository docker-apiatest",
		},
		{
			Name: "nothing there", Params: params(), Facts: noSuch(),
			Want: checks.Fail, Found: "no repository docker-api in us-east-1", Advice: "ECR Public", Fix: create,
			Expected: "repository docker-api in us-east-1",
		},
		{
			Name: "in another Region", Params: params(),
			Facts: append(noSuch()[:5], account.ECRRepository.Given(
				repositoryKey("eu-central-1", wanted), account.Repository{Exists: true})),
			Want: checks.Fail, NearMiss: "found docker-api in eu-central-1, was that Region meant?",
		},
		{
			Name: "without the namespace", Params: params("repository", "team/docker-api"),
			Facts: []facts.Given{
				account.ECRRepository.Given(repositoryKey("us-east-1", "team/docker-api"), account.Repository{}),
				account.ECRRepository.Given(repositoryKey("us-east-2", "team/docker-api"), account.Repository{}),
				account.ECRRepository.Given(repositoryKey("us-west-2", "team/docker-api"), account.Repository{Exists: true}),
				account.ECRRepository.Given(repositoryKey("eu-west-1", "team/docker-api"), account.Repository{}),
				account.ECRRepository.Given(repositoryKey("eu-central-1", "team/docker-api"), account.Repository{}),
				names(wanted),
			},
			Want: checks.Fail,
			NearMiss: "found docker-api, did you mean it? it is the same name without its namespace; " +
				"found team/docker-api in us-west-2",
		},
		{
			Name: "no other Regions in China", Params: params(), Site: china(),
			Facts: []facts.Given{
				account.ECRRepository.Given(repositoryKey("cn-north-1", wanted), account.Repository{}),
				account.RepositoryNames.Given(account.RegistryKey{Region: "cn-north-1"}, []string{}),
			},
			Want: checks.Fail, Fix: "--region cn-north-1",
		},
	}
	for name, nearMiss := range map[string]string{
		"docker-apiatest":  "found docker-apiatest, did you mean it? zsh reads the :l of $REPO:latest",
		"docker-apielease": "zsh reads the :r of $REPO:release",
		"docker-apiest":    "zsh reads the :t of $REPO:test",
		"docker-apis":      "differ by a letter or two",
		"dokcer-api":       "differ by a letter or two",
		"dokcer-apis":      "differ by a letter or two",
		"dcoker-pai":       "differ by a letter or two",
		"team/docker-api":  "inside a namespace",
		"docker-api-prod":  "a part of it",
		"my-docker-api-v2": "a part of it",
	} {
		cases = append(cases, checktest.Case{
			Name: "similar name " + name, Params: params(), Facts: noSuch("aaa", name, "zzz"),
			Want: checks.Fail, NearMiss: nearMiss, Fix: create,
		})
	}
	for _, name := range []string{"nginx", "docker", "dcoker-pia", "api"} {
		cases = append(cases, checktest.Case{
			Name: "other name " + name, Params: params(), Facts: noSuch(name),
			Want: checks.Fail, Advice: "ECR Public",
		})
	}
	checktest.Run(t, ecr.Repository, cases)
}

func china() facts.Site {
	return facts.ParseSite(checktest.Account, "arn:aws-cn:iam::123456789012:user/alice", "AIDAEXAMPLE", "cn-north-1")
}

func TestTheShellsNameWinsOverAMisspeltOne(t *testing.T) {
	found := run(t, ecr.Repository, params(), noSuch("docker-ap", "docker-apiatest")).Findings[0]
	require.Contains(t, found.NearMiss, "found docker-apiatest")
}

func TestTheTagOfTheLabIsTriedToo(t *testing.T) {
	found := run(t, ecr.Repository, params("tag", "lab-3"), noSuch("docker-apiab-3")).Findings[0]
	require.Contains(t, found.NearMiss, "$REPO:lab-3")
}

// Each finding says which service was asked, and where.
func TestWhatWasLookedAtIsSaid(t *testing.T) {
	for _, c := range []struct {
		check *checks.Check
		given []facts.Given
	}{
		{ecr.Repository, noSuch()},
		{ecr.Image, noLatest(nil)},
		{ecr.LifecyclePolicy, []facts.Given{account.LifecyclePolicy.Given(repositoryKey(checktest.Region, wanted),
			account.Lifecycle{RepositoryExists: true})}},
		{ecr.ScanOnPush, []facts.Given{}},
		{ecr.NoCriticalFindings, []facts.Given{}},
		{ecr.Storage, []facts.Given{}},
	} {
		for _, f := range run(t, c.check, params(), c.given).Findings {
			require.Contains(t, f.LookedAt, "ECR", c.check.ID)
			require.Contains(t, f.LookedAt, "in us-east-1", c.check.ID)
		}
	}
}

func TestTheSizeOfTheListIsSaid(t *testing.T) {
	found := run(t, ecr.Repository, params(), noSuch("a", "b", "c")).Findings[0]
	require.Equal(t, "private ECR repositories in us-east-1 (0 of 3 has this name)", found.LookedAt)
}

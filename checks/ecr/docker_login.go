package ecr

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// credentialHelper is the helper of AWS that signs docker in to ECR whenever it is needed.
const credentialHelper = "ecr-login"

// DockerLogin passes when docker on this machine is signed in to the account's registry. It looks at docker's own
// configuration: asking ECR for a token would mint a credential.
var DockerLogin = checks.New(checks.Spec[checks.NoParams]{
	ID:     "ecr-docker-login",
	Title:  "Docker is signed in to the registry",
	Why:    "A token of ECR is good for 12 hours: after that, docker push and pull are refused until the next sign-in.",
	Verify: "docker login ACCOUNT.dkr.ecr.REGION.amazonaws.com",
	Reads:  []facts.Source{workstation.DockerLogins},
	Run:    dockerSignedIn,
	Fix: func(s checks.Site, _ checks.NoParams, _ checks.Result) checks.Fix {
		return checks.Fix{
			Commands: []checks.Command{login(s)},
			Console:  "ECR › Private registry › Repositories › choose one › View push commands",
		}
	},
})

func dockerSignedIn(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	s := v.Site()
	f := checks.Finding{
		Subject:  "docker on this machine",
		LookedAt: "docker's configuration",
		Expected: "a sign-in to the account's registry",
	}
	if s.Account != "" {
		f.Expected = "a sign-in to " + registryHost(s)
	}
	config, err := workstation.DockerLogins.Get(v, workstation.DockerKey{})
	if err == nil && s.Account == "" {
		err = facts.Errorf(facts.NotLooked, "the registry is known only when AWS has named the account")
	}
	if err != nil {
		return checks.Of(f.Unanswered(err)), nil
	}
	f.LookedAt += " " + config.Path
	f.Verdict = checks.Pass
	hosts := registryHosts(s)
	helper := helperOf(config, hosts)
	entry := slices.IndexFunc(config.Auths, func(a workstation.DockerAuth) bool { return slices.Contains(hosts, a.Host) })
	switch {
	case helper == credentialHelper:
		f.Found = "the helper " + helper + " signs docker in whenever it is needed"
	case entry >= 0 && config.Auths[entry].HasAuth:
		describeToken(&f, config.Auths[entry], v)
	case helper != "" && entry >= 0: // docker leaves an empty entry in its file for a sign-in that a helper keeps
		f.Found = "the helper " + helper + " keeps the sign-in to this registry; its age is not known"
	default:
		f.Verdict, f.Found = checks.Fail, "docker is not signed in to this registry"
		if !config.Exists {
			f.Found = "there is no such file: docker never signed in anywhere"
		}
		f.NearMiss = otherRegistry(config)
	}
	return checks.Of(f), nil
}

func describeToken(f *checks.Finding, a workstation.DockerAuth, v *facts.View) {
	switch {
	case a.Expires == nil:
		f.Found = "docker has a sign-in to this registry; its age is not known"
	case a.Expires.After(v.Now()):
		f.Found = "docker is signed in until " + moment(*a.Expires)
	default:
		f.Found = "docker signed in; the token ended " + moment(*a.Expires)
		f.Advice = "sign in again before the next push: a token is good for 12 hours"
	}
}

// helperOf is the program that keeps the sign-in to the registry: one for the host comes before the one for all.
func helperOf(c workstation.DockerConfig, hosts []string) string {
	for _, host := range hosts {
		if helper := c.CredHelpers[host]; helper != "" {
			return helper
		}
	}
	return c.CredsStore
}

package ecr

import (
	"maps"
	"slices"
	"strings"
	"time"

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
	About:  checks.AboutWorkstation,
	Pages: checks.Pages{
		Docs: "AmazonECR/latest/userguide/registry_auth.html",
	},
	Reads: []facts.Source{workstation.DockerLogins},
	Run:   dockerSignedIn,
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
		return checks.Of(f.Unknown(err)), nil
	}
	f.LookedAt += " " + config.Path
	hosts := registryHosts(s)
	helper := helperOf(config, hosts)
	entry := slices.IndexFunc(config.Auths, func(a workstation.DockerAuth) bool {
		return slices.Contains(hosts, a.Host)
	})
	switch {
	case helper == credentialHelper:
		f = f.Pass("the helper " + helper + " signs docker in whenever it is needed")
	case entry >= 0 && config.Auths[entry].HasAuth:
		f = signedIn(f, config.Auths[entry], v.Now())
	case helper != "" && entry >= 0: // docker leaves an empty entry in its file for a sign-in that a helper keeps
		f = f.Pass("the helper " + helper + " keeps the sign-in to this registry; its age is not known")
	default:
		f.NearMiss = otherRegistry(s, config)
		found := "docker is not signed in to this registry"
		if !config.Exists {
			found = "there is no such file: nobody has signed in anywhere"
		}
		return checks.Of(f.Fail(found)).WithFix(checks.Fix{
			Commands: []checks.Command{login(s)},
			Console:  "ECR › Private registry › Repositories › choose one › View push commands",
		}), nil
	}
	return checks.Of(f), nil
}

// signedIn passes for a sign-in that docker keeps itself. So does one whose token has ended: none lives for more than
// 12 hours.
func signedIn(f checks.Finding, a workstation.DockerAuth, now time.Time) checks.Finding {
	switch {
	case a.Expires == nil:
		return f.Pass("docker has a sign-in to this registry; its age is not known")
	case a.Expires.After(now):
		return f.Pass("docker is signed in until " + moment(*a.Expires))
	}
	f.Advice = "sign in again before the next push: a token is good for 12 hours"
	return f.Pass("docker signed in; the token ended " + moment(*a.Expires))
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

// otherRegistry names a sign-in to a registry of AWS that is not the account's in this Region, kept by docker or by a
// helper.
func otherRegistry(s checks.Site, c workstation.DockerConfig) string {
	practice := s.Practice != ""
	s.Practice = ""
	hosts := slices.Sorted(maps.Keys(c.CredHelpers))
	for _, a := range c.Auths {
		hosts = append(hosts, a.Host)
	}
	for _, host := range hosts {
		switch {
		case practice && slices.Contains(registryHosts(s), host):
			return "found a sign-in to " + host + ", which is AWS's own; this is a practice account"
		case strings.Contains(host, ".dkr.ecr"), strings.Contains(host, ".dkr-ecr"):
			return "found a sign-in to " + host + ", which is another account or Region"
		case host == "public.ecr.aws":
			return "found a sign-in to public.ecr.aws, which is ECR Public"
		}
	}
	return ""
}

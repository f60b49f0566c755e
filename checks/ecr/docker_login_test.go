package ecr_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

func TestDockerLogin(t *testing.T) {
	config := func(c workstation.DockerConfig) []facts.Given {
		c.Path, c.Exists = "~/.docker/config.json", true
		return []facts.Given{workstation.DockerLogins.Given(workstation.DockerKey{}, c)}
	}
	auth := func(a workstation.DockerAuth) []facts.Given {
		return config(workstation.DockerConfig{Auths: []workstation.DockerAuth{a}})
	}
	passes := func(name string, given []facts.Given, found, advice string) checktest.Case {
		return checktest.Case{Name: name, Facts: given, Want: checks.Pass, Found: found, Advice: advice}
	}
	fails := func(name string, given []facts.Given, found, nearMiss string) checktest.Case {
		return checktest.Case{
			Name: name, Facts: given, Want: checks.Fail, Found: found, NearMiss: nearMiss, Expected: "a sign-in to " + host,
			Fix: "aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin " + host,
		}
	}
	later, earlier := checktest.Now.Add(time.Hour), before(time.Minute)
	served := checktest.Alice()
	served.Practice = "127.0.0.1:4580"
	const signedIn = "docker has a sign-in to this registry"
	checktest.Run(t, ecr.DockerLogin, []checktest.Case{
		passes("age unknown", auth(workstation.DockerAuth{Host: host, HasAuth: true}), "its age is not known", ""),
		passes(
			"fresh", auth(workstation.DockerAuth{Host: host, HasAuth: true, Expires: &later}), "until 2026-11-23 13:00 UTC", "",
		),
		passes("ended", auth(workstation.DockerAuth{Host: host, HasAuth: true, Expires: &earlier}),
			"the token ended 2026-11-23 11:59 UTC", "sign in again"),
		passes("FIPS", auth(workstation.DockerAuth{
			Host: "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", HasAuth: true,
		}), signedIn, ""),
		passes(
			"dual-stack", auth(workstation.DockerAuth{Host: "123456789012.dkr-ecr.us-east-1.on.aws", HasAuth: true}), signedIn,
			"",
		),
		passes("a helper of the desktop", config(workstation.DockerConfig{
			CredsStore: "desktop", Auths: []workstation.DockerAuth{{Host: host}},
		}), "the helper desktop keeps the sign-in", ""),
		passes(
			"the helper of AWS for all", config(workstation.DockerConfig{CredsStore: "ecr-login"}), "the helper ecr-login", "",
		),
		passes("the helper of AWS for the registry", config(workstation.DockerConfig{
			CredsStore: "desktop", CredHelpers: map[string]string{host: "ecr-login"},
		}), "the helper ecr-login", ""),

		fails("no file", []facts.Given{workstation.DockerLogins.Given(workstation.DockerKey{}, workstation.DockerConfig{
			Path: "~/.docker/config.json",
		})}, "there is no such file", ""),
		{
			Name: "a practice account", Site: served, Facts: auth(workstation.DockerAuth{Host: host, HasAuth: true}),
			Want: checks.Fail, Expected: "a sign-in to 127.0.0.1:4580",
			NearMiss: host + ", which is AWS's own; this is a practice account",
			Fix:      "docker login --username AWS --password-stdin 127.0.0.1:4580",
		},
		{
			Name: "signed in to a practice account", Site: served,
			Facts: auth(workstation.DockerAuth{Host: "127.0.0.1:4580", HasAuth: true}), Want: checks.Pass, Found: signedIn,
		},
		fails("nowhere", config(workstation.DockerConfig{}), "not signed in to this registry", ""),
		fails("a helper that keeps nothing", config(workstation.DockerConfig{CredsStore: "desktop"}), "not signed in", ""),
		fails("an empty entry and no helper", auth(workstation.DockerAuth{Host: host}), "not signed in", ""),
		fails("the helper of AWS for another registry", config(workstation.DockerConfig{
			CredHelpers: map[string]string{"210987654321.dkr.ecr.us-east-1.amazonaws.com": "ecr-login"},
		}), "not signed in", "found a sign-in to 210987654321.dkr.ecr.us-east-1.amazonaws.com"),
		fails("another Region", auth(workstation.DockerAuth{
			Host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com", HasAuth: true,
		}), "not signed in", "found a sign-in to 123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
		fails(
			"ECR Public only", auth(workstation.DockerAuth{Host: "public.ecr.aws", HasAuth: true}), "not signed in",
			"ECR Public",
		),
		fails("Docker Hub only", auth(workstation.DockerAuth{Host: "index.docker.io", HasAuth: true}), "not signed in", ""),
		{
			Name: "European Sovereign Cloud", Facts: config(workstation.DockerConfig{CredsStore: "desktop"}),
			Site: facts.ParseSite(
				checktest.Account, "arn:aws-eusc:iam::123456789012:user/alice", "AIDAEXAMPLE", "eusc-de-east-1",
			),
			Want: checks.Fail, Expected: "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
		},
		{
			Name: "China", Site: china(), Facts: auth(workstation.DockerAuth{Host: host, HasAuth: true}),
			Want: checks.Fail, Expected: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
		},
	})
}

// Without an account there is no registry to name.
func TestNoRegistryIsNamedWithoutAnAccount(t *testing.T) {
	bound, err := bind(ecr.DockerLogin, nil)
	require.NoError(t, err)
	session := facts.NewSession(t.Context(), facts.Options{Now: checktest.Now, Given: []facts.Given{
		workstation.DockerLogins.Given(workstation.DockerKey{}, workstation.DockerConfig{}),
	}})
	found := bound.Run(session.View(facts.Site{}, ecr.DockerLogin.Reads, nil)).Findings[0]
	require.Equal(t, facts.NotLooked, found.Reason)
	require.Equal(t, "a sign-in to the account's registry", found.Expected)
}

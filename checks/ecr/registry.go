package ecr

import (
	"maps"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/workstation"
)

// registryHost is the name by which docker knows the account's private registry in the site's Region:
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
//
// The registry of a practice account is where its services are.
func registryHost(s checks.Site) string {
	if s.Practice != "" {
		return s.Practice
	}
	return s.Account + ".dkr.ecr." + s.Region + "." + dnsSuffix(s.Partition)
}

func dnsSuffix(partition string) string {
	switch partition {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-eusc":
		return "amazonaws.eu"
	}
	return "amazonaws.com"
}

// registryHosts are all names of the registry, the usual one first:
// https://docs.aws.amazon.com/general/latest/gr/ecr.html
func registryHosts(s checks.Site) []string {
	if s.Practice != "" {
		return []string{s.Practice}
	}
	return []string{
		registryHost(s),
		s.Account + ".dkr.ecr-fips." + s.Region + "." + dnsSuffix(s.Partition),
		s.Account + ".dkr-ecr." + s.Region + ".on.aws",
		s.Account + ".dkr-ecr-fips." + s.Region + ".on.aws",
	}
}

// imageURI is the image's full name for docker.
func imageURI(s checks.Site, p ImageParams) string {
	return registryHost(s) + "/" + p.Repository + ":" + p.Tag
}

// ecrCommand is an aws command about one repository of the site's Region.
func ecrCommand(s checks.Site, operation, repository string, more ...string) checks.Command {
	args := append([]string{"aws", "ecr", operation, "--repository-name", repository}, more...)
	return checks.Sh(append(args, "--region", s.Region)...)
}

// login signs docker in. The token goes through the pipe and is never shown.
func login(s checks.Site) checks.Command {
	return checks.Command{
		Args:    []string{"aws", "ecr", "get-login-password", "--region", s.Region},
		PipedTo: []string{"docker", "login", "--username", "AWS", "--password-stdin", registryHost(s)},
	}
}

// push sends a local image to the registry.
func push(s checks.Site, p ImageParams) []checks.Command {
	return []checks.Command{
		login(s),
		checks.Sh("docker", "tag", checks.PlaceholderImage, imageURI(s, p)),
		checks.Sh("docker", "push", imageURI(s, p)),
	}
}

// console is the path of clicks to a page of the repository.
func console(repository, page string) string {
	return "ECR › Private registry › Repositories › " + repository + " › " + page
}

// otherRegistry names a sign-in to a registry of AWS that is not the account's in this Region, kept by docker or by a
// helper.
func otherRegistry(c workstation.DockerConfig) string {
	hosts := slices.Sorted(maps.Keys(c.CredHelpers))
	for _, a := range c.Auths {
		hosts = append(hosts, a.Host)
	}
	for _, host := range hosts {
		switch {
		case strings.Contains(host, ".dkr.ecr"), strings.Contains(host, ".dkr-ecr"):
			return "found a sign-in to " + host + ", which is another account or Region"
		case host == "public.ecr.aws":
			return "found a sign-in to public.ecr.aws, which is ECR Public"
		}
	}
	return ""
}

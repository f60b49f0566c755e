package ecr

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Repository passes when the lab's repository exists under exactly its name. The tag is only used to explain a name
// that a shell made of both.
var Repository = checks.New(checks.Spec[ImageParams]{
	ID:     "ecr-repository",
	Title:  "The ECR repository exists",
	Why:    "Unlike Docker Hub, ECR makes no repository on a push: an image needs one that is there before.",
	Verify: "aws ecr describe-repositories --repository-names REPOSITORY --region REGION",
	Pages: checks.Pages{
		Docs:    "AmazonECR/latest/userguide/repository-create.html",
		Console: "ecr/private-registry/repositories?region=" + checks.PageRegion,
	},
	Reads:    []facts.Source{account.ECRRepository},
	Extra:    []facts.Source{account.RepositoryNames},
	Defaults: ImageParams{Tag: "latest"},
	Run:      repositoryExists,
})

func repositoryExists(v *facts.View, p ImageParams) (checks.Result, error) {
	s := v.Site()
	wanted := account.ECRRepository.Start(v, account.RepositoryKey{Region: s.Region, Repository: p.Repository})
	all := account.RepositoryNames.Start(v, account.RegistryKey{Region: s.Region})

	f := checks.Finding{
		Subject:  repositorySubject(p.Repository),
		LookedAt: "private ECR repositories in " + s.Region,
		Expected: "repository " + p.Repository + " in " + s.Region,
	}
	repository, err := wanted.Get()
	if err != nil {
		return checks.Of(f.Unknown(err)), nil
	}
	names, namesErr := all.Get()
	if repository.Exists {
		if strays := shellMadeNames(p, names); len(strays) > 0 {
			f.Advice = "stray repository " + strings.Join(strays, ", ") +
				", most likely a slip of the shell: delete it if unused"
		}
		return checks.Of(f.Pass("repository " + p.Repository + " exists")), nil
	}
	if namesErr == nil {
		f.LookedAt += fmt.Sprintf(" (0 of %d has this name)", len(names))
	}
	f.NearMiss = repositoryNearMiss(v, p, names)
	if f.NearMiss == "" {
		f.Advice = "only the private registry was looked at: a repository in ECR Public (public.ecr.aws) is another one"
	}
	return checks.Of(f.Fail("there is no repository " + p.Repository + " in " + s.Region)).WithFix(checks.Fix{
		Commands: []checks.Command{ecrCommand(s, "create-repository", p.Repository)},
		Console:  "ECR › Private registry › Repositories › Create repository",
	}), nil
}

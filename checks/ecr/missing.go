package ecr

import (
	"github.com/labcheck/labcheck/checks"
)

// missing is the key of Result.Known that says what the fix must make first.
const missing = "missing"

// The values of Known[missing].
const (
	theRepository = "repository"
	theImage      = "image"
)

func repositorySubject(repository string) string { return "ECR repository " + repository }

func imageSubject(p ImageParams) string { return "image " + p.Repository + ":" + p.Tag }

// noRepository is what every check says of a repository that is not there. A lab lets the other checks need
// ecr-repository, so that a student reads this once.
func noRepository(s checks.Site, repository, expected string) checks.Result {
	return checks.Result{
		Findings: []checks.Finding{{
			Subject: repositorySubject(repository), Verdict: checks.Fail,
			LookedAt: "private ECR repositories in " + s.Region,
			Found:    "there is no repository " + repository + " in " + s.Region, Expected: expected,
		}},
		Known: map[string]string{missing: theRepository},
	}
}

// noImage is what the checks of an image say when its tag is on none.
func noImage(s checks.Site, p ImageParams, found, expected string) checks.Result {
	return checks.Result{
		Findings: []checks.Finding{{
			Subject: imageSubject(p), Verdict: checks.Fail,
			LookedAt: "images of " + repositorySubject(p.Repository) + " in " + s.Region, Found: found, Expected: expected,
		}},
		Known: map[string]string{missing: theImage},
	}
}

// createFirst puts the making of a missing repository before the commands of a fix: they work only then.
func createFirst(s checks.Site, repository string, r checks.Result, commands ...checks.Command) []checks.Command {
	if r.Known[missing] != theRepository {
		return commands
	}
	return append([]checks.Command{ecrCommand(s, "create-repository", repository)}, commands...)
}

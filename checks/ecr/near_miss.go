package ecr

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// A likeness is one way in which an existing name may stand for the wanted one. It explains itself, or says "".
type likeness func(p ImageParams, existing string) string

// likenesses are tried in this order: the first that holds for any name is shown.
var likenesses = [...]likeness{madeByShell, inNamespace, misspelt, longer}

// repositoryNearMiss says which repository was probably meant: one with a similar name, and the same name in another
// Region where beginners often are. It is "" if there is none.
func repositoryNearMiss(v *facts.View, p ImageParams, names []string) string {
	elsewhere := startElsewhere(v, p.Repository)
	var found []string
	if similar := similarName(p, names); similar != "" {
		found = append(found, similar)
	}
	for _, there := range elsewhere {
		if repository, err := there.pending.Get(); err == nil && repository.Exists {
			found = append(found, fmt.Sprintf("found %s in %s, was that Region meant?", p.Repository, there.region))
		}
	}
	return strings.Join(found, "; ")
}

func similarName(p ImageParams, names []string) string {
	for _, like := range likenesses {
		for _, name := range names {
			if why := like(p, name); why != "" {
				return fmt.Sprintf("found %s, did you mean it? %s", name, why)
			}
		}
	}
	return ""
}

// inNamespace knows the same name with a namespace before it, or without the one that is wanted.
func inNamespace(p ImageParams, existing string) string {
	switch {
	case strings.HasSuffix(existing, "/"+p.Repository):
		return "it is the same name inside a namespace"
	case strings.HasSuffix(p.Repository, "/"+existing):
		return "it is the same name without its namespace"
	}
	return ""
}

func misspelt(p ImageParams, existing string) string {
	if !nearlyEqual(p.Repository, existing) {
		return ""
	}
	return "the names differ by a letter or two"
}

func longer(p ImageParams, existing string) string {
	if !strings.Contains(existing, p.Repository) {
		return ""
	}
	return "the wanted name is a part of it"
}

type elsewhere struct {
	region  string
	pending *facts.Pending[account.Repository]
}

// startElsewhere asks for the same name in the Regions where it most likely landed.
func startElsewhere(v *facts.View, repository string) []elsewhere {
	var asked []elsewhere
	for _, region := range v.Site().NearbyRegions() {
		key := account.RepositoryKey{Region: region, Repository: repository}
		asked = append(asked, elsewhere{region, account.ECRRepository.Start(v, key)})
	}
	return asked
}

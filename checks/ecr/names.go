package ecr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

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

// maxEdits is how many slips of the finger make a similar name: a letter too many, too few or wrong, or two letters
// swapped (the Damerau-Levenshtein distance).
const maxEdits = 2

// nearlyEqual says whether two different names are at most maxEdits slips apart. In a short name fewer slips are
// allowed, at most one in three letters: "api" and "app" have nothing to do with each other.
func nearlyEqual(a, b string) bool {
	edits := min(maxEdits, min(len(a), len(b))/3)
	return a != b && within(a, b, edits)
}

// within says whether at most so many slips lead from a to b. The library counts a swap of neighbours as two edits, so
// swaps are tried one by one, but only where counting them as one may make the difference.
func within(a, b string, edits int) bool {
	distance := levenshtein.Distance(a, b, levenshtein.NewParams().MaxCost(2*edits))
	if distance <= edits || distance > 2*edits {
		return distance <= edits
	}
	swapped := []byte(a)
	for i := 1; i < len(swapped); i++ {
		swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
		if within(string(swapped), b, edits-1) {
			return true
		}
		swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
	}
	return false
}

// usualTags are tags that a tutorial or a person may write after the repository's variable.
var usualTags = [...]string{"latest", "release", "test", "testing", "live", "local", "trunk"}

// shellModifiers are the modifiers of zsh that leave the rest of the tag behind: in "$REPO:latest", without braces,
// zsh takes :l as "in lower case" and appends "atest", also inside double quotes. :r (without the extension) and :t
// (the last part of the path) do the same. Measured with zsh 5.9:
// https://zsh.sourceforge.io/Doc/Release/Expansion.html#Modifiers
const shellModifiers = "lrt"

// shortestTag keeps the rest of the tag long enough that it is no accident.
const shortestTag = 4

// mangled returns what zsh makes of REPOSITORY:TAG when the repository is in a variable without braces; "" if zsh
// leaves it alone.
func mangled(repository, tag string) string {
	if len(tag) < shortestTag || !slices.Contains([]byte(shellModifiers), tag[0]) {
		return ""
	}
	return repository + tag[1:]
}

// shellTag returns the tag from which zsh made the existing name, or "".
func shellTag(p ImageParams, existing string) string {
	for _, tag := range append([]string{p.Tag}, usualTags[:]...) {
		if name := mangled(p.Repository, tag); name != "" && name == existing {
			return tag
		}
	}
	return ""
}

// shellMadeNames are those of the names that zsh made of the wanted repository and a tag.
func shellMadeNames(p ImageParams, names []string) []string {
	var made []string
	for _, name := range names {
		if shellTag(p, name) != "" {
			made = append(made, name)
		}
	}
	return made
}

func madeByShell(p ImageParams, existing string) string {
	tag := shellTag(p, existing)
	if tag == "" {
		return ""
	}
	return fmt.Sprintf("zsh reads the :%c of $REPO:%s as a modifier and leaves %s + %s; ${REPO}:%s with braces is safe",
		tag[0], tag, p.Repository, tag[1:], tag)
}

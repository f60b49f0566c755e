package ecr

import (
	"fmt"
	"slices"
)

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

package logs

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// nearMiss looks for the log group that was probably meant: one of a similar name, or of the same name in another
// Region. It is asked only when there is none, and a failure to look is the same as finding nothing.
func nearMiss(v *facts.View, name string) string {
	here := v.Site()
	nearby := account.LogGroups.Start(v, account.LogGroupsKey{Region: here.Region})
	elsewhere := map[string]*facts.Pending[[]account.LogGroup]{}
	for _, region := range here.NearbyRegions() {
		elsewhere[region] = account.LogGroups.Start(v, account.LogGroupsKey{Region: region, Prefix: name})
	}
	for _, region := range here.NearbyRegions() {
		if has(elsewhere[region], name) {
			return "found " + name + " in " + region + ", did you mean it? The lab is in " + here.Region
		}
	}
	groups, err := nearby.Get()
	if err != nil {
		return ""
	}
	return similar(groups, name)
}

func has(pending *facts.Pending[[]account.LogGroup], name string) bool {
	groups, err := pending.Get()
	return err == nil && slices.ContainsFunc(groups, func(g account.LogGroup) bool { return g.Name == name })
}

// slip is a way in which a log group's name goes wrong.
type slip struct {
	is func(found, wanted string) bool
	// why says what most likely happened, after a space; empty if the names speak for themselves.
	why string
}

// slips are in the order of likelihood.
func slips() []slip {
	return []slip{
		{
			func(found, wanted string) bool { return found == strings.TrimPrefix(wanted, "/") },
			" Its name has no slash at the beginning",
		},
		{strings.EqualFold, " Capital and small letters are different in a name"},
		{
			func(found, wanted string) bool { return found == wanted+"atest" },
			" In zsh, $NAME:latest means the name in lower case and then “atest”; ${NAME}:latest is safe",
		},
		{
			func(found, wanted string) bool {
				return strings.Contains(found, "/Git/") && strings.HasSuffix(found, wanted)
			},
			" Git Bash for Windows makes a path of a name that begins with a slash; MSYS_NO_PATHCONV=1 stops it",
		},
		{strings.HasSuffix, " Its name begins with something more"},
		{func(found, wanted string) bool { return levenshtein.Distance(found, wanted, nil) <= 2 }, ""},
		{func(found, wanted string) bool { return strings.EqualFold(path.Base(found), path.Base(wanted)) }, ""},
		{strings.HasPrefix, ""},
	}
}

// similar names the log group whose slip is the most likely one.
func similar(groups []account.LogGroup, name string) string {
	groups = slices.SortedFunc(slices.Values(groups), func(a, b account.LogGroup) int { return cmp.Compare(a.Name, b.Name) })
	for _, s := range slips() {
		for _, g := range groups {
			if s.is(g.Name, name) {
				return "found " + g.Name + ", did you mean it?" + s.why
			}
		}
	}
	return ""
}

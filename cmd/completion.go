package cmd

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/paths"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
	"github.com/labcheck/labcheck/reports"
)

// completeFlags lets a shell offer the values of the flags whose values are known, in every command that has them.
func (a *app) completeFlags(c *cobra.Command) {
	values := map[string]func(c *cobra.Command, args []string) []string{
		"only": a.stepsOf, "require": a.stepsOf, "allow-unknown": a.stepsOf,
		"break": a.drillsOf, "from": a.statesOf, "sandbox": a.statesOf,
		"profile": func(*cobra.Command, []string) []string { return a.profiles() },
		"region":  func(*cobra.Command, []string) []string { return knownRegions() },
		"shell": func(*cobra.Command, []string) (names []string) {
			for _, s := range reports.Shells() {
				names = append(names, string(s))
			}
			return names
		},
	}
	if c.Name() != "grade" {
		values["report"] = func(*cobra.Command, []string) []string { return formats().Names() }
	}
	for name, list := range values {
		if c.Flags().Lookup(name) == nil {
			continue
		}
		offer := func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return list(c, args), cobra.ShellCompDirectiveDefault // where a file is meant, files are offered too
		}
		if err := c.RegisterFlagCompletionFunc(name, offer); err != nil {
			panic(err) // the flag is there, and has no other
		}
	}
	for _, below := range c.Commands() {
		a.completeFlags(below)
	}
}

// stepsOf are the steps of the lab that is typed already.
func (a *app) stepsOf(c *cobra.Command, args []string) []string {
	if len(args) == 0 {
		return nil
	}
	plan, err := a.findLab(c, args[0], nil)
	if err != nil {
		return nil
	}
	return plan.StepIDs()
}

// drillsOf are the drills of the lab that --lab names.
func (a *app) drillsOf(c *cobra.Command, _ []string) []string {
	l, err := a.loadLab(c, cmp.Or(c.Flag("lab").Value.String(), labs.First()))
	if err != nil {
		return nil
	}
	drills, err := l.Drills()
	if err != nil {
		return nil
	}
	return append([]string{randomDrill}, drills.Steps()...)
}

// statesOf are the practice accounts of the lab that is typed already, or that --lab names.
func (a *app) statesOf(c *cobra.Command, args []string) []string {
	name := labs.First()
	if flag := c.Flags().Lookup("lab"); flag != nil {
		name = cmp.Or(flag.Value.String(), name)
	} else if len(args) > 0 {
		name = args[0]
	}
	l, err := a.loadLab(c, name)
	if err != nil {
		return nil
	}
	accounts, err := practice.AccountsOf(l)
	if err != nil {
		return nil
	}
	return accounts.Names
}

// profileLine is a line of the AWS CLI's files that begins a profile.
var profileLine = regexp.MustCompile(`(?m)^\[(?:profile\s+)?([\w.@+-]+)\]\s*$`)

// profiles are the profiles of the AWS CLI, by the lines that begin them; nothing else of the files is looked at.
func (a *app) profiles() []string {
	const largest = 1 << 20
	home := cmp.Or(a.env.getenv("HOME"), a.env.getenv("USERPROFILE"))
	var names []string
	for _, path := range []string{
		cmp.Or(a.env.getenv("AWS_CONFIG_FILE"), filepath.Join(home, ".aws", "config")),
		cmp.Or(a.env.getenv("AWS_SHARED_CREDENTIALS_FILE"), filepath.Join(home, ".aws", "credentials")),
	} {
		data, err := paths.Read(path, largest)
		if err != nil {
			continue
		}
		for _, m := range profileLine.FindAllSubmatch(data, -1) {
			names = append(names, string(m[1]))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// knownRegions are the Regions that labcheck knows by name. AWS makes new ones.
func knownRegions() []string {
	names := []string{"cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1"}
	for _, r := range wire.Regions() {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	return names
}

// regionForm is what the code of a Region looks like, its area apart from its number.
var regionForm = regexp.MustCompile(`^([a-z]{2,4}(?:-[a-z]+)+)-[0-9]{1,2}$`)

// checkRegion refuses what is no Region, and what is most likely a misspelt one: one in an area that is not known but
// like one that is. A new Region of a known area and one of a new area are none of both.
func checkRegion(name string) error {
	if name == "" {
		return nil
	}
	known := knownRegions()
	form := regionForm.FindStringSubmatch(name)
	if form == nil {
		return failure.Usagef("--region %s: write it as us-east-1%s", name, nearest.DidYouMean(name, known))
	}
	for _, r := range known {
		if strings.HasPrefix(r, form[1]+"-") {
			return nil
		}
	}
	const few = 2 // letters
	if near := nearest.Of(name, known); near != "" && len(near)-len(name) <= few && len(name)-len(near) <= few {
		return failure.Usagef("--region %s: there is no such Region; did you mean %q?", name, near)
	}
	return nil
}

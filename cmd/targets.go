package cmd

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/policy"
)

// targetFlags say which accounts and Regions a run looks at: every profile with every role in every Region.
type targetFlags struct {
	profiles, roles, regions []string
	externalID               string
}

func (t *targetFlags) register(f *pflag.FlagSet) {
	f.StringArrayVar(&t.profiles, "profile", nil, "the AWS CLI `profile` to use (repeatable)")
	f.StringArrayVar(&t.roles, "role-arn", nil, "take on the role of this `ARN` first (repeatable)")
	f.StringVar(&t.externalID, "external-id", "", "the `word` that the role's owner asks for")
	f.StringArrayVar(&t.regions, "region", nil, "the AWS `Region` to look at instead of the lab's (repeatable)")
}

var (
	// roleARN leaves the partition open, as new ones are made.
	roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:[\x21-\x7e]+/)?([A-Za-z0-9_+=,.@-]{1,64})$`)
	// unfit is what does not belong into the name of a file.
	unfit = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
)

// check refuses what cannot be looked at.
func (t *targetFlags) check(source sourceFlags) error {
	for _, role := range t.roles {
		if !roleARN.MatchString(role) {
			return failure.Usagef("--role-arn %s: write it as arn:aws:iam::123456789012:role/NAME", role)
		}
	}
	switch {
	case t.externalID != "" && !policy.ValidExternalID(t.externalID):
		return failure.Usagef("--external-id: it has 2 to 1224 letters, digits and characters of _+=,.@:/-")
	case t.externalID != "" && len(t.roles) == 0:
		return failure.Usagef("--external-id goes with --role-arn")
	case source.sandbox != "" && (len(t.profiles) > 0 || len(t.roles) > 0):
		return failure.Usagef("--sandbox asks the practice account: leave --profile and --role-arn out")
	case source.facts != "" && (len(t.roles) > 0 || len(t.profiles) > 1 || len(t.regions) > 1):
		return failure.Usagef("--facts grades what one target said: leave --role-arn out, and give one --profile and one --region at most")
	}
	for flag, values := range map[string][]string{"profile": t.profiles, "role-arn": t.roles, "region": t.regions} {
		if values = slices.Sorted(slices.Values(values)); len(slices.Compact(slices.Clone(values))) < len(values) {
			return failure.Usagef("--%s: the same one is given twice", flag)
		}
	}
	return nil
}

// target is one account and Region to look at. What is empty is the environment's or the lab's.
type target struct {
	name                              string // what tells it from the others; "" for the only one
	profile, role, externalID, region string
	rerun                             string // the command line of the same run; "" if it must not be shown
}

// list is every target, in the order of the flags. A name tells only what differs. It goes into the names of files, and
// so the account of a role is not in it when it is to be hidden.
func (t *targetFlags) list(hideAccount bool) []target {
	var list []target
	for _, profile := range orNone(t.profiles) {
		for _, role := range orNone(t.roles) {
			for _, region := range orNone(t.regions) {
				list = append(list, target{profile: profile, role: role, externalID: t.externalID, region: region})
			}
		}
	}
	if len(list) == 1 {
		return list
	}
	used := map[string]int{}
	for i, x := range list {
		name := t.nameOf(x, hideAccount)
		used[name]++
		if n := used[name]; n > 1 {
			name += "-" + strconv.Itoa(n)
			used[name]++
		}
		list[i].name = name
	}
	return list
}

func orNone(values []string) []string {
	if len(values) == 0 {
		return []string{""}
	}
	return values
}

func (t *targetFlags) nameOf(x target, hideAccount bool) string {
	var parts []string
	if len(t.profiles) > 1 {
		parts = append(parts, x.profile)
	}
	if m := roleARN.FindStringSubmatch(x.role); m != nil && len(t.roles) > 1 {
		if !hideAccount {
			parts = append(parts, m[1])
		}
		parts = append(parts, m[2])
	}
	if len(t.regions) > 1 {
		parts = append(parts, x.region)
	}
	name := strings.Trim(unfit.ReplaceAllString(strings.Join(parts, "."), "-"), ".-")
	return cmp.Or(name, "target")
}

// flags are the flags that lead to this target alone.
func (t target) flags() []string {
	var line []string
	for _, f := range [][2]string{
		{"profile", t.profile}, {"role-arn", t.role}, {"external-id", t.externalID}, {"region", t.region},
	} {
		if f[1] != "" {
			line = append(line, "--"+f[0]+"="+f[1])
		}
	}
	return line
}

// fileOf is a target's own file: its name stands before the extension. Without a name, or a path, it is the path.
func fileOf(path, name string) string {
	if path == "" || name == "" || strings.HasPrefix(path, "/dev/") {
		return path
	}
	extension := filepath.Ext(path)
	if extension == filepath.Base(path) {
		extension = "" // a hidden file
	}
	return strings.TrimSuffix(path, extension) + "." + name + extension
}

// filesOf are a target's own files.
func filesOf(outs []output, name string) []output {
	own := slices.Clone(outs)
	for i := range own {
		own[i].path = fileOf(own[i].path, name)
	}
	return own
}

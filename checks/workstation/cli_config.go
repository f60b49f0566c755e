package workstation

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// CLIKey asks about the machine's only AWS configuration, as a version of the AWS CLI reads it.
type CLIKey struct {
	// Version is that of the installed AWS CLI, such as "2.32.0"; "" is the newest.
	Version string `json:"version"`
}

// CLIConfig says how the AWS CLI is configured. It holds no credential.
type CLIConfig struct {
	// OS is the operating system, as runtime.GOOS names it.
	OS string `json:"os"`
	// Config and Credentials are the two files of the AWS CLI.
	Config      CLIFile `json:"config"`
	Credentials CLIFile `json:"credentials"`
	// Aliases is the file of aliases, if the AWS CLI cannot read it.
	Aliases CLIFile `json:"aliases,omitzero"`
	// Profile is the profile that commands use, and ProfileFrom what chose it: "--profile", a variable, or "" for the
	// profile named default.
	Profile     string `json:"profile"`
	ProfileFrom string `json:"profileFrom,omitempty"`
	// Flaws are settings of that profile, or variables, with which no command runs, such as "output" or
	// "AWS_DEFAULT_OUTPUT".
	Flaws []Flaw `json:"flaws,omitempty"`
	// OtherProfileFrom is the other variable, if both are set and it names another profile.
	OtherProfileFrom string `json:"otherProfileFrom,omitempty"`
	// Profiles are the profiles of both files, sorted by name.
	Profiles []CLIProfile `json:"profiles"`
	// NotProfiles are sections of the config file that the AWS CLI takes for no profile, such as [dev] in place of
	// [profile dev].
	NotProfiles []string `json:"notProfiles"`
	// Environment is what the variables of the environment say.
	Environment CLIEnvironment `json:"environment"`
}

// CLIFile is one file of the AWS CLI.
type CLIFile struct {
	// Path is the file as a person knows it, such as "~/.aws/config".
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
	// Problem says why the AWS CLI cannot read the file.
	Problem string `json:"problem,omitempty"`
	// OpenToOthers says that other users of the machine may read it. On Windows it is not known.
	OpenToOthers bool `json:"openToOthers,omitempty"`
	// Misnamed is a file that is there in its place, such as "~/.aws/config.txt".
	Misnamed string `json:"misnamed,omitempty"`
}

// CLIProfile is one profile.
type CLIProfile struct {
	Name        string        `json:"name"`
	Credentials CLICredential `json:"credentials"`
	// Region is the profile's setting; "(hidden)" if it looks like no Region at all.
	Region string `json:"region,omitempty"`
}

// CLIEnvironment is what the environment says, over the files.
type CLIEnvironment struct {
	Credentials CLICredential `json:"credentials"`
	Region      string        `json:"region,omitempty"`
	// RegionFrom is the variable that sets the Region, be it to nothing.
	RegionFrom string `json:"regionFrom,omitempty"`
	// RegionUnread is a variable that would set it, and that this version of the AWS CLI does not know.
	RegionUnread string `json:"regionUnread,omitempty"`
	// Instance says that this is a machine of Amazon EC2, which may have a role.
	Instance bool `json:"instance,omitempty"`
	// WSL says that this is the Windows Subsystem for Linux, whose home folder is not that of Windows.
	WSL bool `json:"wsl,omitempty"`
}

// Method is a way to get credentials.
type Method string

// The ways of the AWS CLI.
const (
	NoMethod    Method = ""
	StaticKeys  Method = "access key"
	SSO         Method = "IAM Identity Center"
	Login       Method = "aws login"
	Role        Method = "role"
	WebIdentity Method = "web identity"
	Process     Method = "credential process"
	Container   Method = "container"
)

// CLICredential says how credentials are got, and what stands in the way.
type CLICredential struct {
	Method Method `json:"method,omitempty"`
	// Last4 are the last characters of the access key id.
	Last4 string `json:"last4,omitempty"`
	// Temporary keys come with a session token, and Source is what a role without a source profile gets its first
	// credentials from.
	Temporary bool   `json:"temporary,omitempty"`
	Source    string `json:"source,omitempty"`
	// Foreign says that a session token stands beside keys that have none: it belongs to others.
	Foreign bool `json:"foreign,omitempty"`
	// Flaws are settings with which it cannot work.
	Flaws []Flaw `json:"flaws,omitempty"`
}

// Works says whether there are credentials as far as the machine can tell. Whether AWS accepts them, AWS alone knows.
func (c CLICredential) Works() bool { return c.Method != NoMethod && len(c.Flaws) == 0 }

// Flaw is a setting that does not work, such as "aws_session_token is missing".
type Flaw struct {
	Setting string  `json:"setting"`
	Problem Problem `json:"problem"`
}

// Problem is what is wrong with a setting, as the rest of a sentence that begins with its name.
type Problem string

// The problems.
const (
	Missing    Problem = "is missing"
	Empty      Problem = "has no value"
	Quoted     Problem = "is in quotes"
	Spaced     Problem = "has a space in it"
	Swapped    Problem = "holds the other half of the key pair"
	NoSuchName Problem = "names what is not in the file"
	NoSource   Problem = "names a profile without credentials that work"
	// BesideOther is of two settings of which only one may be there.
	BesideOther Problem = "stands beside credential_source"
	// NotKnown is of a value for which the AWS CLI has a list.
	NotKnown         Problem = "has a value that the AWS CLI does not know"
	DiffersInSession Problem = "is not the same in the profile and in its sso-session"
	// HomeSign and NoSuchFile are of paths.
	HomeSign   Problem = "begins with ~, which the AWS CLI takes as it stands"
	NoSuchFile Problem = "names a file that there is not"
	// NeedsNewer is of a setting that only newer versions know.
	NeedsNewer Problem = "needs version 2.32.0 or newer of the AWS CLI"
	// LineBreak is what a file with the line ends of Windows leaves in a variable.
	LineBreak Problem = "ends in a line break"
)

// String is the sentence.
func (f Flaw) String() string { return f.Setting + " " + string(f.Problem) }

// CLI reads how the AWS CLI is configured: its two files and the environment, as the AWS CLI does.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html
var CLI = &facts.Read[CLIKey, CLIConfig]{
	Name: "workstation.cli-config",
	Fetch: func(_ context.Context, a *facts.Access, key CLIKey) (CLIConfig, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return CLIConfig{}, err
		}
		return door.cliConfig(versionOf(key.Version))
	},
}

func (d *Door) cliConfig(version cliVersion) (CLIConfig, error) {
	configFile, config, err := d.awsFile("AWS_CONFIG_FILE", ".aws/config")
	if err != nil {
		return CLIConfig{}, err
	}
	credentialsFile, credentials, err := d.awsFile("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")
	if err != nil {
		return CLIConfig{}, err
	}
	sections := newAWSSections(config, credentials)
	c := CLIConfig{
		OS: d.machine.GOOS, Config: configFile, Credentials: credentialsFile, Aliases: d.aliasFile(),
		Profiles: []CLIProfile{}, NotProfiles: sections.unknown, Environment: d.cliEnvironment(version),
	}
	profile, from := d.profile(version)
	c.Profile, c.ProfileFrom = masked(profile), from
	c.Flaws = d.settingFlaws(sections, profile, version)
	for _, variable := range profileVariables {
		other, set := d.machine.Env(variable)
		if set && slices.Contains(profileVariables, from) && other != profile {
			c.OtherProfileFrom = variable
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sections.profiles)) {
		c.Profiles = append(c.Profiles, CLIProfile{
			Name:        masked(name),
			Credentials: sections.credential(name, version),
			Region:      regionOf(sections.profiles[name]["region"]),
		})
	}
	return c, nil
}

// awsFile reads one of the two files. What is no regular file, such as /dev/null, is none to the AWS CLI.
func (d *Door) awsFile(variable, name string) (CLIFile, awsFile, error) {
	p := d.awsPath(variable, name)
	f, err := d.read(p)
	if err != nil && !errors.Is(err, errNotRegular) {
		return CLIFile{}, awsFile{}, err
	}
	shown := CLIFile{Path: p.shown, Exists: f.exists, OpenToOthers: !d.windows() && f.mode.Perm()&0o077 != 0}
	if !f.exists && p.home == name {
		txt := inHome(p.home + ".txt") // what Notepad makes of it
		if other, err := d.read(txt); err == nil && other.exists {
			shown.Misnamed = txt.shown
		}
	}
	parsed := parseAWSFile(f.data, true)
	shown.Problem = parsed.problem
	return shown, parsed, nil
}

// aliasFile is the file of aliases, if the AWS CLI cannot read it: then no command runs.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-alias.html
func (d *Door) aliasFile() CLIFile {
	p := inHome(".aws/cli/alias")
	f, err := d.read(p)
	if problem := parseAWSFile(f.data, false).problem; err == nil && problem != "" {
		return CLIFile{Path: p.shown, Exists: f.exists, Problem: problem}
	}
	return CLIFile{}
}

// awsPath is the path of a file of the AWS CLI, which puts the home folder in the place of a first ~ and the values of
// variables in that of their names.
func (d *Door) awsPath(variable, name string) filePath {
	value, set := d.machine.Env(variable)
	if !set {
		return inHome(name)
	}
	expanded := os.Expand(value, func(name string) string {
		if value, set := d.machine.Env(name); set {
			return value
		}
		return "$" + name
	})
	if below, ok := strings.CutPrefix(filepath.ToSlash(expanded), "~/"); ok && fs.ValidPath(below) {
		return inHome(below)
	}
	return filePath{outside: expanded, shown: "$" + variable}
}

// profileVariables name a profile, in the order in which version 2 looks at them.
var profileVariables = []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}

// profile is the profile that commands use and what chose it. A variable that is set to nothing names the profile "",
// which there is not. Version 1 looks at the older variable first.
func (d *Door) profile(version cliVersion) (name, from string) {
	if d.machine.Profile != "" {
		return d.machine.Profile, "--profile"
	}
	variables := slices.Clone(profileVariables)
	if version.major == 1 {
		slices.Reverse(variables)
	}
	for _, variable := range variables {
		if name, set := d.machine.Env(variable); set {
			return name, variable
		}
	}
	return "default", ""
}

// instanceVendor is what the firmware of a machine of Amazon EC2 calls its maker.
const instanceVendor = "Amazon EC2"

// cliEnvironment looks at the variables. Version 1 knows one of the two that set the Region:
// https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-envvars.html
func (d *Door) cliEnvironment(version cliVersion) CLIEnvironment {
	e := CLIEnvironment{Credentials: d.environmentCredential(), WSL: d.env("WSL_DISTRO_NAME") != ""}
	for _, variable := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		value, set := d.machine.Env(variable)
		switch {
		case !set:
		case version.major == 1 && variable == "AWS_REGION":
			e.RegionUnread = variable
		case e.RegionFrom == "":
			e.Region, e.RegionFrom = regionOf(value), variable
		}
	}
	if vendor, err := d.read(filePath{outside: "/sys/class/dmi/id/sys_vendor"}); err == nil {
		e.Instance = strings.TrimSpace(string(vendor.data)) == instanceVendor
	}
	return e
}

// environmentCredential finds credentials that need no file of the AWS CLI. A secret without its id is passed over, and
// noted: it is the half of a pair.
func (d *Door) environmentCredential() CLICredential {
	settings := map[string]string{}
	for _, name := range []string{"aws_access_key_id", "aws_secret_access_key", "aws_session_token"} {
		if value := d.env(strings.ToUpper(name)); value != "" {
			settings[name] = value
		}
	}
	if older := d.env("AWS_SECURITY_TOKEN"); older != "" && settings["aws_session_token"] == "" {
		settings["aws_session_token"] = older
	}
	var halves []Flaw
	switch {
	case settings["aws_access_key_id"] != "":
		c := staticKeys(settings)
		for i := range c.Flaws {
			c.Flaws[i].Setting = strings.ToUpper(c.Flaws[i].Setting)
		}
		return c
	case settings["aws_secret_access_key"] != "":
		halves = []Flaw{{"AWS_ACCESS_KEY_ID", Missing}}
	}
	switch {
	case d.env("AWS_WEB_IDENTITY_TOKEN_FILE") != "":
		c := CLICredential{Method: WebIdentity}
		if d.env("AWS_ROLE_ARN") == "" {
			c.Flaws = []Flaw{{"AWS_ROLE_ARN", Missing}}
		}
		return c
	case d.env("AWS_CONTAINER_CREDENTIALS_FULL_URI") != "" || d.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != "":
		return CLICredential{Method: Container}
	}
	return CLICredential{Flaws: halves}
}

// likeRegion is what a person may write in place of a Region, such as us-east-1a, us_east_1 or "US East (Ohio)". A key
// that was pasted at the wrong prompt has no separator after its first word.
var likeRegion = onUse(`^["']?[A-Za-z]{2,6}[-_ ][A-Za-z0-9_ .()-]{0,30}["']?$`)

func regionOf(value string) string {
	if value != "" && !likeRegion().MatchString(value) {
		return hidden
	}
	return value
}

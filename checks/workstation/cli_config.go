package workstation

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// CLIKey asks about the machine's only AWS configuration.
type CLIKey struct{}

// CLIConfig says how the AWS CLI is configured. It holds no credential.
type CLIConfig struct {
	// OS is the operating system, as runtime.GOOS names it.
	OS string `json:"os"`
	// Config and Credentials are the two files of the AWS CLI.
	Config      CLIFile `json:"config"`
	Credentials CLIFile `json:"credentials"`
	// Profile is the profile that commands use, and ProfileFrom what chose it: "--profile", a variable, or "" for the
	// profile named default.
	Profile     string `json:"profile"`
	ProfileFrom string `json:"profileFrom,omitempty"`
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
	// RegionFrom is the variable that sets the Region.
	RegionFrom string `json:"regionFrom,omitempty"`
	// OlderRegion is that of AWS_DEFAULT_REGION: version 1 of the AWS CLI does not know AWS_REGION.
	OlderRegion string `json:"olderRegion,omitempty"`
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
)

// String is the sentence.
func (f Flaw) String() string { return f.Setting + " " + string(f.Problem) }

// CLI reads how the AWS CLI is configured: its two files and the environment, as the AWS CLI does.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html
var CLI = &facts.Read[CLIKey, CLIConfig]{
	Name: "workstation.cli-config",
	Fetch: func(_ context.Context, a *facts.Access, _ CLIKey) (CLIConfig, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return CLIConfig{}, err
		}
		return door.cliConfig()
	},
}

func (d *Door) cliConfig() (CLIConfig, error) {
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
		OS: d.machine.GOOS, Config: configFile, Credentials: credentialsFile,
		Profiles: []CLIProfile{}, NotProfiles: sections.unknown, Environment: d.cliEnvironment(),
	}
	c.Profile, c.ProfileFrom = d.profile()
	for _, name := range slices.Sorted(maps.Keys(sections.profiles)) {
		c.Profiles = append(c.Profiles, CLIProfile{
			Name:        masked(name),
			Credentials: sections.credential(name),
			Region:      regionOf(sections.profiles[name]["region"]),
		})
	}
	return c, nil
}

// awsFile reads one of the two files.
func (d *Door) awsFile(variable, name string) (CLIFile, awsFile, error) {
	p := d.pathFrom(variable, name)
	f, err := d.read(p)
	if err != nil {
		return CLIFile{}, awsFile{}, err
	}
	shown := CLIFile{Path: p.shown, Exists: f.exists, OpenToOthers: !d.windows() && f.mode.Perm()&0o077 != 0}
	if !f.exists && p.home != "" {
		txt := inHome(p.home + ".txt") // what Notepad makes of it
		if other, err := d.read(txt); err == nil && other.exists {
			shown.Misnamed = txt.shown
		}
	}
	parsed := parseAWSFile(f.data)
	shown.Problem = parsed.problem
	return shown, parsed, nil
}

// profile is the profile that commands use and what chose it.
func (d *Door) profile() (name, from string) {
	if d.machine.Profile != "" {
		return masked(d.machine.Profile), "--profile"
	}
	for _, variable := range []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE"} {
		if name := d.env(variable); name != "" {
			return masked(name), variable
		}
	}
	return "default", ""
}

// instanceVendor is what the firmware of a machine of Amazon EC2 calls its maker.
const instanceVendor = "Amazon EC2"

func (d *Door) cliEnvironment() CLIEnvironment {
	const older = "AWS_DEFAULT_REGION"
	e := CLIEnvironment{
		Credentials: d.environmentCredential(), WSL: d.env("WSL_DISTRO_NAME") != "", OlderRegion: regionOf(d.env(older)),
	}
	for _, variable := range []string{"AWS_REGION", older} {
		if value := d.env(variable); value != "" {
			e.Region, e.RegionFrom = regionOf(value), variable
			break
		}
	}
	if vendor, err := d.read(filePath{outside: "/sys/class/dmi/id/sys_vendor"}); err == nil {
		e.Instance = strings.TrimSpace(string(vendor.data)) == instanceVendor
	}
	return e
}

// environmentCredential finds credentials that need no file of the AWS CLI.
func (d *Door) environmentCredential() CLICredential {
	settings := map[string]string{
		"aws_access_key_id":     d.env("AWS_ACCESS_KEY_ID"),
		"aws_secret_access_key": d.env("AWS_SECRET_ACCESS_KEY"),
		"aws_session_token":     cmp.Or(d.env("AWS_SESSION_TOKEN"), d.env("AWS_SECURITY_TOKEN")),
	}
	maps.DeleteFunc(settings, func(_, value string) bool { return value == "" })
	switch {
	case settings["aws_access_key_id"] != "" || settings["aws_secret_access_key"] != "":
		c := staticKeys(settings)
		for i := range c.Flaws {
			c.Flaws[i].Setting = strings.ToUpper(c.Flaws[i].Setting)
		}
		return c
	case d.env("AWS_WEB_IDENTITY_TOKEN_FILE") != "" && d.env("AWS_ROLE_ARN") != "":
		return CLICredential{Method: WebIdentity}
	case d.env("AWS_CONTAINER_CREDENTIALS_FULL_URI") != "" || d.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != "":
		return CLICredential{Method: Container}
	}
	return CLICredential{}
}

// likeRegion is what a person may write in place of a Region, such as us-east-1a, us_east_1 or "US East (Ohio)". A key
// that was pasted at the wrong prompt has no separator after its first word.
var likeRegion = regexp.MustCompile(`^["']?[A-Za-z]{2,6}[-_ ][A-Za-z0-9_ .()-]{0,30}["']?$`)

func regionOf(value string) string {
	if value != "" && !likeRegion.MatchString(value) {
		return hidden
	}
	return value
}

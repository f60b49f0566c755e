package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

const wantKeys = "credentials are configured for the profile that commands use"

// settings are the AWS CLI's, as a command would use them at this site.
type settings struct {
	workstation.CLIConfig
	site  facts.Site
	major int // of the AWS CLI's version; 0 if it is not known
}

// credentials is the finding about where commands get their credentials from.
func (s settings) credentials() checks.Finding {
	f := checks.Finding{Subject: "AWS CLI credentials", LookedAt: s.places(), Expected: wantKeys}
	if file := s.unreadable(); file.Problem != "" {
		return f.Fail(fmt.Sprintf("the AWS CLI cannot read %s: %s", file.Path, file.Problem))
	}
	where, c := s.source()
	if c.Works() {
		f.Advice = s.advice()
		return f.Pass(describe(where, c))
	}
	f.NearMiss = s.nearMiss()
	return f.Fail(describe(where, c))
}

// unreadable is the first file that the AWS CLI refuses, or an empty one.
func (s settings) unreadable() workstation.CLIFile {
	for _, file := range []workstation.CLIFile{s.Config, s.Credentials} {
		if file.Problem != "" {
			return file
		}
	}
	return s.Aliases
}

func (s settings) places() string {
	return fmt.Sprintf("%s, %s and the environment; %s",
		s.Config.Path, s.Credentials.Path, checks.Count(len(s.Profiles), "profile"))
}

const environment = "the environment"

// source says where commands get their credentials from, in the order in which the AWS CLI asks. A profile named with
// --profile goes before the keys of the environment; one named by a variable does not.
func (s settings) source() (where string, c workstation.CLICredential) {
	profile, exists := s.profile()
	variables := s.Environment.Credentials
	ofEnvironment := s.ProfileFrom != "--profile"
	switch {
	case s.ProfileFrom != "" && s.Profile == "":
		return s.ProfileFrom + " is set to nothing, which names a profile that there is not", c
	case s.ProfileFrom != "" && !exists:
		return fmt.Sprintf("the profile %s, named by %s, does not exist", s.Profile, s.ProfileFrom), c
	case variables.Method == workstation.StaticKeys && ofEnvironment:
		return environment, variables
	case profile.Credentials.Method == workstation.Role && profile.Credentials.Source == "Environment" && ofEnvironment:
		return "the profile " + s.Profile, roleByEnvironment(variables)
	case variables.Method == workstation.WebIdentity && ofEnvironment &&
		profile.Credentials.Method != workstation.Role:
		return environment, variables
	case profile.Credentials.Method != workstation.NoMethod:
		return "the profile " + s.Profile, profile.Credentials
	case variables.Method != workstation.NoMethod:
		return environment, variables
	case s.Environment.Instance && s.site.Caller.Kind == facts.AssumedRole:
		return "this machine of Amazon EC2", workstation.CLICredential{Method: workstation.Role}
	case len(variables.Flaws) > 0: // the half of a pair, which is passed over
		return environment, workstation.CLICredential{Method: workstation.StaticKeys, Flaws: variables.Flaws}
	case exists:
		return fmt.Sprintf("the profile %s has no credentials", s.Profile), c
	}
	return "no credentials are configured", c
}

// roleByEnvironment is a role that is taken on with the keys of the environment.
func roleByEnvironment(variables workstation.CLICredential) workstation.CLICredential {
	c := workstation.CLICredential{Method: workstation.Role}
	if variables.Method != workstation.StaticKeys {
		c.Flaws = []workstation.Flaw{{Setting: "credential_source", Problem: workstation.NoSource}}
	}
	return c
}

// describe is the sentence about a source: it has credentials, its settings have flaws, or it is itself the reason why
// there are none.
func describe(where string, c workstation.CLICredential) string {
	switch {
	case c.Method == workstation.NoMethod:
		return where
	case len(c.Flaws) > 0:
		flaws := make([]string, len(c.Flaws))
		for i, flaw := range c.Flaws {
			flaws[i] = flaw.String()
		}
		return where + ": " + strings.Join(flaws, ", ")
	case c.Last4 != "":
		return fmt.Sprintf("%s has credentials: %s ending in %s", where, c.Method, c.Last4)
	}
	return fmt.Sprintf("%s has credentials: %s", where, c.Method)
}

// credentialFlaw is why commands have no credentials, as far as the fix differs.
type credentialFlaw int

const (
	noFlaw          credentialFlaw = iota
	noKeys                         // nobody configured any, or they are not whole
	unreadableFile                 // the AWS CLI refuses one of its files
	brokenVariables                // those of the environment come first and do not work
	brokenSSO                      // the profile signs in with SSO and lacks a setting for it
	brokenRole                     // the profile takes a role and lacks a setting for it
)

func (s settings) flaw() credentialFlaw {
	where, c := s.source()
	switch {
	case s.unreadable().Problem != "":
		return unreadableFile
	case c.Works():
		return noFlaw
	case where == environment:
		return brokenVariables
	case c.Method == workstation.SSO:
		return brokenSSO
	case c.Method == workstation.Role:
		return brokenRole
	}
	return noKeys
}

// profile is the profile that commands use.
func (s settings) profile() (workstation.CLIProfile, bool) {
	i := slices.IndexFunc(s.Profiles, func(p workstation.CLIProfile) bool { return p.Name == s.Profile })
	if i < 0 {
		return workstation.CLIProfile{}, false
	}
	return s.Profiles[i], true
}

// advice is about credentials that work.
func (s settings) advice() string {
	profile, exists := s.profile()
	switch {
	case s.Environment.Credentials.Method == workstation.StaticKeys &&
		s.ProfileFrom != "" && s.ProfileFrom != "--profile":
		return fmt.Sprintf("the keys of the environment are used, not those of the profile %s that %s names",
			s.Profile, s.ProfileFrom)
	case s.OtherProfileFrom != "":
		return s.goesBy()
	case exists && profile.Credentials.Method == workstation.StaticKeys && s.Credentials.OpenToOthers:
		return s.Credentials.Path + " can be read by other users of this machine; mode 600 keeps it private"
	}
	return ""
}

// values is the finding about settings for whose value no command runs. It is judged only where there is one.
func (s settings) values() checks.Finding {
	f := checks.Finding{
		Subject: "AWS CLI settings", LookedAt: s.places(), Expected: "settings with values that the AWS CLI knows",
	}
	if len(s.Flaws) == 0 {
		return f
	}
	found := make([]string, len(s.Flaws))
	for i, flaw := range s.Flaws {
		found[i] = flaw.String()
		if !isVariable(flaw.Setting) {
			found[i] += " in the profile " + s.Profile
		}
	}
	return f.Fail(strings.Join(found, ", "))
}

const wantRegion = "a Region is set, such as us-east-1"

// region is the finding about the Region that commands use when they name none.
func (s settings) region() checks.Finding {
	f := checks.Finding{Subject: "AWS CLI Region", LookedAt: s.places(), Expected: wantRegion}
	value, from := s.Environment.Region, s.Environment.RegionFrom
	if from == "" {
		profile, _ := s.profile()
		value, from = profile.Region, "the profile "+s.Profile
	} else if value == "" {
		return f.Fail("no Region is set: " + from + " is set to nothing")
	}
	switch {
	case facts.IsRegion(value):
		if s.site.Region != "" && value != s.site.Region {
			f.Advice = fmt.Sprintf("commands without --region go to %s, and the lab is in %s", value, s.site.Region)
		}
		return f.Pass(fmt.Sprintf("%s sets the Region %s", from, value))
	case value != "":
		f.NearMiss = likeness(value)
		return f.Fail(fmt.Sprintf("%s sets the Region to %s", from, value))
	}
	if s.Environment.RegionUnread != "" {
		f.NearMiss = "found " + s.Environment.RegionUnread + "; version 1 of the AWS CLI knows only AWS_DEFAULT_REGION"
	}
	return f.Fail("no Region is set")
}

// likeness says what a value is that is no Region.
func likeness(value string) string {
	if region := facts.RegionOfZone(value); region != "" {
		return fmt.Sprintf("%s is an Availability Zone; its Region is %s", value, region)
	}
	return "the setting takes a Region's code, in lower case and with hyphens"
}

// nearMiss is what was probably meant where no credentials work.
func (s settings) nearMiss() string {
	switch misnamed := misnamedFile(s.Config, s.Credentials); {
	case slices.Contains(s.NotProfiles, "profile "+s.Profile):
		return fmt.Sprintf(`found the section [profile %[1]s] in %[2]s; such a name needs quotes: [profile "%[1]s"]`,
			s.Profile, s.Config.Path)
	case s.OtherProfileFrom != "":
		return s.goesBy()
	case slices.Contains(s.NotProfiles, s.Profile):
		return fmt.Sprintf("found the section [%s] in %s; there a profile's section is [profile %s]",
			s.Profile, s.Config.Path, s.Profile)
	case s.hasProfile("profile " + s.Profile):
		return fmt.Sprintf("found the section [profile %s] in %s; there a profile's section is [%s]",
			s.Profile, s.Credentials.Path, s.Profile)
	case misnamed != "":
		return fmt.Sprintf("found %s; the AWS CLI reads the file without .txt", misnamed)
	case s.usable() != "":
		return fmt.Sprintf("found credentials in the profile %s; commands use the profile %s", s.usable(), s.Profile)
	case len(s.NotProfiles) > 0:
		return fmt.Sprintf("found the section [%s] in %s, which is no profile", s.NotProfiles[0], s.Config.Path)
	case s.Environment.WSL && !s.Config.Exists && !s.Credentials.Exists:
		return "this is the Windows Subsystem for Linux; its home folder is not the one of Windows"
	}
	return ""
}

// misnamedIn is the file with a section for the profile whose name the AWS CLI does not read as the profile's; "" if
// there is none.
func (s settings) misnamedIn() string {
	switch {
	case slices.Contains(s.NotProfiles, "profile "+s.Profile), slices.Contains(s.NotProfiles, s.Profile):
		return s.Config.Path
	case s.hasProfile("profile " + s.Profile):
		return s.Credentials.Path
	}
	return ""
}

// goesBy says which of two variables counts.
func (s settings) goesBy() string {
	version := "the AWS CLI"
	if s.major > 0 {
		version = fmt.Sprintf("version %d of the AWS CLI", s.major)
	}
	return fmt.Sprintf("%s names another profile; %s goes by %s", s.OtherProfileFrom, version, s.ProfileFrom)
}

func misnamedFile(files ...workstation.CLIFile) string {
	for _, file := range files {
		if file.Misnamed != "" {
			return file.Misnamed
		}
	}
	return ""
}

func (s settings) hasProfile(name string) bool {
	return slices.ContainsFunc(s.Profiles, func(p workstation.CLIProfile) bool { return p.Name == name })
}

// usable is the first other profile with credentials.
func (s settings) usable() string {
	for _, p := range s.Profiles {
		if p.Name != s.Profile && p.Credentials.Works() {
			return p.Name
		}
	}
	return ""
}

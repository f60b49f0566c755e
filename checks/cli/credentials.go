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
	site facts.Site
}

// credentials is the finding about where commands get their credentials from.
func (s settings) credentials(known map[string]string) checks.Finding {
	f := checks.Finding{Subject: "AWS CLI credentials", LookedAt: s.places(), Expected: wantKeys}
	found, works := s.source()
	f.Found = found
	if works {
		f.Verdict, f.Advice = checks.Pass, s.advice()
		return f
	}
	f.Verdict, f.NearMiss = checks.Fail, s.nearMiss()
	known[knownKeys] = "missing"
	return f
}

func (s settings) places() string {
	return fmt.Sprintf("%s, %s and the environment; %s",
		s.Config.Path, s.Credentials.Path, count(len(s.Profiles), "profile"))
}

// source says where commands get their credentials from, in the order in which the AWS CLI asks. A profile named with
// --profile goes before the keys of the environment; one named by a variable does not.
func (s settings) source() (found string, works bool) {
	for _, file := range []workstation.CLIFile{s.Config, s.Credentials} {
		if file.Problem != "" {
			return fmt.Sprintf("the AWS CLI cannot read %s: %s", file.Path, file.Problem), false
		}
	}
	profile, exists := s.profile()
	environment := s.Environment.Credentials
	switch {
	case s.ProfileFrom != "" && !exists:
		return fmt.Sprintf("the profile %s, named by %s, does not exist", s.Profile, s.ProfileFrom), false
	case environment.Method == workstation.StaticKeys && s.ProfileFrom != "--profile":
		return describe("the environment", environment)
	case profile.Credentials.Method != workstation.NoMethod:
		return describe("the profile "+s.Profile, profile.Credentials)
	case environment.Method != workstation.NoMethod:
		return describe("the environment", environment)
	case s.Environment.Instance && s.site.Caller.Kind == facts.AssumedRole:
		return "this machine of Amazon EC2 has a role", true
	case exists:
		return fmt.Sprintf("the profile %s has no credentials", s.Profile), false
	}
	return "no credentials are configured", false
}

func describe(where string, c workstation.CLICredential) (found string, works bool) {
	text := fmt.Sprintf("%s has credentials: %s", where, c.Method)
	if c.Last4 != "" {
		text += " ending in " + c.Last4
	}
	if c.Works() {
		return text, true
	}
	flaws := make([]string, len(c.Flaws))
	for i, flaw := range c.Flaws {
		flaws[i] = flaw.String()
	}
	return where + ": " + strings.Join(flaws, ", "), false
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
	environment := s.Environment.Credentials
	switch {
	case environment.Method == workstation.StaticKeys && s.ProfileFrom != "" && s.ProfileFrom != "--profile":
		return fmt.Sprintf("the keys of the environment are used, not those of the profile %s that %s names",
			s.Profile, s.ProfileFrom)
	case exists && profile.Credentials.Method == workstation.StaticKeys && s.Credentials.OpenToOthers:
		return fmt.Sprintf("%s can be read by other users of this machine; mode 600 keeps it private", s.Credentials.Path)
	}
	return ""
}

// nearMiss is what was probably meant where no credentials work.
func (s settings) nearMiss() string {
	switch misnamed := misnamedFile(s.Config, s.Credentials); {
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

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

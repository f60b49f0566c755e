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
func (s settings) credentials(known map[string]string) checks.Finding {
	f := checks.Finding{Subject: "AWS CLI credentials", LookedAt: s.places(), Expected: wantKeys}
	if file := s.unreadable(); file.Problem != "" {
		known[knownKeys], known[knownFile] = wrongFile, file.Path
		f.Verdict, f.Found = checks.Fail, fmt.Sprintf("the AWS CLI cannot read %s: %s", file.Path, file.Problem)
		return f
	}
	where, c := s.source()
	f.Found = describe(where, c)
	if c.Works() {
		f.Verdict, f.Advice = checks.Pass, s.advice()
		return f
	}
	f.Verdict, f.NearMiss = checks.Fail, s.nearMiss()
	known[knownKeys] = reason(where, c)
	return f
}

// unreadable is the first file that the AWS CLI refuses, or an empty one.
func (s settings) unreadable() workstation.CLIFile {
	if s.Config.Problem != "" {
		return s.Config
	}
	return s.Credentials
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
	switch {
	case s.ProfileFrom != "" && !exists:
		return fmt.Sprintf("the profile %s, named by %s, does not exist", s.Profile, s.ProfileFrom), c
	case variables.Method == workstation.StaticKeys && s.ProfileFrom != "--profile":
		return environment, variables
	case profile.Credentials.Method != workstation.NoMethod:
		return "the profile " + s.Profile, profile.Credentials
	case variables.Method != workstation.NoMethod:
		return environment, variables
	case s.Environment.Instance && s.site.Caller.Kind == facts.AssumedRole:
		return "this machine of Amazon EC2", workstation.CLICredential{Method: workstation.Role}
	case exists:
		return fmt.Sprintf("the profile %s has no credentials", s.Profile), c
	}
	return "no credentials are configured", c
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

// reason is what the fix begins with.
func reason(where string, c workstation.CLICredential) string {
	switch {
	case where == environment:
		return wrongVariables
	case c.Method == workstation.SSO:
		return wrongSSO
	case c.Method == workstation.Role:
		return wrongRole
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
	case s.Environment.Credentials.Method == workstation.StaticKeys && s.ProfileFrom != "" && s.ProfileFrom != "--profile":
		return fmt.Sprintf("the keys of the environment are used, not those of the profile %s that %s names",
			s.Profile, s.ProfileFrom)
	case exists && profile.Credentials.Method == workstation.StaticKeys && s.Credentials.OpenToOthers:
		return fmt.Sprintf("%s can be read by other users of this machine; mode 600 keeps it private", s.Credentials.Path)
	}
	return ""
}

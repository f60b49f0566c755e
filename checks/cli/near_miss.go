package cli

import (
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/checks/workstation"
)

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

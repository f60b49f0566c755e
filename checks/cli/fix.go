package cli

import (
	"regexp"

	"github.com/labcheck/labcheck/checks"
)

// profileName is what a profile's name must be to stand in a command: text of other people's files is not pasted.
var profileName = regexp.MustCompile(`^[A-Za-z0-9_.@][A-Za-z0-9_.@-]{0,63}$`)

// configure is the shortest way to a CLI that works. aws configure asks its questions in the terminal, so it is the only
// command that is printed when there are no credentials yet.
func configure(s checks.Site, _ checks.NoParams, r checks.Result) checks.Fix {
	fix := checks.Fix{Console: "IAM › Users › your user › Security credentials › Create access key › Command Line Interface"}
	if r.Known[knownInstall] != "" {
		fix.Console = "AWS CLI User Guide (docs.aws.amazon.com/cli) › Get started › Install/Update"
	}
	var profile []string
	if name := r.Known[knownProfile]; profileName.MatchString(name) {
		profile = []string{"--profile", name}
	}
	command := func(args ...string) { fix.Commands = append(fix.Commands, checks.Sh(append(args, profile...)...)) }
	switch {
	case r.Known[knownVariable] != "":
		fix.Commands = append(fix.Commands, setVariable(r.Known[knownOS], r.Known[knownVariable], s.Region))
		if r.Known[knownKeys] != "" {
			command("aws", "configure")
		}
	case r.Known[knownInstall] != "", r.Known[knownKeys] != "":
		command("aws", "configure")
	default:
		command("aws", "configure", "set", "region", s.Region)
	}
	return fix
}

// setVariable sets a variable that hides the profile's Region. On Windows setx holds for the terminals opened after it.
func setVariable(os, name, value string) checks.Command {
	if os == "windows" {
		return checks.Sh("setx", name, value)
	}
	return checks.Sh("export", name+"="+value)
}

package cli

import (
	"regexp"

	"github.com/labcheck/labcheck/checks"
)

// What Run tells Fix.
const (
	knownInstall  = "install"  // the program is missing
	knownKeys     = "keys"     // why there are no credentials: one of the reasons below
	knownFile     = "file"     // the file that cannot be read
	knownProfile  = "profile"  // the profile that commands use, if something named it
	knownVariable = "variable" // the variable with a Region that does not work
	knownOS       = "os"
)

// Why there are no credentials.
const (
	noKeys         = "none"
	wrongFile      = "file"
	wrongVariables = "environment"
	wrongSSO       = "sso"
	wrongRole      = "role"
)

const (
	consoleKeys      = "IAM › Users › your user › Security credentials › Create access key › Command Line Interface"
	consoleInstall   = "AWS CLI User Guide (docs.aws.amazon.com/cli) › Get started › Install/Update; then aws configure"
	consoleVariables = "Windows › Settings › System › About › Advanced system settings › Environment Variables"
	consoleSSO       = "IAM Identity Center › Settings › AWS access portal URL"
)

// profileName is what a profile's name must be to stand in a command: text of other people's files is not pasted.
var profileName = regexp.MustCompile(`^[A-Za-z0-9_.@][A-Za-z0-9_.@-]{0,63}$`)

// configure is the shortest way to a CLI that works, the first thing first. How it is installed differs from system to
// system, so that is a page of the manual. aws configure asks its questions in the terminal.
func configure(s checks.Site, _ checks.NoParams, r checks.Result) checks.Fix {
	windows := r.Known[knownOS] == "windows"
	switch keys := r.Known[knownKeys]; {
	case r.Known[knownInstall] != "":
		return checks.Fix{Console: consoleInstall, ConsoleOnly: true}
	case keys == wrongFile:
		return checks.Fix{Console: "your editor › " + r.Known[knownFile] + " › the line named above", ConsoleOnly: true}
	case keys == wrongRole:
		return checks.Fix{Console: "your editor › ~/.aws/config › source_profile of the profile with the role", ConsoleOnly: true}
	case keys == wrongSSO:
		return run(consoleSSO, r, "aws", "configure", "sso")
	case keys == wrongVariables && windows:
		return checks.Fix{Console: consoleVariables, ConsoleOnly: true}
	case keys == wrongVariables:
		return checks.Fix{Console: consoleKeys, Commands: []checks.Command{
			checks.Sh("unset", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
		}}
	case keys != "", s.Region == "": // without an answer of AWS nobody knows where the lab is
		return run(consoleKeys, r, "aws", "configure")
	case r.Known[knownVariable] != "" && windows:
		return checks.Fix{Console: consoleVariables, ConsoleOnly: true}
	case r.Known[knownVariable] != "": // it hides the profile's Region
		return checks.Fix{Console: consoleKeys, Commands: []checks.Command{
			checks.Sh("export", r.Known[knownVariable]+"="+s.Region),
		}}
	}
	return run(consoleKeys, r, "aws", "configure", "set", "region", s.Region)
}

// run is a command of the AWS CLI for the profile that commands use.
func run(console string, r checks.Result, args ...string) checks.Fix {
	if name := r.Known[knownProfile]; profileName.MatchString(name) {
		args = append(args, "--profile", name)
	}
	return checks.Fix{Console: console, Commands: []checks.Command{checks.Sh(args...)}}
}

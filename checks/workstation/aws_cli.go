package workstation

import (
	"context"
	"errors"
	"io"
	"math"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
)

// AWSCLIKey asks about the program named aws.
type AWSCLIKey struct{}

// AWSCLI says which version of the AWS CLI is installed.
type AWSCLI struct {
	Installed bool `json:"installed"`
	// Version is such as "2.32.0", and Major its first number.
	Version string `json:"version,omitempty"`
	Major   int    `json:"major,omitempty"`
}

// AWSCLIVersion runs aws --version, which asks nothing of AWS.
var AWSCLIVersion = &facts.Read[AWSCLIKey, AWSCLI]{
	Name: "workstation.aws-cli",
	Fetch: func(ctx context.Context, a *facts.Access, _ AWSCLIKey) (AWSCLI, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return AWSCLI{}, err
		}
		return door.awsCLI(ctx)
	},
}

// HasLogin says whether there is the command aws login. Version 1 only reads what it leaves behind; of a version that
// is not known the answer is no.
func (c AWSCLI) HasLogin() bool {
	return c.Version != "" && c.Major > 1 && versionOf(c.Version).atLeast(firstLogin(c.Major))
}

// currentMajor is the first number of the version that is developed further.
const currentMajor = 2

// cliVersion is a version of the AWS CLI, as far as versions differ in what they read.
type cliVersion struct{ major, minor int }

// versionOf reads a version such as "2.32.0". One that is not known is taken for the newest.
func versionOf(text string) cliVersion {
	major, rest, _ := strings.Cut(text, ".")
	minor, _, _ := strings.Cut(rest, ".")
	var v cliVersion
	var err error
	if v.major, err = strconv.Atoi(major); err != nil {
		return cliVersion{major: currentMajor, minor: math.MaxInt}
	}
	v.minor, _ = strconv.Atoi(minor)
	return v
}

// atLeast compares with the first two numbers of a version.
func (v cliVersion) atLeast(major, minor int) bool {
	return v.major > major || v.major == major && v.minor >= minor
}

// versionTime is how long aws --version may take: Python starts slowly on a cold disk.
const versionTime = 15 * time.Second

// notFoundCode is the exit code of a shim (pyenv, asdf) whose program is not installed.
const notFoundCode = 127

// versionLine is the beginning of "aws-cli/2.32.0 Python/3.13.4 Linux/6.1 exe/x86_64".
var versionLine = regexp.MustCompile(`^aws-cli/((\d{1,3})\.\d{1,5}\.\d{1,5})`)

func (d *Door) awsCLI(ctx context.Context) (AWSCLI, error) {
	if d.machine.Command == nil {
		return AWSCLI{}, facts.Errorf(facts.NotLooked, "this run starts no program")
	}
	ctx, stop := context.WithTimeout(ctx, versionTime)
	defer stop()
	var output []byte
	err := d.machine.Command(ctx, nil, func(out io.Reader) (err error) {
		output, err = io.ReadAll(io.LimitReader(out, maxText))
		return err
	}, "aws", "--version")
	switch {
	case errors.Is(err, exec.ErrNotFound), exitCode(err) == notFoundCode:
		return AWSCLI{}, nil
	case ctx.Err() != nil:
		return AWSCLI{}, context.Cause(ctx)
	case err != nil:
		return AWSCLI{}, facts.Errorf(facts.InvalidResponse, "aws --version failed: %w", err)
	}
	m := versionLine.FindSubmatch(output)
	if m == nil {
		return AWSCLI{}, facts.Errorf(facts.InvalidResponse, "aws --version does not say aws-cli")
	}
	major, _ := strconv.Atoi(string(m[2])) // digits, at most three
	return AWSCLI{Installed: true, Version: string(m[1]), Major: major}, nil
}

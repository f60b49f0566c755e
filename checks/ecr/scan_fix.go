package ecr

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// What a fix about scans has to know, in Result.Known.
const (
	// neverScanned holds the digests of images without a scan, with a space between them.
	neverScanned = "never scanned"
	// awaitsScan holds those of images whose scan may be on its way.
	awaitsScan = "awaits its scan"
	// byConsole says that the registry decides. The command that changes the registry replaces all its rules, and an
	// enhanced registry starts no scan by a command.
	byConsole = "the registry decides"
)

// isEnhanced says whether the registry is known to have enhanced scanning.
func isEnhanced(v *facts.View) bool {
	registry, err := account.RegistryScanning.Get(v, account.RegistryKey{Region: v.Site().Region})
	return err == nil && registry.Type == account.EnhancedScanning
}

// settingsOfRegistry is the way to the rules that decide which repositories are scanned.
func settingsOfRegistry(repository string) checks.Fix {
	return checks.Fix{
		ConsoleOnly: true,
		Console:     "ECR › Private registry › Features & Settings › Scanning › Edit › Scan on push for " + repository,
	}
}

func turnOnScanning(s checks.Site, p RepositoryParams, r checks.Result) checks.Fix {
	if r.Known[byConsole] != "" {
		return settingsOfRegistry(p.Repository)
	}
	scan := ecrCommand(s, "put-image-scanning-configuration", p.Repository,
		"--image-scanning-configuration", "scanOnPush=true")
	return checks.Fix{
		Commands: createFirst(s, p.Repository, r, scan),
		Console:  console(p.Repository, "Edit › Scan on push"),
	}
}

// startScans is a command for each of the digests, which have a space between them.
func startScans(s checks.Site, p ImageParams, digests string) []checks.Command {
	var commands []checks.Command
	for digest := range strings.FieldsSeq(digests) {
		commands = append(commands, ecrCommand(s, "start-image-scan", p.Repository, "--image-id", "imageDigest="+digest))
	}
	return commands
}

// askWithoutWaiting asks for the scans that may be on their way. A push from before scanning was switched on looks the
// same, and only this brings on its scan. An enhanced registry scans earlier pushes too, and waiting is enough.
func askWithoutWaiting(s checks.Site, p ImageParams, r checks.Result) checks.Fix {
	commands := startScans(s, p, r.Known[awaitsScan])
	if len(commands) == 0 || r.Known[byConsole] != "" {
		return checks.Fix{}
	}
	return checks.Fix{Commands: commands, Console: console(p.Repository, p.Tag+" › Scan")}
}

// scanOrRebuild asks for the missing scans, or else builds on a newer base image: most findings come from there.
func scanOrRebuild(s checks.Site, p ImageParams, r checks.Result) checks.Fix {
	unscanned := r.Known[neverScanned]
	switch {
	case unscanned != "" && r.Known[byConsole] != "":
		return settingsOfRegistry(p.Repository)
	case unscanned != "":
		return checks.Fix{Commands: startScans(s, p, unscanned), Console: console(p.Repository, p.Tag+" › Scan")}
	case r.Known[missing] != "":
		return checks.Fix{
			Commands: createFirst(s, p.Repository, r, push(s, p)...), Console: console(p.Repository, p.Tag+" › Scan"),
		}
	}
	return checks.Fix{
		Commands: []checks.Command{
			login(s),
			checks.Sh("docker", "build", "--pull", "--tag", imageURI(s, p), "."),
			checks.Sh("docker", "push", imageURI(s, p)),
		},
		Console: console(p.Repository, p.Tag+" › Vulnerabilities"),
	}
}

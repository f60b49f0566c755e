// Package tf has the checks of a Terraform configuration and of its state in S3. Nothing is run for them: the
// configuration is read (package tfconfig), and the state is only listed.
package tf

import (
	"cmp"
	"path"
	"path/filepath"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// Checks returns the topic's checks in catalogue order.
func Checks() []*checks.Check {
	return []*checks.Check{
		Version, Formatted, Valid, ProviderLock, S3Backend, StateLock, StateBucket, NotPublic,
		StatePresent, StateEmpty, NoSecrets, DefaultTags,
	}
}

// FolderParams says which configuration is meant.
type FolderParams struct {
	Dir string `json:"dir" help:"the folder of the configuration, below the current one; empty: the only one there is"`
}

// Validate implements checks.Validator.
func (p FolderParams) Validate() error { return validDir(p.Dir) }

func validDir(dir string) error {
	if dir != "" && !filepath.IsLocal(dir) {
		return &checks.ParamError{Name: "dir", Problem: "is not a folder below the current one"}
	}
	return nil
}

// configuration reads the configuration, or says in a finding why that was not possible. expected is what is wanted of
// it.
func configuration(v *facts.View, dir, expected string) (tfconfig.Folder, checks.Finding, bool) {
	base := checks.Finding{
		Subject: "Terraform configuration", LookedAt: "the files of the current folder", Expected: expected,
	}
	f, err := workstation.Terraform.Get(v, workstation.TerraformKey{Dir: dir})
	if err != nil {
		return f, base.Unknown(err), false
	}
	if f.Dir == "" {
		return f, base.Unknown(facts.Errorf(facts.NotLooked,
			"several folders hold a configuration (%s): say which one with --set dir=FOLDER", listed(f.Roots))), false
	}
	if f.Dir != "." {
		base.Subject += " in " + f.Dir
		base.LookedAt = "the files of the folder " + f.Dir
	}
	if f.Files > 0 {
		base.LookedAt = checks.Count(f.Files, "file") + strings.TrimPrefix(base.LookedAt, "the files")
	}
	return f, base, true
}

// noConfiguration is the answer of every check where there is no file of Terraform's.
const noConfiguration = "there is no *.tf file here"

// incomplete turns a pass into unknown where not everything was read.
func incomplete(f tfconfig.Folder, finding checks.Finding) checks.Finding {
	if f.Incomplete != "" && finding.Verdict == checks.Pass {
		return finding.Unknown(facts.Errorf(facts.NotLooked, "not all of it was read: %s", f.Incomplete))
	}
	return finding
}

// listed are a few names.
func listed(names []string) string {
	const few = 4
	if len(names) > few {
		return strings.Join(names[:few], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}

// inFolder is a command of Terraform's in the folder of the configuration.
func inFolder(f tfconfig.Folder, words ...string) checks.Command {
	if f.Dir != "." && f.Dir != "" {
		words = append([]string{"-chdir=" + f.Dir}, words...)
	}
	return checks.Sh(append([]string{"terraform"}, words...)...)
}

// backendRegion is the Region in which the backend's bucket is asked for: the one that it names, else the account's.
func backendRegion(f tfconfig.Folder, site checks.Site) string {
	return cmp.Or(f.Backend.Settings["region"], site.Region)
}

// install is terraform init, for what a configuration needs. Where the backend is not what the last one made of it, it
// is left alone: init would stop at it, and it is a step of its own.
func install(f tfconfig.Folder, words ...string) checks.Fix {
	b := f.Backend
	settled := cmp.Or(b.Stored, "local") == cmp.Or(b.Type, "local") && len(b.Differs) == 0
	words = append([]string{"init"}, words...)
	if !settled {
		words = append(words, "-backend=false")
	}
	return checks.Fix{
		Commands: []checks.Command{inFolder(f, words...)}, Console: "a terminal › terraform " + strings.Join(words, " "),
	}
}

// shown is a place in a file below the current folder.
func shown(f tfconfig.Folder, p tfconfig.Problem) string {
	if f.Dir != "." && p.File != "" && !strings.HasPrefix(p.File, f.Dir+"/") {
		p.File = path.Join(f.Dir, p.File)
	}
	return p.String()
}

// edit is the fix of what only a person can write.
func edit(what string) checks.Fix {
	return checks.Fix{ConsoleOnly: true, Console: "your editor › " + what}
}

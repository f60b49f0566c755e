package workstation

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// TerraformKey asks about the Terraform configuration in a folder below the current one; "" is the only one there is.
type TerraformKey struct{ Dir string }

// Terraform reads a configuration: see package tfconfig. It follows no link out of the current folder. It runs nothing,
// but where the person asked for it: see Options.RunTerraform.
var Terraform = &facts.Read[TerraformKey, tfconfig.Folder]{
	Name: "workstation.terraform",
	Fetch: func(ctx context.Context, a *facts.Access, key TerraformKey) (tfconfig.Folder, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return tfconfig.Folder{}, err
		}
		return door.terraform(ctx, key.Dir)
	},
}

func (d *Door) terraform(ctx context.Context, dir string) (f tfconfig.Folder, err error) {
	if d.machine.Folder == nil {
		return f, facts.Errorf(facts.NotLooked, "this run opens no folder")
	}
	if dir != "" && !filepath.IsLocal(dir) {
		return f, facts.Errorf(facts.NotLooked, "the folder of the configuration is not below the current one")
	}
	if data := d.env("TF_DATA_DIR"); data != "" && data != ".terraform" {
		return f, facts.Errorf(facts.NotLooked, "$TF_DATA_DIR names another folder than .terraform")
	}
	err = d.machine.Folder(func(folder fs.FS) error {
		f, err = tfconfig.Read(folder, filepath.ToSlash(dir), d.env("TF_WORKSPACE"))
		if err == nil && d.machine.RunTerraform && f.Files+f.Format.Files > 0 {
			f.Run = d.runTerraform(ctx, folder, f.Dir)
		}
		return err
	})
	if ctx.Err() != nil {
		return f, context.Cause(ctx)
	}
	if err != nil {
		var known *facts.Error
		if errors.As(err, &known) {
			return f, err
		}
		return f, facts.Errorf(facts.NotLooked, "the configuration cannot be read: %w", err)
	}
	return f, nil
}

// TerraformGit says what git has of the files that Terraform writes.
type TerraformGit struct {
	Repository string `json:"repository"`
	// LockTracked says that the lock file is in git, LockIgnored that git ignores it.
	LockTracked bool `json:"lockTracked,omitempty"`
	LockIgnored bool `json:"lockIgnored,omitempty"`
	// DataTracked are files of .terraform that are in git, at most 3.
	DataTracked []string `json:"dataTracked,omitempty"`
}

// TerraformTracked asks git about the files that Terraform writes beside a configuration. Dir is a folder below the
// current one; "" is not.
var TerraformTracked = &facts.Read[TerraformKey, TerraformGit]{
	Name: "workstation.terraform-git",
	Fetch: func(ctx context.Context, a *facts.Access, key TerraformKey) (TerraformGit, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return TerraformGit{}, err
		}
		return door.terraformTracked(ctx, key.Dir)
	},
}

// lockFile is where Terraform writes which providers it chose.
const lockFile = ".terraform.lock.hcl"

func (d *Door) terraformTracked(ctx context.Context, dir string) (TerraformGit, error) {
	tree, err := d.openRepository(ctx)
	if err != nil {
		return TerraformGit{}, err
	}
	g := TerraformGit{Repository: tree.name()}
	lock, data := path.Join(dir, lockFile), path.Join(dir, ".terraform")
	err = d.git(ctx, nil, func(out io.Reader) error {
		entries := bufio.NewScanner(io.LimitReader(out, maxFile))
		entries.Split(splitAtZero)
		for entries.Scan() {
			switch name := entries.Text(); {
			case name == lock:
				g.LockTracked = true
			case strings.HasPrefix(name, data+"/") && len(g.DataTracked) < 3:
				g.DataTracked = append(g.DataTracked, maskedPath(name))
			}
		}
		return entries.Err()
	}, "ls-files", "-z", "--", lock, data)
	if ctx.Err() != nil {
		return TerraformGit{}, context.Cause(ctx)
	}
	if err != nil {
		return TerraformGit{}, facts.Errorf(facts.NotLooked, "git does not list its files: %s",
			cmp.Or(gitSays(err), masked(err.Error())))
	}
	if !g.LockTracked && !d.ignoresByPipe(ctx) {
		ignored, err := d.gitText(ctx, "check-ignore", "--no-index", "--", lock)
		g.LockIgnored = err == nil && ignored != ""
	}
	return g, nil
}

// TerraformSecrets says what a git repository holds that a Terraform configuration should keep out of it, with AWS's
// keys. It holds no secret.
type TerraformSecrets struct {
	GitHistory
	// Hits are at most 20 places; MoreHits is how many were left out.
	Hits     []SecretHit `json:"hits"`
	MoreHits int         `json:"moreHits,omitempty"`
	// Variables are tracked files with values of variables, at most 5.
	Variables []string `json:"variables,omitempty"`
}

// A SecretHit is one place of one secret.
type SecretHit struct {
	Kind tfconfig.SecretKind `json:"kind"`
	// Name is what a written value is the value of, such as "password".
	Name string `json:"name,omitempty"`
	Path string `json:"path"`
	Line int    `json:"line,omitempty"`
	// Now says that it is in a file as it is now; else it is in the history alone, since Commit.
	Now    bool   `json:"now,omitempty"`
	Commit string `json:"commit,omitempty"`
}

// TerraformInGit scans a repository as GitKeys does, for Terraform's secrets beside AWS's keys.
var TerraformInGit = &facts.Read[GitKey, TerraformSecrets]{
	Name: "workstation.terraform-secrets",
	Fetch: func(ctx context.Context, a *facts.Access, _ GitKey) (TerraformSecrets, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return TerraformSecrets{}, err
		}
		found := &secretHits{at: map[SecretHit]int{}}
		h, err := door.scanGitWith(ctx, usualGitLimits(), found.scan)
		if err != nil {
			return TerraformSecrets{}, err
		}
		all := TerraformSecrets{
			GitHistory: h, Variables: found.variables[:min(len(found.variables), maxClosed)], Hits: []SecretHit{},
		}
		slices.SortStableFunc(found.hits, func(a, b SecretHit) int { return cmp.Compare(rankOf(a), rankOf(b)) })
		all.Hits = append(all.Hits, found.hits[:min(len(found.hits), maxKeys)]...)
		all.MoreHits = len(found.hits) - len(all.Hits)
		return all, nil
	},
}

func rankOf(h SecretHit) int {
	if h.Now {
		return 0
	}
	return 1
}

// secretHits collects the places of secrets. Each is there once, however often a file with it was committed.
type secretHits struct {
	hits      []SecretHit
	at        map[SecretHit]int
	variables []string
}

func (s *secretHits) scan(name string, now bool, commit string, data []byte) {
	if now && tfconfig.IsVariables(name) {
		s.variables = append(s.variables, maskedPath(name))
	}
	for _, secret := range tfconfig.Secrets(name, data) {
		id := SecretHit{Kind: secret.Kind, Name: secret.Name, Path: maskedPath(name)}
		i, known := s.at[id]
		if !known && len(s.hits) < maxHits {
			i = len(s.hits)
			s.at[id], s.hits = i, append(s.hits, id)
			known = true
			s.hits[i].Line = secret.Line
		}
		if !known {
			continue
		}
		hit := &s.hits[i]
		hit.Now = hit.Now || now
		if hit.Commit == "" {
			hit.Commit = shortID(commit)
		}
	}
}

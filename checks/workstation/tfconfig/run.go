package tfconfig

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// A Run is what Terraform itself says of a copy of a configuration. Only a person who asks for it gets one.
type Run struct {
	// FmtFailed and ValidateFailed say why one could not tell.
	FmtFailed      string `json:"fmtFailed,omitempty"`
	ValidateFailed string `json:"validateFailed,omitempty"`
	// Version is such as "1.11.4".
	Version string `json:"version,omitempty"`
	// Other are the files that fmt would write otherwise, at most 20, and MoreOther how many there are beyond them.
	// Unparsed says that fmt could not read one.
	Other     []string `json:"other,omitempty"`
	MoreOther int      `json:"moreOther,omitempty"`
	Unparsed  bool     `json:"unparsed,omitempty"`
	// Valid is the word of validate. Invalid are its errors, at most 20, without the lines that it quotes. Open is what
	// has to be installed before it can tell.
	Valid   bool      `json:"valid,omitempty"`
	Invalid []Problem `json:"invalid,omitempty"`
	Open    []string  `json:"open,omitempty"`
}

// The limits of a copy.
const (
	maxCopied      = 64 << 20 // bytes
	maxCopiedFiles = 5000
)

// Copy copies a folder without what Terraform passes over (hidden files and folders, the copies of editors) and without
// state. The installed modules of the configuration in dir and its lock file are copied too. Links are followed inside
// of the folder only, and a linked folder is an error. left says that hidden files were left out.
func Copy(folder fs.FS, dir string, to *os.Root) (left bool, err error) {
	c := &copier{from: folder, to: to}
	err = c.all(dir)
	return c.left, err
}

type copier struct {
	from         fs.FS
	to           *os.Root
	bytes, files int
	left         bool
}

func (c *copier) all(dir string) error {
	installed := path.Join(dir, ".terraform")
	return fs.WalkDir(c.from, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s cannot be read", name)
		}
		if c.files++; c.files > maxCopiedFiles {
			return fmt.Errorf("the folder holds more than %d files", maxCopiedFiles)
		}
		base := path.Base(name)
		modules := name == installed+"/modules" || strings.HasPrefix(name, installed+"/modules/")
		switch {
		case name == ".":
			return nil
		case e.IsDir() && (base == ".git" || ignored(base) && !modules && name != installed),
			e.IsDir() && path.Dir(name) == installed && !modules:
			c.left = c.left || base != ".git" && base != ".terraform" && path.Dir(name) != installed
			return fs.SkipDir
		case e.IsDir():
			return c.to.MkdirAll(name, 0o700)
		case path.Dir(name) == installed, strings.HasSuffix(base, ".tfstate"), strings.HasSuffix(base, ".tfstate.backup"):
			return nil
		case ignored(base) && base != ".terraform.lock.hcl" && !modules:
			c.left = true
			return nil
		}
		return c.file(name)
	})
}

func (c *copier) file(name string) error {
	f, err := c.from.Open(name)
	if err != nil {
		return fmt.Errorf("%s cannot be read", name)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("%s cannot be read", name)
	case info.IsDir():
		return fmt.Errorf("%s is a link to a folder, which is not copied", name)
	case !info.Mode().IsRegular():
		return nil
	}
	if c.bytes += int(min(info.Size(), maxCopied+1)); c.bytes > maxCopied {
		return fmt.Errorf("the folder holds more than %d MiB", maxCopied>>20)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxCopied))
	if err != nil {
		return fmt.Errorf("%s cannot be read", name)
	}
	return c.to.WriteFile(name, data, 0o600)
}

// Formatted reads what terraform fmt -check -list=true writes, one name of a file a line, and its exit code.
func (r *Run) Formatted(out []byte, code int) error {
	const unformatted, unparsed = 3, 2
	switch code {
	case 0, unformatted, unparsed:
	default:
		return fmt.Errorf("terraform fmt ended with exit code %d", code)
	}
	r.Unparsed = code == unparsed
	for line := range strings.Lines(string(out)) {
		name := strings.TrimSpace(line)
		switch {
		case code != unformatted || name == "":
		case len(r.Other) < maxKept:
			r.Other = append(r.Other, clipped(name))
		default:
			r.MoreOther++
		}
	}
	if code == unformatted && len(r.Other) == 0 {
		return fmt.Errorf("terraform fmt names no file that it would change")
	}
	return nil
}

// notInstalled are the summaries with which Terraform says that init has to be run before it can tell.
var notInstalled = []string{
	"Missing required provider", "Module not installed", "Module source has changed",
	"Module version requirements have changed", "Inconsistent dependency lock file",
	"Required plugins are not installed", "Backend initialization required", "Failed to load plugin schemas",
}

// Validated reads what terraform validate -json writes. left says that the copy lacks hidden files, which a function
// may have read.
func (r *Run) Validated(out []byte, left bool) error {
	var said struct {
		FormatVersion string `json:"format_version"`
		Valid         *bool  `json:"valid"`
		Diagnostics   []struct {
			Severity string `json:"severity"`
			Summary  string `json:"summary"`
			Range    struct {
				Filename string `json:"filename"`
				Start    struct {
					Line int `json:"line"`
				} `json:"start"`
			} `json:"range"`
		} `json:"diagnostics"`
	}
	if err := json.Unmarshal(out, &said); err != nil || said.Valid == nil || !strings.HasPrefix(said.FormatVersion, "1.") {
		return fmt.Errorf("terraform validate -json answers in a form that is not known")
	}
	r.Valid = *said.Valid
	for _, d := range said.Diagnostics {
		opens := slices.ContainsFunc(notInstalled, func(summary string) bool { return strings.HasPrefix(d.Summary, summary) })
		switch {
		case d.Severity != "error":
		case d.Summary == "Unsupported Terraform Core version":
			return fmt.Errorf("required_version does not let version %s of Terraform in, which is installed here", r.Version)
		case left && strings.HasPrefix(d.Summary, "Invalid function argument"):
			return fmt.Errorf("a function reads a hidden file, which the copy leaves out")
		case opens && len(r.Open) < maxKept:
			r.Open = append(r.Open, clipped(d.Summary))
		case !opens && len(r.Invalid) < maxKept:
			r.Invalid = append(r.Invalid, Problem{
				File: clipped(d.Range.Filename), Line: d.Range.Start.Line, What: clipped(d.Summary),
			})
		}
	}
	if !r.Valid && len(r.Invalid)+len(r.Open) == 0 {
		return fmt.Errorf("terraform validate says that something is wrong, and not what")
	}
	return nil
}

// VersionOf reads what terraform version -json writes.
func VersionOf(out []byte) (string, error) {
	var said struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &said); err != nil || said.Version == "" {
		return "", fmt.Errorf("terraform version -json answers in a form that is not known")
	}
	return clipped(said.Version), nil
}

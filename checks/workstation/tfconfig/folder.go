// Package tfconfig reads a folder with a Terraform configuration and says what is in it, without running Terraform:
// what it refuses, which backend and providers it names, how it is formatted. It follows no link out of the folder that
// it is given, keeps no value but those that a fact has a field for, and reads a bounded amount. For those who want
// Terraform's own word it copies the folder and reads what terraform fmt and validate said of the copy.
//
// What Terraform does was measured with version 1.11.4. Where only Terraform can tell (the arguments of a provider's
// resources, modules that are not installed), the answer says so and is never "valid".
//
// Files are read by hashicorp/hcl, which Terraform itself uses. terraform-config-inspect is not used: it passes over
// backends, override files and whatever it does not understand, which is what is asked for here.
package tfconfig

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A Folder is what is known of one configuration.
type Folder struct {
	// Dir is the folder of the root module, from where the search began; "." if it is that.
	Dir string `json:"dir"`
	// Roots are the folders that could be meant, where no single one is.
	Roots []string `json:"roots,omitempty"`
	// Files is how many files Terraform would read as the root module.
	Files int `json:"files"`
	// Invalid is what Terraform refuses, Open what has to be installed before it can tell, Unsure what is not known to
	// this program.
	Invalid []Problem `json:"invalid,omitempty"`
	Open    []string  `json:"open,omitempty"`
	Unsure  []Problem `json:"unsure,omitempty"`

	Format   Format       `json:"format"`
	Versions []Constraint `json:"versions,omitempty"`
	Backend  Backend      `json:"backend"`
	Needs    []Provider   `json:"needs,omitempty"`
	Lock     Lock         `json:"lock"`
	AWS      []AWS        `json:"aws,omitempty"`
	// TaggedResources says that a resource has tags of its own.
	TaggedResources bool `json:"taggedResources,omitempty"`
	// SameState are other folders whose backend names the same object.
	SameState []string `json:"sameState,omitempty"`
	// Incomplete says why not everything was read; "" means that everything was.
	Incomplete string `json:"incomplete,omitempty"`
	// Run is what Terraform itself said; nil where nobody asked it.
	Run *Run `json:"run,omitempty"`
}

// A Problem is something in a file.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	What string `json:"what"`
}

// String is the problem for people.
func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.What
	case p.Line == 0:
		return p.File + ": " + p.What
	}
	return fmt.Sprintf("%s line %d: %s", p.File, p.Line, p.What)
}

// The limits of what is read.
const (
	maxFile    = 1 << 20  // bytes of one file
	maxBytes   = 32 << 20 // of all files together
	maxEntries = 20_000   // names in folders
	maxDepth   = 12       // folders in one another
	maxKept    = 20       // problems of a kind that are kept
	maxText    = 200      // bytes of a text of a file that a fact holds
)

// errTooMuch ends the reading.
var errTooMuch = errors.New("the folder holds more than is read")

// A reader reads files until it has read too much.
type reader struct {
	fs.FS
	bytes, entries int
	skipped        string // why a part was left out
}

// Read reads the configuration in dir, or, where dir is "", the one that can be meant. workspace is what the
// environment chooses ($TF_WORKSPACE); data the folder in which Terraform keeps what it installs, ".terraform" but for
// $TF_DATA_DIR.
func Read(folder fs.FS, dir, workspace string) (Folder, error) {
	r := &reader{FS: folder}
	root, roots, err := r.find(dir)
	if err != nil {
		return Folder{}, err
	}
	f := Folder{Dir: root, Roots: roots}
	if root == "" {
		return f, nil
	}
	m, err := r.module(root)
	if err != nil {
		return Folder{}, err
	}
	f.Files = len(m.files)
	if err := r.format(root, &f.Format); err != nil {
		return Folder{}, err
	}
	r.judge(m, &f)
	f.Backend.Workspace = r.workspace(root, workspace)
	f.SameState = r.sameState(root, f.Backend)
	f.Incomplete = r.skipped
	trim(&f)
	return f, nil
}

// trim bounds what a fact holds.
func trim(f *Folder) {
	f.Invalid, f.Unsure = f.Invalid[:min(len(f.Invalid), maxKept)], f.Unsure[:min(len(f.Unsure), maxKept)]
	f.Open, f.Roots = f.Open[:min(len(f.Open), maxKept)], f.Roots[:min(len(f.Roots), maxKept)]
}

// skip notes that a part was left out.
func (r *reader) skip(format string, args ...any) {
	if r.skipped == "" {
		r.skipped = fmt.Sprintf(format, args...)
	}
}

// read reads a regular file. That there is none is no error: data is nil.
func (r *reader) read(name string) ([]byte, error) {
	f, err := r.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		r.skip("%s cannot be read", name) // a link that leads out among them
		return nil, nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil //nolint:nilerr // what is no file is not there
	}
	if info.Size() > maxFile {
		r.skip("%s is larger than %d MiB", name, maxFile>>20)
		return nil, nil
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		r.skip("%s cannot be read", name)
		return nil, nil
	}
	if r.bytes += len(data); r.bytes > maxBytes {
		return nil, errTooMuch
	}
	return append([]byte{}, data...), nil
}

// list lists a folder; one that is not there is empty.
func (r *reader) list(dir string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(r.FS, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.skip("the folder %s cannot be read", dir)
	}
	if r.entries += len(entries); r.entries > maxEntries {
		return nil, errTooMuch
	}
	return entries, nil
}

// ignored says whether Terraform passes over a name: hidden ones and the copies of editors.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#")
}

// isConfig says whether a file belongs to a module.
func isConfig(name string) bool {
	return !ignored(name) && (strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json"))
}

// isOverride says whether a file of a module changes what the others say.
func isOverride(name string) bool {
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".tf")
	return base == "override" || strings.HasSuffix(base, "_override")
}

// find finds the folder of the root module: dir, the current folder, or the only root below it. Folders that another
// one uses as a module are no roots.
func (r *reader) find(dir string) (root string, roots []string, err error) {
	if dir != "" {
		return path.Clean(dir), nil, nil
	}
	folders, err := r.configFolders(".", 0)
	if err != nil || slices.Contains(folders, ".") {
		return ".", nil, err
	}
	called, isRoot := map[string]bool{}, map[string]bool{}
	for _, folder := range folders {
		m, err := r.module(folder)
		if err != nil {
			return "", nil, err
		}
		for _, source := range m.localSources() {
			called[path.Join(folder, source)] = true
		}
		isRoot[folder] = m.looksLikeRoot()
	}
	for _, folder := range folders {
		library := slices.Contains(strings.Split(folder, "/"), "modules") && !isRoot[folder]
		if !called[folder] && !library {
			roots = append(roots, folder)
		}
	}
	switch {
	case len(folders) == 0:
		return ".", nil, nil // there is nothing, which is an answer
	case len(roots) == 1:
		return roots[0], nil, nil
	case len(roots) == 0:
		return "", folders, nil
	}
	return "", roots, nil
}

// configFolders lists the folders that hold files of a configuration. Links are not followed, nor hidden folders.
func (r *reader) configFolders(dir string, depth int) ([]string, error) {
	entries, err := r.list(dir)
	if err != nil || depth > maxDepth {
		return nil, err
	}
	var folders []string
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && isConfig(e.Name()) }) {
		folders = append(folders, dir)
	}
	for _, e := range entries {
		if !e.IsDir() || ignored(e.Name()) || e.Name() == "node_modules" {
			continue
		}
		below, err := r.configFolders(path.Join(dir, e.Name()), depth+1)
		if err != nil {
			return nil, err
		}
		folders = append(folders, below...)
	}
	return folders, nil
}

// sameState lists other folders whose backend names the same object of the same bucket.
func (r *reader) sameState(root string, b Backend) []string {
	if b.Type != "s3" || b.Settings["bucket"] == "" || b.Settings["key"] == "" {
		return nil
	}
	folders, err := r.configFolders(".", 0)
	if err != nil {
		return nil // it only serves advice
	}
	var same []string
	for _, folder := range folders {
		if folder == root {
			continue
		}
		m, err := r.module(folder)
		if err != nil {
			return nil
		}
		var other Backend
		r.backend(m, &other)
		if other.Type == "s3" && other.Settings["bucket"] == b.Settings["bucket"] &&
			other.Settings["key"] == b.Settings["key"] {
			same = append(same, folder)
		}
	}
	return same
}

// clipped is a text of a file that a fact may hold.
func clipped(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	return text
}

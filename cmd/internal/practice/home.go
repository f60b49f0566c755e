package practice

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/paths"
	"github.com/labcheck/labcheck/reports"
)

// podmanConfig is where Podman keeps its sign-ins, in the folder.
const podmanConfig = ".config/containers/auth.json"

// home is the folder that stands in for the home folder of somebody who practises: the tools keep their settings
// and sign-ins there.
type home struct {
	folder    string // absolute
	root      *os.Root
	temporary bool
}

// openHome makes the folder, beside the file of an account that is kept. What is in it already stays: it goes
// with the account.
func openHome(s *served) (*home, error) {
	h, err := makeHome(s.path)
	if err != nil {
		return nil, fmt.Errorf("no folder for the practice shell's settings: %w", err)
	}
	id, secret, token := s.account.Credentials()
	keys := fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", id, secret)
	if token != "" {
		keys += fmt.Sprintf("aws_session_token = %s\n", token)
	}
	err = errors.Join(
		h.write(gitIgnore, "*\n"), // the folder may be in a repository, and holds keys that look like real ones
		h.write(".aws/config", "[default]\nregion = "+region+"\n"),
		h.write(".aws/credentials", keys),
		h.write(".docker/config.json", dockerConfig(s)),
		h.isOwn(podmanConfig),
	)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the practice shell's settings cannot be written: %w", err), h.close())
	}
	return h, nil
}

func makeHome(state string) (*home, error) {
	if state == "" {
		folder, err := os.MkdirTemp("", "labcheck-practice-")
		if err != nil {
			return nil, err
		}
		root, err := os.OpenRoot(folder)
		return &home{folder, root, true}, err
	}
	beside, name, err := paths.ForWriting(state)
	if err != nil {
		return nil, err
	}
	defer func() { _ = beside.Close() }()
	root, err := paths.MakeFolderIn(beside, name+".home", 0o700)
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(filepath.Join(beside.Name(), name+".home"))
	return &home{folder, root, false}, errors.Join(err, root.Chmod(".", 0o700)) // it may have been made by hand
}

// gitIgnore are the patterns of a repository.
const gitIgnore = ".gitignore"

// keepOutOfGit lets git ignore a practice account that is kept in a repository, for it holds keys. A .gitignore that is
// there is its owner's: the line that it lacks is returned.
func keepOutOfGit(state string) (missing string, err error) {
	beside, name, err := paths.ForWriting(state)
	if err != nil {
		return "", err
	}
	defer func() { _ = beside.Close() }()
	if _, ok := paths.InRepository(state); !ok {
		return "", nil
	}
	line := "/" + strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(name) + "*"
	f, err := beside.OpenFile(gitIgnore, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		text, err := paths.Read(filepath.Join(beside.Name(), gitIgnore), 1<<20)
		if err != nil || slices.Contains(strings.Fields(string(text)), line) {
			return "", nil // one that cannot be read is no reason not to practise
		}
		return line, nil
	}
	if err != nil {
		return "", err
	}
	_, err = f.WriteString("# the practice account, which holds keys\n" + line + "\n")
	return "", errors.Join(err, f.Close())
}

// write makes a file that only its owner may read, unless it is there.
func (h *home) write(name, text string) error {
	if err := h.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := h.root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return h.isOwn(name)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// isOwn refuses a link in the place of a file that the tools write: it may lead to the person's own.
func (h *home) isOwn(name string) error {
	info, err := h.root.Lstat(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no ordinary file: remove it", h.path(name))
	}
	return nil
}

func (h *home) path(name string) string {
	return filepath.Join(h.folder, filepath.FromSlash(name))
}

// close removes the folder of an account that is not kept.
func (h *home) close() error {
	if !h.temporary {
		return h.root.Close()
	}
	return errors.Join(h.root.Close(), os.RemoveAll(h.folder))
}

// variables lead the tools to the folder.
func (h *home) variables(getenv func(string) string) []variable {
	set := []variable{
		{"AWS_CONFIG_FILE", h.path(".aws/config")},
		{"AWS_SHARED_CREDENTIALS_FILE", h.path(".aws/credentials")},
		{"DOCKER_CONFIG", h.path(".docker")},
		{"REGISTRY_AUTH_FILE", h.path(podmanConfig)},
		{"LABCHECK_SANDBOX", "1"},
	}
	if !h.temporary {
		set = append(set, variable{"LABCHECK_SANDBOX_STATE", strings.TrimSuffix(h.folder, ".home")})
		if profile := h.lastProfile(); profile != "" {
			set = append(set, variable{"AWS_PROFILE", profile})
		}
	}
	if host := dockerHost(getenv); host != "" {
		set = append(set, variable{"DOCKER_HOST", host})
	}
	return set
}

// writeLines writes a file that sets the environment of another terminal, and returns the line that reads it: by the
// shorter path, so that it fits a line.
func (h *home) writeLines(shell reports.Shell, set []variable) (line string, err error) {
	name := environmentFile(shell)
	if err := h.rewrite(name, joining(shell, set)); err != nil {
		return "", fmt.Errorf("the practice shell's settings cannot be written: %w", err)
	}
	file := h.path(name)
	if here, err := os.Getwd(); err == nil {
		if near, err := filepath.Rel(here, file); err == nil && !strings.HasPrefix(near, "..") {
			file = near
		}
	}
	return ". " + shell.Quote(file), nil
}

// secondTerminal are the variables that would lead the tools elsewhere in a terminal whose environment is not known.
func secondTerminal() []string {
	return []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	}
}

// dockerConfig is a configuration of Docker that is signed in to the practice registry if the practice machine is. It
// names the registry in any case, so that Docker does not look for a helper that keeps the sign-in where the person's
// own are.
func dockerConfig(s *served) string {
	entry := map[string]string{}
	if _, err := fs.Stat(s.account.Workstation().Home, ".docker/config.json"); err == nil {
		user, password := s.account.RegistryLogin(region)
		entry["auth"] = base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	}
	text, err := json.Marshal(map[string]any{"auths": map[string]any{s.address.String(): entry}})
	if err != nil {
		panic(err) // strings can always be written
	}
	return string(text) + "\n"
}

// dockerHost is where the person's Docker listens, for a Docker that reads another configuration than the person's:
// Docker Desktop and others name their socket in a context, which is part of it. It is "" where Docker finds its way by
// itself.
// https://docs.docker.com/engine/manage-resources/contexts/
func dockerHost(getenv func(string) string) string {
	if getenv("DOCKER_HOST") != "" {
		return ""
	}
	home := cmp.Or(getenv("HOME"), getenv("USERPROFILE"))
	folder := cmp.Or(getenv("DOCKER_CONFIG"), filepath.Join(home, ".docker"))
	var config struct {
		CurrentContext string `json:"currentContext"`
	}
	readJSON(filepath.Join(folder, "config.json"), &config)
	current := cmp.Or(getenv("DOCKER_CONTEXT"), config.CurrentContext)
	files, _ := filepath.Glob(filepath.Join(folder, "contexts", "meta", "*", "meta.json")) // the pattern is good
	for _, file := range files {
		var context struct {
			Name      string
			Endpoints map[string]struct{ Host string }
		}
		readJSON(file, &context)
		if context.Name == current {
			return context.Endpoints["docker"].Host
		}
	}
	return ""
}

// readJSON reads a file of Docker's as far as it can be read: what is missing is not set.
func readJSON(path string, into any) {
	if data, err := paths.Read(path, 1<<20); err == nil {
		_ = json.Unmarshal(data, into)
	}
}

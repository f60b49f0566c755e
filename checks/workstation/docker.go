package workstation

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
)

// DockerKey asks about the machine's only Docker configuration.
type DockerKey struct{}

// DockerConfig says to which registries Docker (or Podman, or Finch) is logged in. It holds no credential.
type DockerConfig struct {
	// Path is where there is something, as a person knows it, such as "~/.docker/config.json", or "$DOCKER_AUTH_CONFIG";
	// several are joined by a comma. If there is nothing it is all that was looked at.
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
	// CredsStore is the helper that keeps all logins, such as "desktop", "osxkeychain" or "ecr-login".
	CredsStore string `json:"credsStore,omitempty"`
	// CredHelpers names the helper of a registry by its host. Registries that no lab uses are not kept, here and in Auths.
	CredHelpers map[string]string `json:"credHelpers,omitempty"`
	// Auths are the registries with an entry of their own, sorted by host.
	Auths []DockerAuth `json:"auths"`
}

// DockerAuth is one registry that Docker knows a login for.
type DockerAuth struct {
	// Host is the registry's host name, without scheme and path.
	Host string `json:"host"`
	// HasAuth says that the credential is in the file. Without it a helper keeps it.
	HasAuth bool `json:"hasAuth"`
	// Expires is when the login ends, if its token says so: the token of Amazon ECR does, without a promise by AWS.
	Expires *time.Time `json:"expires,omitempty"`
}

// DockerLogins reads the configuration of Docker ($DOCKER_AUTH_CONFIG, $DOCKER_CONFIG or ~/.docker/config.json, and the
// home folder that snap gives Docker), of Finch, and of Podman, where its manual (containers-auth.json(5)) says that it
// is, for a person and for root:
// https://docs.docker.com/reference/cli/docker/login/#credential-stores
// https://runfinch.com/docs/managing-finch/linux/configuration/
//
// No credential helper is asked, and the credentials in the files are not kept.
var DockerLogins = &facts.Read[DockerKey, DockerConfig]{
	Name: "workstation.docker-logins",
	Fetch: func(_ context.Context, a *facts.Access, _ DockerKey) (DockerConfig, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return DockerConfig{}, err
		}
		return door.dockerLogins()
	},
}

func (d *Door) dockerLogins() (DockerConfig, error) {
	config := DockerConfig{Auths: []DockerAuth{}, CredHelpers: map[string]string{}}
	var read, looked []string
	if text := d.env(dockerVariable); text != "" {
		// Docker takes it before its file
		if err := config.add(filePath{shown: "$" + dockerVariable}, []byte(text)); err != nil {
			return DockerConfig{}, err
		}
		read = append(read, "$"+dockerVariable)
	}
	paths := d.dockerFiles()
	for _, p := range paths {
		looked = append(looked, p.shown)
		f, err := d.read(p)
		if errors.Is(err, fs.ErrPermission) && p.shown == rootAuth {
			continue // it is another user's
		}
		if err != nil {
			return DockerConfig{}, err
		}
		if !f.exists {
			continue
		}
		if err := config.add(p, f.data); err != nil {
			return DockerConfig{}, err
		}
		read = append(read, p.shown)
	}
	config.Exists = len(read) > 0
	config.Path = cmp.Or(strings.Join(read, ", "), strings.Join(looked, ", "))
	slices.SortFunc(config.Auths, func(a, b DockerAuth) int { return strings.Compare(a.Host, b.Host) })
	return config, nil
}

// rootAuth is Podman's file for root.
const rootAuth = "/run/containers/0/auth.json"

// dockerVariable holds the same JSON as Docker's file, for pipelines.
const dockerVariable = "DOCKER_AUTH_CONFIG"

// dockerFiles are the paths of the files, Docker's first.
func (d *Door) dockerFiles() []filePath {
	docker := inHome(".docker")
	if d.env("DOCKER_CONFIG") != "" {
		docker = d.pathFrom("DOCKER_CONFIG", "")
	}
	paths := []filePath{docker.join("config.json")}
	if d.machine.GOOS != "windows" {
		paths = append(paths, inHome(d.snapFolder()).join(".docker/config.json"), inHome(".finch/config.json"))
	}
	switch {
	case d.env("REGISTRY_AUTH_FILE") != "":
		return append(paths, d.pathFrom("REGISTRY_AUTH_FILE", ""))
	case d.machine.Open == nil:
	case d.env("XDG_RUNTIME_DIR") != "":
		paths = append(paths, d.pathFrom("XDG_RUNTIME_DIR", "").join("containers/auth.json"))
	case d.machine.RuntimeFolder != "":
		name := path.Join(d.machine.RuntimeFolder, "containers/auth.json")
		paths = append(paths, filePath{outside: name, shown: name})
	}
	if d.machine.GOOS == "linux" && d.machine.Open != nil { // as root, sudo podman login
		paths = append(paths, filePath{outside: rootAuth, shown: rootAuth})
	}
	if d.env("XDG_CONFIG_HOME") != "" && d.machine.Open != nil {
		paths = append(paths, d.pathFrom("XDG_CONFIG_HOME", "").join("containers/auth.json"))
	}
	return append(paths, inHome(".config/containers/auth.json"))
}

// snapFolder is what snap gives Docker as its home folder: that of the revision in use, else that of the newest one.
func (d *Door) snapFolder() string {
	const revisions, inUse = "snap/docker", "snap/docker/current"
	if d.machine.Home == nil {
		return inUse
	}
	if _, err := fs.ReadDir(d.machine.Home, inUse); err == nil {
		return inUse
	}
	entries, _ := fs.ReadDir(d.machine.Home, revisions) // without that folder there are none
	newest := 0
	for _, entry := range entries {
		if n, err := strconv.Atoi(entry.Name()); err == nil {
			newest = max(newest, n)
		}
	}
	if newest == 0 {
		return inUse
	}
	return path.Join(revisions, strconv.Itoa(newest))
}

// dockerFile is the part of Docker's configuration file that is about logins. Podman writes the same.
type dockerFile struct {
	Auths       map[string]dockerEntry `json:"auths"`
	CredsStore  string                 `json:"credsStore"`
	CredHelpers map[string]string      `json:"credHelpers"`
}

// dockerEntry may hold credentials: it is never kept.
type dockerEntry struct {
	Auth          string `json:"auth"`
	Password      string `json:"password"`
	IdentityToken string `json:"identitytoken"`
	RegistryToken string `json:"registrytoken"`
}

// add takes in one file. Of a registry that is in two files the login in the first one counts.
func (c *DockerConfig) add(p filePath, data []byte) error {
	var f dockerFile
	if len(bytes.TrimSpace(data)) == 0 {
		return nil // an empty file is one without a login
	}
	if err := json.Unmarshal(data, &f); err != nil {
		// the error's own text may quote the file
		return facts.Errorf(facts.InvalidResponse, "%s is not the JSON of Docker", p.shown)
	}
	c.CredsStore = cmp.Or(c.CredsStore, masked(f.CredsStore))
	for _, name := range slices.Sorted(maps.Keys(f.CredHelpers)) {
		host := registryHost(name)
		if _, known := c.CredHelpers[host]; !known && mayBeOfLab(host) {
			c.CredHelpers[host] = masked(f.CredHelpers[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Auths)) {
		host := registryHost(name)
		if mayBeOfLab(host) && !slices.ContainsFunc(c.Auths, func(a DockerAuth) bool { return a.Host == host }) {
			c.Auths = append(c.Auths, f.Auths[name].facts(host))
		}
	}
	return nil
}

func (e dockerEntry) facts(host string) DockerAuth {
	return DockerAuth{
		Host:    host,
		HasAuth: e.Auth+e.Password+e.IdentityToken+e.RegistryToken != "",
		Expires: tokenEnd(e.Auth),
	}
}

// mayBeOfLab says whether a registry may be one of a lab: Amazon ECR's, or with a port that of a practice account.
// Where else somebody works is nobody's business, and the facts are handed in.
func mayBeOfLab(host string) bool {
	return strings.Contains(host, "ecr") || strings.Contains(host, ":")
}

// registryHost cuts scheme and path off a registry's name: Docker has written it in several forms over the years.
func registryHost(name string) string {
	if _, rest, ok := strings.Cut(name, "://"); ok {
		name = rest
	}
	host, _, _ := strings.Cut(name, "/")
	return strings.ToLower(masked(host))
}

// tokenEnd reads when a token of Amazon ECR ends. Inside "AWS:<token>" the token is JSON in base 64; that is not
// documented, so a token of another shape is only one whose end is not known.
func tokenEnd(auth string) *time.Time {
	login, err := base64.StdEncoding.DecodeString(auth)
	if err != nil {
		return nil
	}
	user, token, _ := strings.Cut(string(login), ":")
	if user != "AWS" {
		return nil
	}
	inner, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return nil
	}
	var t struct {
		Expiration int64 `json:"expiration"`
	}
	if json.Unmarshal(inner, &t) != nil || t.Expiration <= 0 || t.Expiration > maxEpoch {
		return nil
	}
	end := time.Unix(t.Expiration, 0).UTC()
	return &end
}

// maxEpoch is the end of the year 9999 in seconds since 1970: later times cannot be written as JSON.
const maxEpoch = 253402300799

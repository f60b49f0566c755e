package workstation_test

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com"

// ecrAuth is what docker login keeps of Amazon ECR's password.
func ecrAuth(expiration string) string {
	token := base64.StdEncoding.EncodeToString([]byte(
		`{"payload":"` + canaryToken + `","type":"DATA_KEY","expiration":` + expiration + `}`))
	return base64.StdEncoding.EncodeToString([]byte("AWS:" + token))
}

func dockerOf(t *testing.T, o workstation.Options) (workstation.DockerConfig, error) {
	t.Helper()
	return look(t, workstation.DockerLogins, workstation.DockerKey{}, workstation.New(o))
}

func TestDockerLogins(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC)
	login := func(auth string) string { return fmt.Sprintf(`{"auths":{"%s":{"auth":"%s"}}}`, registry, auth) }
	for name, test := range map[string]struct {
		files map[string]string
		want  workstation.DockerConfig
	}{
		"no file": {
			want: workstation.DockerConfig{Path: "~/.docker/config.json, ~/snap/docker/current/.docker/config.json, " +
				"~/.finch/config.json, ~/.config/containers/auth.json", Auths: []workstation.DockerAuth{}},
		},
		"an empty file": {
			files: map[string]string{".docker/config.json": "\n"},
			want:  workstation.DockerConfig{Path: "~/.docker/config.json", Exists: true, Auths: []workstation.DockerAuth{}},
		},
		"the Docker of snap": {
			files: map[string]string{"snap/docker/current/.docker/config.json": login("eDp5")},
			want: workstation.DockerConfig{
				Path: "~/snap/docker/current/.docker/config.json", Exists: true,
				Auths: []workstation.DockerAuth{{Host: registry, HasAuth: true}},
			},
		},
		"a revision of snap": {
			files: map[string]string{
				"snap/docker/2285/.docker/config.json": login("eDp5"), "snap/docker/99/.docker/config.json": "{}",
				"snap/docker/current": "2285",
			},
			want: workstation.DockerConfig{
				Path: "~/snap/docker/2285/.docker/config.json", Exists: true,
				Auths: []workstation.DockerAuth{{Host: registry, HasAuth: true}},
			},
		},
		"Finch": {
			files: map[string]string{".finch/config.json": `{"auths": null, "credsStore": "ecr-login"}`},
			want: workstation.DockerConfig{
				Path: "~/.finch/config.json", Exists: true, CredsStore: "ecr-login", Auths: []workstation.DockerAuth{},
			},
		},
		"an ECR token": {
			files: map[string]string{".docker/config.json": login(ecrAuth(fmt.Sprint(midnight.Unix())))},
			want: workstation.DockerConfig{Path: "~/.docker/config.json", Exists: true, Auths: []workstation.DockerAuth{
				{Host: registry, HasAuth: true, Expires: &midnight},
			}},
		},
		"a token of another shape": {
			files: map[string]string{
				".docker/config.json": login(base64.StdEncoding.EncodeToString([]byte("AWS:" + canarySecret))),
			},
			want: workstation.DockerConfig{Path: "~/.docker/config.json", Exists: true, Auths: []workstation.DockerAuth{
				{Host: registry, HasAuth: true},
			}},
		},
		"a helper keeps it": {
			files: map[string]string{".docker/config.json": `{"auths":{"https://` + registry + `/v2/":{}},"credsStore":"desktop",
				"credHelpers":{"public.ecr.aws":"ecr-login"}}`},
			want: workstation.DockerConfig{
				Path: "~/.docker/config.json", Exists: true, CredsStore: "desktop",
				CredHelpers: map[string]string{"public.ecr.aws": "ecr-login"},
				Auths:       []workstation.DockerAuth{{Host: registry}},
			},
		},
		"Docker's file goes before Podman's": {
			files: map[string]string{
				".docker/config.json": `{"auths":{"b.ecr.example":{}}}`,
				".config/containers/auth.json": `{"auths":{"b.ecr.example":{"auth":"eDp5"},
					"a.ecr.example":{"identitytoken":"` + canaryToken + `"}}}`,
			},
			want: workstation.DockerConfig{
				Path: "~/.docker/config.json, ~/.config/containers/auth.json", Exists: true,
				Auths: []workstation.DockerAuth{{Host: "a.ecr.example", HasAuth: true}, {Host: "b.ecr.example"}},
			},
		},
		"keys where names belong": {
			files: map[string]string{".docker/config.json": `{"credsStore":"` + canarySecret + `",
				"auths":{"` + canaryID + `":{"password":"` + canarySecret + `"}}}`},
			want: workstation.DockerConfig{
				Path: "~/.docker/config.json", Exists: true, CredsStore: "(hidden)",
				Auths: []workstation.DockerAuth{},
			},
		},
		"registries that no lab uses": {
			files: map[string]string{".docker/config.json": `{
				"auths":{"https://index.docker.io/v1/":{},"git.example.com":{},"localhost:8080":{}},
				"credHelpers":{"gcr.io":"gcloud"}}`},
			want: workstation.DockerConfig{
				Path: "~/.docker/config.json", Exists: true, Auths: []workstation.DockerAuth{{Host: "localhost:8080"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := dockerOf(t, workstation.Options{Home: home(test.files)})
			require.NoError(t, err)
			if test.want.CredHelpers == nil {
				test.want.CredHelpers = map[string]string{}
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestDockerFilesThatAVariableNames(t *testing.T) {
	t.Parallel()
	elsewhere := fstest.MapFS{
		"cfg/config.json":               &fstest.MapFile{Data: []byte(`{"auths":{"docker.ecr.example":{}}}`)},
		"run/user/containers/auth.json": &fstest.MapFile{Data: []byte(`{"auths":{"podman.ecr.example":{}}}`)},
		"auth.json":                     &fstest.MapFile{Data: []byte(`{"auths":{"named.ecr.example":{}}}`)},
	}
	open := func(name string) (fs.File, error) { return elsewhere.Open(name[1:]) }
	for name, test := range map[string]struct {
		env  map[string]string
		want string
		path string
	}{
		"DOCKER_CONFIG": {
			map[string]string{"DOCKER_CONFIG": "/cfg"},
			"docker.ecr.example",
			"$DOCKER_CONFIG/config.json",
		},
		"XDG_RUNTIME_DIR": {
			map[string]string{"XDG_RUNTIME_DIR": "/run/user"},
			"podman.ecr.example",
			"$XDG_RUNTIME_DIR/containers/auth.json",
		},
		"REGISTRY_AUTH_FILE": {
			map[string]string{"REGISTRY_AUTH_FILE": "/auth.json"},
			"named.ecr.example",
			"$REGISTRY_AUTH_FILE",
		},
		"DOCKER_AUTH_CONFIG": {
			map[string]string{"DOCKER_AUTH_CONFIG": `{"auths":{"variable.ecr.example":{}}}`},
			"variable.ecr.example",
			"$DOCKER_AUTH_CONFIG",
		},
		"XDG_CONFIG_HOME": {
			map[string]string{"XDG_CONFIG_HOME": "/run/user"},
			"podman.ecr.example",
			"$XDG_CONFIG_HOME/containers/auth.json",
		},
		"in the home folder": {map[string]string{"DOCKER_CONFIG": "~/other"}, "home.ecr.example", "~/other/config.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := dockerOf(t, workstation.Options{
				Home: home(map[string]string{"other/config.json": `{"auths":{"home.ecr.example":{}}}`}), Open: open,
				Env: env(test.env),
			})
			require.NoError(t, err)
			require.Equal(t, test.path, got.Path)
			require.Equal(t, []workstation.DockerAuth{{Host: test.want}}, got.Auths)
		})
	}
}

func TestDockerFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	_, err := dockerOf(t, workstation.Options{Home: home(map[string]string{".docker/config.json": canarySecret})})
	requireReason(t, facts.InvalidResponse, err)

	_, err = dockerOf(t, workstation.Options{Home: fstest.MapFS{".docker/config.json": &fstest.MapFile{Mode: fs.ModeDir}}})
	requireReason(t, facts.NotLooked, err)

	_, err = dockerOf(t, workstation.Options{Home: home(map[string]string{".docker/config.json": string(make([]byte,
		2<<20))})})
	requireReason(t, facts.NotLooked, err)

	_, err = dockerOf(t, workstation.Options{Home: home(nil), Env: env(map[string]string{"DOCKER_CONFIG": "/x"})})
	requireReason(t, facts.NotLooked, err)
}

// Podman keeps the logins of a person where they end with the session, and those of root elsewhere.
func TestDockerFilesOfPodman(t *testing.T) {
	t.Parallel()
	machine := fstest.MapFS{
		"run/user/7/containers/auth.json": &fstest.MapFile{Data: []byte(`{"auths":{"mine.ecr.example":{}}}`)},
		"run/containers/0/auth.json":      &fstest.MapFile{Data: []byte(`{"auths":{"root.ecr.example":{}}}`)},
	}
	got, err := dockerOf(t, workstation.Options{
		Home: home(nil), GOOS: "linux", RuntimeFolder: "/run/user/7",
		Open: func(name string) (fs.File, error) { return machine.Open(name[1:]) },
	})
	require.NoError(t, err)
	require.Equal(t, "/run/user/7/containers/auth.json, /run/containers/0/auth.json", got.Path)
	require.Equal(t, []workstation.DockerAuth{{Host: "mine.ecr.example"}, {Host: "root.ecr.example"}}, got.Auths)
}

//go:build conformance

// Package cli_test has the real AWS CLI judge the home folders of checks/cli/testdata/homes.json: the tests of the
// check hold labcheck's reading of them against what is recorded there.
package cli_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const homesFile = "../../../../checks/cli/testdata/homes.json"

var (
	update = flag.Bool("update", false, "record what the AWS CLI says")
	all    = flag.Bool("all", false, "judge every home folder, not a sample")
)

// home is a home folder as homes.json has it. $HOME in a text stands for the folder's own path.
type home struct {
	Name   string               `json:"name"`
	Files  map[string]string    `json:"files"`
	Env    map[string]string    `json:"env,omitempty"`
	Judged map[string]judgement `json:"judged,omitempty"` // by the AWS CLI's version
}

// judgement is what the AWS CLI does in a home folder.
type judgement struct {
	Works bool `json:"works"`
	// Key is the end of the access key id with which it asks.
	Key string `json:"key,omitempty"`
	// Region is what aws configure list says; "" for none, or if it fails.
	Region string `json:"region,omitempty"`
	// Says is the end of what it says when it fails.
	Says string `json:"says,omitempty"`
}

// TestConformanceJudge runs sts get-caller-identity and configure list in each home folder: with the aws of the PATH,
// or with those that AWS_CLIS names, as PATH does.
func TestConformanceJudge(t *testing.T) {
	data, err := os.ReadFile(homesFile)
	require.NoError(t, err)
	var homes []*home
	require.NoError(t, json.Unmarshal(data, &homes))
	clis := filepath.SplitList(os.Getenv("AWS_CLIS"))
	if len(clis) == 0 {
		clis = []string{"aws"}
	}
	ca := newAuthority(t)
	var recording sync.Mutex
	t.Run("all", func(t *testing.T) {
		for _, cli := range clis {
			version := versionOf(t, cli)
			for n, h := range homes {
				if !*all && n%sample != 0 {
					continue
				}
				t.Run(version+"/"+h.Name, func(t *testing.T) {
					t.Parallel()
					got := judge(t, cli, ca, h)
					recording.Lock()
					defer recording.Unlock()
					if *update {
						if h.Judged == nil {
							h.Judged = map[string]judgement{}
						}
						h.Judged[version] = got
						return
					}
					if recorded, ok := h.Judged[version]; ok {
						require.Equal(t, recorded, got)
					}
				})
			}
		}
	})
	if *update {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "\t")
		require.NoError(t, encoder.Encode(homes))
		require.NoError(t, os.WriteFile(homesFile, out.Bytes(), 0o644))
	}
}

// sample is the part of the home folders that is judged without -all: one in so many.
const sample = 24

func versionOf(t *testing.T, cli string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), cli, "--version").Output()
	require.NoError(t, err)
	version := regexp.MustCompile(`aws-cli/([0-9.]+)`).FindSubmatch(out)
	require.NotNil(t, version, "%s", out)
	return string(version[1])
}

// regionLine is that of aws configure list, in the forms of both versions.
var regionLine = regexp.MustCompile(`(?m)^\s*region\s+(?::\s+)?(.*?)\s+(?::\s+)?(?:config-file|env|None)\b`)

// ofToday is the date in a signature.
var ofToday = regexp.MustCompile(`/20\d{6}/`)

func judge(t *testing.T, cli string, ca *authority, h *home) judgement {
	t.Helper()
	folder := t.TempDir()
	expand := func(text string) string { return strings.ReplaceAll(text, "$HOME", folder) }
	for name, text := range h.Files {
		data := []byte(expand(text))
		if encoded, ok := strings.CutPrefix(text, "base64:"); ok {
			var err error
			data, err = base64.StdEncoding.DecodeString(encoded)
			require.NoError(t, err)
		}
		if text == "CA" {
			data = []byte(ca.pem)
		}
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(bundle, []byte(ca.pem), 0o600))
	world := newInternet(t, ca)
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "AWS_EC2_METADATA_DISABLED=true", "LC_ALL=C.UTF-8",
		"HTTPS_PROXY=" + world.server.URL, "HTTP_PROXY=" + world.server.URL,
	}
	if !strings.Contains(h.Files[".aws/config"], "ca_bundle") {
		env = append(env, "AWS_CA_BUNDLE="+bundle)
	}
	for name, value := range h.Env {
		env = append(env, name+"="+expand(value))
	}
	run := func(args ...string) (stdout, stderr string, err error) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		cmd := exec.CommandContext(ctx, cli, args...)
		var out, errs bytes.Buffer
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = folder, env, &out, &errs
		err = cmd.Run()
		return out.String(), errs.String(), err
	}
	_, says, err := run("sts", "get-caller-identity")
	j := judgement{Works: err == nil}
	if key := world.asked(); key != "" {
		j.Key = key[max(0, len(key)-4):]
	}
	if !j.Works {
		lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(says, folder, "$HOME")), "\n")
		j.Says = lines[len(lines)-1]
		if len(j.Says) > 200 {
			j.Says = strings.ToValidUTF8(j.Says[:200], "")
		}
		j.Says = ofToday.ReplaceAllString(j.Says, "/DATE/")
	}
	list, _, _ := run("configure", "list")
	if m := regionLine.FindStringSubmatch(list); m != nil && m[1] != "<not set>" {
		j.Region = m[1]
	}
	return j
}

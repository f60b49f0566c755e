package cmd

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
)

// dockerHost is where the person's Docker listens, for a Docker that reads another configuration than the person's: Docker
// Desktop and others name their socket in a context, which is part of it. It is "" where Docker finds its way by itself.
// https://docs.docker.com/engine/manage-resources/contexts/
func dockerHost(env Env) string {
	if env.getenv("DOCKER_HOST") != "" {
		return ""
	}
	home := cmp.Or(env.getenv("HOME"), env.getenv("USERPROFILE"))
	folder := cmp.Or(env.getenv("DOCKER_CONFIG"), filepath.Join(home, ".docker"))
	var config struct {
		CurrentContext string `json:"currentContext"`
	}
	readJSON(filepath.Join(folder, "config.json"), &config)
	current := cmp.Or(env.getenv("DOCKER_CONTEXT"), config.CurrentContext)
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
	if data, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(data, into)
	}
}

// Package sandboxtest has accounts for tests that need a practice account and no lab. They are nobody's but the tests':
// the accounts of a lab stand in its folder, and change with it.
package sandboxtest

import (
	"embed"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox"
)

//go:embed *.json
var files embed.FS

// States names the accounts: one just opened, one with half of the work done, one with all of it.
func States() []string { return []string{"fresh", "half-done", "finished"} }

// Load reads one of the accounts. Ages in it are counted back from now.
func Load(name string, now time.Time) (*sandbox.State, error) {
	data, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, err
	}
	return sandbox.Parse(data, now)
}

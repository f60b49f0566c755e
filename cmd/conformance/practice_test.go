//go:build conformance

package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// practice is something that the emulator cannot represent, and so is graded on the practice account: one of its
// states, changed.
type practice struct {
	name string
	// reason says why the emulator cannot represent it.
	reason string
	// state is the practice account's; "" is finished.
	state string
	// edits are made to the state.
	edits []edit
	// changes are the verdicts that differ from finished.
	changes table
	// says are words that must stand in what is found of a step.
	says table
}

// edit sets one value of a state. Its path has the names of fields and the positions in lists, with dots.
type edit struct {
	path  string
	value any
}

// practises grades a state of the practice account.
func (j *judge) practises(t *testing.T, p practice) {
	want, err := finished().with(p.changes)
	require.NoError(t, err)
	nobody := newStudent(t, j.labcheck, practiceTools, "", "")
	state := p.state
	if len(p.edits) > 0 {
		state = edited(t, p.edits)
	} else if state == "" {
		state = "finished"
	}
	r := nobody.grades(t, "--sandbox="+state)
	list := r.problems(want)
	if r.Source != "sandbox" {
		list = append(list, "the source is "+r.Source)
	}
	for id, words := range p.says {
		if got := r.step(id).words(); !strings.Contains(got, words) {
			list = append(list, id+" does not say "+words+", but: "+got)
		}
	}
	none(t, list)
	j.ledger.judged(&j.ledger.practised)
}

// edited writes a changed copy of the finished state and names the file.
func edited(t *testing.T, edits []edit) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "labs", "module-1.2", "accounts", "finished.json"))
	require.NoError(t, err)
	var state any
	require.NoError(t, json.Unmarshal(data, &state))
	for _, e := range edits {
		state = put(state, strings.Split(e.path, "."), e.value)
	}
	data, err = json.Marshal(state)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// put returns the document with a value at a path. Fields on the way that are missing are made.
func put(document any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if list, ok := document.([]any); ok {
		i, err := strconv.Atoi(path[0])
		if err != nil {
			panic("a list has positions, not " + path[0])
		}
		list[i] = put(list[i], path[1:], value)
		return list
	}
	fields, ok := document.(map[string]any)
	if !ok {
		fields = map[string]any{}
	}
	fields[path[0]] = put(fields[path[0]], path[1:], value)
	return fields
}

package cmd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Where things are in the finished state, as JSON Pointers (RFC 6901).
const (
	atRoot       = "/root"
	atCaller     = "/caller"
	atAlice      = "/iam/users/0"
	atLearners   = "/iam/groups/0"
	atRegion     = "/regions/us-east-1"
	atRepository = atRegion + "/ecr/repositories/0"
	atImage      = atRepository + "/images/0"
	atLogGroup   = atRegion + "/logs/groups/0"
	atNetwork    = atRegion + "/ec2/network"
	atAlarm      = atRegion + "/alarms/0"
	atTopic      = atRegion + "/topics/0"
	atFiles      = "/workstation/files"
	atCLIConfig  = atFiles + "/.aws~1config"
	atCLIKeys    = atFiles + "/.aws~1credentials"
	atDocker     = atFiles + "/.docker~1config.json"
)

// edit changes the document of a state and returns it.
type edit func(t testing.TB, state any) any

// set puts JSON at a place; "-" at the end of the place is behind the last item of a list. What the place is in must be
// there: a misspelt place is a mistake of the test.
func set(place, value string) edit {
	return func(t testing.TB, state any) any {
		return change(t, state, place, func(any, bool) (any, bool) { return decoded(value), true })
	}
}

// text puts a text at a place.
func text(place, value string) edit { return set(place, quoted(value)) }

// decoded is what JSON says, which is part of a test and so has no mistake.
func decoded(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(err.Error() + ": " + text)
	}
	return v
}

func quoted(value string) string {
	data, err := json.Marshal(value)
	if err != nil { // a string always has a JSON form
		panic(err)
	}
	return string(data)
}

// drop takes what is at a place away.
func drop(place string) edit {
	return func(t testing.TB, state any) any {
		return change(t, state, place, func(_ any, there bool) (any, bool) {
			require.True(t, there, "there is nothing at %s", place)
			return nil, false
		})
	}
}

// replace changes a part of a text.
func replace(place, old, with string) edit {
	return func(t testing.TB, state any) any {
		return change(t, state, place, func(was any, _ bool) (any, bool) {
			require.Contains(t, was, old, place)
			return strings.ReplaceAll(was.(string), old, with), true
		})
	}
}

// move takes what is at a place to another one.
func move(from, to string) edit {
	return func(t testing.TB, state any) any {
		var moved any
		state = change(t, state, from, func(was any, there bool) (any, bool) {
			require.True(t, there, "there is nothing at %s", from)
			moved = was
			return nil, false
		})
		return change(t, state, to, func(any, bool) (any, bool) { return moved, true })
	}
}

// all makes several edits, one after the other.
func all(edits ...edit) edit {
	return func(t testing.TB, state any) any {
		for _, e := range edits {
			state = e(t, state)
		}
		return state
	}
}

// change lets with decide what is at a place, and whether anything is.
func change(t testing.TB, document any, place string, with func(was any, there bool) (is any, keep bool)) any {
	t.Helper()
	if place == "" {
		is, _ := with(document, true)
		return is
	}
	first, rest, deeper := strings.Cut(strings.TrimPrefix(place, "/"), "/")
	if deeper {
		rest, inner := "/"+rest, with
		with = func(was any, there bool) (any, bool) {
			require.True(t, there, "there is no %s before %s", first, rest)
			return change(t, was, rest, inner), true
		}
	}
	switch document := document.(type) {
	case []any:
		return changeItem(t, document, first, with)
	case map[string]any:
		name := strings.NewReplacer("~1", "/", "~0", "~").Replace(first)
		was, there := document[name]
		delete(document, name)
		if is, keep := with(was, there); keep {
			document[name] = is
		}
		return document
	}
	require.Fail(t, "nothing can be in a "+first, "%v", document)
	return nil
}

func changeItem(t testing.TB, list []any, position string, with func(was any, there bool) (any, bool)) []any {
	t.Helper()
	if position == "-" {
		is, _ := with(nil, false)
		return append(list, is)
	}
	i, err := strconv.Atoi(position)
	require.NoError(t, err, "a list has positions")
	require.Less(t, i, len(list), "the list is shorter")
	is, keep := with(list[i], true)
	if !keep {
		return append(list[:i:i], list[i+1:]...)
	}
	list[i] = is
	return list
}

// finishedState is the finished account with its network written out, which a state leaves to AWS's own default.
func finishedState(t testing.TB) any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "labs", "module-1.2", "accounts", "finished.json"))
	require.NoError(t, err)
	var state any
	require.NoError(t, json.Unmarshal(data, &state))
	return set(atRegion+"/ec2", `{"network": `+defaultNetwork()+`}`)(t, state)
}

// stateFile writes an edited finished state for --sandbox.
func stateFile(t testing.TB, e edit) string {
	t.Helper()
	data, err := json.Marshal(e(t, finishedState(t)))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

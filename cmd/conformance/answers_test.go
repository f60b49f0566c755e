//go:build conformance

package conformance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answers are what one side answered to the reads: the fields with their types, by operation and outcome.
type answers map[string]map[string]string

// asks types the same commands at a side, and keeps what it answered.
func (j *judge) asks(t *testing.T, who side) []*exchange {
	t.Helper()
	var endpoint, account string
	var key credentials
	if who == theEmulator {
		var err error
		endpoint, account = j.emulator.url, fmt.Sprint(firstAccount-1)
		key, err = j.emulator.landing(account)
		require.NoError(t, err)
	} else {
		served := j.serves(t)
		endpoint, account, key = served.endpoint(), practiceNumber, served.key()
	}
	between := taps(t, endpoint)
	s := newStudent(t, j.labcheck, emulatorTools, between.url, account)
	s.types(t, setUp, key...)
	if set := between.takes(); who == thePractice {
		j.upholds(t, set)
	}
	// What the emulator lacks, it lacks at the second attempt, too.
	s.types(t, "set +e\n"+reads+"\ntrue", append(slices.Clone(key), "AWS_MAX_ATTEMPTS=1")...)
	return between.takes()
}

// compareAnswers compares the answers of both sides, field by field.
func (j *judge) compareAnswers(t *testing.T) {
	sides := map[side]answers{theEmulator: {}, thePractice: {}}
	for who, got := range sides {
		kept := j.asks(t, who)
		if who == thePractice {
			j.upholds(t, kept)
		}
		for _, e := range kept {
			one := j.models.judges(t, e)
			if got[one.outcome()] == nil {
				got[one.outcome()] = map[string]string{}
			}
			maps.Copy(got[one.outcome()], one.fields)
			if who == theEmulator {
				j.ledger.breached(one.wrongs())
			}
		}
	}
	var list []string
	for _, who := range []side{theEmulator, thePractice} {
		other := theEmulator
		if who == theEmulator {
			other = thePractice
		}
		for _, outcome := range slices.Sorted(maps.Keys(sides[who])) {
			if sides[other][outcome] == nil {
				list = append(list, j.only(who, outcome, "")...)
				continue
			}
			for _, field := range slices.Sorted(maps.Keys(sides[who][outcome])) {
				if kind, there := sides[other][outcome][field]; !there {
					list = append(list, j.only(who, outcome, field)...)
				} else if kind == sides[who][outcome][field] {
					j.answers.agrees(1)
				}
			}
		}
	}
	none(t, list)
}

// only notes what one side alone has.
func (j *judge) only(who side, outcome, field string) []string {
	if what := strings.TrimSpace(fmt.Sprintf("only %s: %s %s", who, outcome, field)); !j.answers.differs(what) {
		return []string{"undeclared: " + what}
	}
	return nil
}

// unread lists the reads of the practice account of which no answer was seen, by its own sources.
func (j *judge) unread(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "labs", "sandbox", "*.go"))
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, operation := range j.wire.operations() {
		_, name, _ := strings.Cut(operation, ":")
		seen[name] = true
	}
	var list []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, name := range regexp.MustCompile(`\bop\("(\w+)"`).FindAllSubmatch(source, -1) {
			if !seen[string(name[1])] {
				list = append(list, string(name[1]))
			}
		}
	}
	return list
}

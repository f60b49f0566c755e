//go:build conformance

package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ledger counts what was judged, for the summary at the end. It is safe for concurrent use.
type ledger struct {
	mu                  sync.Mutex
	emulated, practised int                      // scenarios
	fixes               map[string]bool          // the steps whose printed commands were typed on the emulator
	loops               int                      // starts from which all was fixed
	commands            int                      // that real clients typed at a practice account
	breaches            map[string]bool          // what AWS's models say is wrong in the emulator's answers
	greens              map[means]map[string]int // how often each step became green so
}

func newLedger() *ledger {
	return &ledger{
		fixes: map[string]bool{}, breaches: map[string]bool{},
		greens: map[means]map[string]int{byCommand: {}, bySimulation: {}},
	}
}

// judged notes a scenario whose whole table was compared.
func (l *ledger) judged(scenarios *int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*scenarios++
}

// typed notes a fix whose commands were typed.
func (l *ledger) typed(step string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fixes[step] = true
}

// breached notes what is wrong in an answer of the emulator.
func (l *ledger) breached(wrongs []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, wrong := range wrongs {
		l.breaches[wrong] = true
	}
}

// means is how a step of the closed loop became green.
type means string

const (
	byCommand    means = "by the printed commands"
	bySimulation means = "by the simulated action that is printed"
)

// turnedGreen notes a step that became green.
func (l *ledger) turnedGreen(step string, how means) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.greens[how][step]++
}

// complete says whether everything was played, and well: go test -run may have chosen some.
func (l *ledger) complete(t *testing.T) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := 0
	for _, s := range stories() {
		told += len(s.scenarios)
	}
	return l.emulated == told && l.loops == len(starts(t)) && l.practised == len(beyondTheEmulator()) &&
		l.commands == len(noteworthy())+len(refused())
}

// gaps lists the steps whose fix was neither proven on the emulator nor excused.
func (l *ledger) gaps() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(stepIDs(), func(id string) bool {
		_, excused := unprovenFixes()[id]
		return l.fixes[id] || excused
	})
}

// neverGreen lists the steps that the closed loop fixed by nothing that is printed.
func (l *ledger) neverGreen() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(stepIDs(), func(id string) bool {
		return l.greens[byCommand][id]+l.greens[bySimulation][id] > 0
	})
}

// summary is the last word of the judge.
func (l *ledger) summary() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "%d scenarios: %d on the emulator, %d on the practice account; %d verdicts compared\n",
		l.emulated+l.practised, l.emulated, l.practised, (l.emulated+l.practised)*len(lab()))
	excused := unprovenFixes()
	proven := slices.DeleteFunc(stepIDs(), func(id string) bool { return !l.fixes[id] || excused[id] != "" })
	fmt.Fprintf(&b, "%d printed fixes typed and proven: %s\n", len(proven), strings.Join(proven, ", "))
	fmt.Fprintf(&b, "%d fixes that the emulator cannot prove:\n", len(excused))
	for _, id := range slices.Sorted(maps.Keys(excused)) {
		fmt.Fprintf(&b, "  %-24s %s\n", id, excused[id])
	}
	list := beyondTheEmulator()
	fmt.Fprintf(&b, "%d situations that the emulator cannot represent, graded on the practice account:\n", len(list))
	for _, p := range list {
		fmt.Fprintf(&b, "  %s: %s\n", p.name, p.reason)
	}
	l.summariseLoops(&b)
	return b.String()
}

// summariseLoops says what the closed loop proved.
func (l *ledger) summariseLoops(b *strings.Builder) {
	fmt.Fprintf(b, "%d faults of the emulator's answers by AWS's own models:\n", len(l.breaches))
	for _, wrong := range slices.Sorted(maps.Keys(l.breaches)) {
		fmt.Fprintf(b, "  %s\n", wrong)
	}
	fmt.Fprintf(b, "%d command lines of real clients at a practice account\n", l.commands)
	fmt.Fprintf(b, "the closed loop, from %d starts to the full score:\n", l.loops)
	for _, how := range []means{byCommand, bySimulation} {
		total, list := 0, []string{}
		for _, step := range slices.Sorted(maps.Keys(l.greens[how])) {
			times := l.greens[how][step]
			total += times
			list = append(list, fmt.Sprintf("%s (%d)", step, times))
		}
		fmt.Fprintf(b, "  %d fixes proven %s: %s\n", total, how, strings.Join(list, ", "))
	}
}

func stepIDs() []string {
	var ids []string
	for _, s := range lab() {
		ids = append(ids, s.id)
	}
	return ids
}

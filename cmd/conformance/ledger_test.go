//go:build conformance

package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// ledger counts what was judged, for the summary at the end. It is safe for concurrent use.
type ledger struct {
	mu                  sync.Mutex
	emulated, practised int             // scenarios
	fixes               map[string]bool // the steps whose printed commands were typed
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

// gaps lists the steps whose fix was neither proven nor excused, if everything was played.
func (l *ledger) gaps() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := 0
	for _, s := range stories() {
		told += len(s.scenarios)
	}
	if l.emulated < told { // go test -run chose some, or a scenario failed
		return nil
	}
	return slices.DeleteFunc(stepIDs(), func(id string) bool {
		_, excused := unprovenFixes()[id]
		return l.fixes[id] || excused
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
	fmt.Fprintf(&b, "%d fixes not proven:\n", len(excused))
	for _, id := range slices.Sorted(maps.Keys(excused)) {
		fmt.Fprintf(&b, "  %-24s %s\n", id, excused[id])
	}
	list := beyondTheEmulator()
	fmt.Fprintf(&b, "%d situations that the emulator cannot represent, graded on the practice account:\n", len(list))
	for _, p := range list {
		fmt.Fprintf(&b, "  %s: %s\n", p.name, p.reason)
	}
	return b.String()
}

func stepIDs() []string {
	var ids []string
	for _, s := range lab() {
		ids = append(ids, s.id)
	}
	return ids
}

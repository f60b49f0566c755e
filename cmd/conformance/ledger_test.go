//go:build conformance

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// ledger counts what was judged, for the summary at the end. It is safe for concurrent use.
type ledger struct {
	mu                            sync.Mutex
	emulated, practised, verdicts int
	fixes                         []string // the steps whose printed commands turned them green
}

// judged notes a scenario whose whole table was compared.
func (l *ledger) judged(practice bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.verdicts += len(lab())
	if practice {
		l.practised++
	} else {
		l.emulated++
	}
}

// mended notes a fix that was proven.
func (l *ledger) mended(step string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fixes = append(l.fixes, step)
}

// summary is the last word of the judge.
func (l *ledger) summary() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.fixes)
	var b strings.Builder
	fmt.Fprintf(&b, "%d scenarios, %d verdicts compared: %d scenarios on the emulator, %d on the practice account\n",
		l.emulated+l.practised, l.verdicts, l.emulated, l.practised)
	fmt.Fprintf(&b, "%d printed fixes typed and proven: %s\n", len(l.fixes), strings.Join(l.fixes, ", "))
	list := beyondTheEmulator()
	fmt.Fprintf(&b, "%d things that the emulator cannot represent, and so are graded on the practice account:\n", len(list))
	for _, p := range list {
		fmt.Fprintf(&b, "  - %s: %s\n", p.name, p.reason)
	}
	return b.String()
}

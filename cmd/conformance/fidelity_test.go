//go:build conformance

package conformance

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// practiceNumber is the number of every practice account.
const practiceNumber = "123456789012"

// difference is something in which the emulator and the practice account do not agree, with who is right. The list of
// them is the only place in which they may disagree.
type difference struct {
	// what is an operation with the beginning of a field's path, or a step (* is any) with the emulator's and the
	// practice account's verdict.
	what  string
	right side
	why   string
}

// side is one of the two that are compared, or both.
type side string

const (
	theEmulator side = "the emulator"
	thePractice side = "the practice account"
	both        side = "both"
)

// disagreements collects differences, and notes which of the declared ones were met. It is safe for concurrent use.
type disagreements struct {
	declared []difference

	mu   sync.Mutex
	met  map[string]int // by what of the declared ones
	same int            // what was compared and is the same
}

func newDisagreements(declared []difference) *disagreements {
	return &disagreements{declared: declared, met: map[string]int{}}
}

// differs notes a difference and says whether it is declared.
func (d *disagreements) differs(what string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, known := range d.declared {
		if known.covers(what) {
			d.met[known.what]++
			return true
		}
	}
	return false
}

func (d difference) covers(what string) bool {
	if any, ok := strings.CutPrefix(d.what, "*"); ok {
		return strings.HasSuffix(what, any)
	}
	rest, ok := strings.CutPrefix(what, d.what)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], ".[{"))
}

func (d *disagreements) agrees(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.same += n
}

// stale lists the declared differences that there are not.
func (d *disagreements) stale() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []string
	for _, known := range d.declared {
		if d.met[known.what] == 0 {
			list = append(list, known.what)
		}
	}
	return list
}

// summary lists the differences that were met, those of one reason together.
func (d *disagreements) summary(things string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var reasons []string
	of := map[string][]string{}
	for _, known := range d.declared {
		if d.met[known.what] == 0 {
			continue
		}
		reason := fmt.Sprintf("right is %s: %s", known.right, known.why)
		if of[reason] == nil {
			reasons = append(reasons, reason)
		}
		of[reason] = append(of[reason], fmt.Sprintf("%s (%d)", known.what, d.met[known.what]))
	}
	var b strings.Builder
	fmt.Fprintf(&b,
		"fidelity: %d %s are the same on the emulator and on the practice account, and %d are not, for %d reasons:\n",
		d.same, things, len(d.met), len(reasons))
	for _, reason := range reasons {
		fmt.Fprintf(&b, "  %s\n    %s\n", reason, strings.Join(of[reason], "\n    "))
	}
	return b.String()
}

// rehears plays a story on the practice account: the same commands are typed, and what labcheck said of each step there
// is compared with what it must say on the emulator.
func (j *judge) rehears(t *testing.T, s story) {
	served := j.serves(t)
	between := taps(t, served.endpoint())
	defer func() { j.upholds(t, between.takes()) }()
	alice := newStudent(t, j.labcheck, emulatorTools, between.url, practiceNumber)
	alice.configures(t, s.bare, served.key())
	// On the emulator everybody may do everything. Here the commands are an administrator's, and alice is graded.
	alice.types(t, newUser+`
		user teacher
		aws iam attach-user-policy --user-name teacher \
		  --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`, served.key()...)
	want, last := newcomer(), &report{}
	for _, scene := range s.scenarios {
		if scene.anew {
			want = newcomer()
		}
		var err error
		want, err = want.with(scene.changes)
		require.NoError(t, err)
		if _, only := onlyEmulated()[s.name+": "+scene.name]; only {
			continue
		}
		t.Run(scene.name, func(t *testing.T) {
			alice.types(t, scene.types, "AWS_PROFILE=teacher")
			if printed := last.step(scene.fix).Fix.Commands; len(printed) > 0 {
				alice.types(t, placeholders(committedKey).Replace(strings.Join(printed, "\n")), "AWS_PROFILE=teacher")
			}
			last = alice.grades(t, scene.flags...)
			none(t, j.verdicts.compare(last, want))
		})
	}
}

// compare holds a report against the table of the emulator.
func (d *disagreements) compare(r *report, emulated table) []string {
	list := r.gradeProblems()
	for _, g := range r.Steps {
		if g.said() == emulated[g.ID] {
			d.agrees(1)
		} else if what := fmt.Sprintf("%s: %s, %s", g.ID, emulated[g.ID], g.said()); !d.differs(what) {
			list = append(list, "undeclared: "+what+": "+g.words())
		}
	}
	return list
}

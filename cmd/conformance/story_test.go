//go:build conformance

package conformance

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// story is what happens in one account, in order. Each scenario of it is graded.
type story struct {
	name      string
	scenarios []scenario
	// alone gives the story an emulator of its own, for what would hold for all accounts.
	alone bool
	// bare leaves alice without policies.
	bare bool
}

// scenario is something that the student does, and what labcheck must say of every step then.
type scenario struct {
	name string
	// types are the commands, with the real aws. $ACCOUNT is the account's number.
	types string
	// fix then types the commands that the report before printed for a step, as they stand there, but for the
	// placeholders.
	fix string
	// enforced makes the emulator obey the policies of IAM, once the commands are typed.
	enforced bool
	// flags are labcheck's.
	flags []string
	// changes are the verdicts that differ from the scenario before; in the first scenario, from newcomer.
	changes table
	// anew compares with newcomer again, because somebody else is looked at.
	anew bool
	// account is the one that is looked at; "" is the story's.
	account string
	// caller is what the caller's ARN ends in; "" is not looked at.
	caller string
	// says are words that must stand in what is found of a step: the near miss, the reason.
	says table
	// calls say how often an operation is asked.
	calls map[string]int
}

// stage is where a story is played, and how far it has come.
type stage struct {
	judge    *judge
	emulator *emulator
	account  string
	alice    *student
	want     table   // what the last scenario's report had to say
	report   *report // what it said
}

// hears plays a story in an account of its own.
func (j *judge) hears(t *testing.T, s story, account string) {
	on := &stage{judge: j, emulator: j.emulator, account: account, want: newcomer(), report: &report{}}
	if s.alone {
		on.emulator = startEmulator(t)
	}
	door, err := on.emulator.landing(account)
	require.NoError(t, err)
	on.alice = newStudent(t, j.labcheck, emulatorTools, on.emulator.url, account)
	on.alice.configures(t, s.bare, door)
	for _, scene := range s.scenarios {
		if !t.Run(scene.name, func(t *testing.T) { on.plays(t, scene) }) {
			return // what follows builds on it
		}
	}
}

// plays a scenario and grades what has become of the account.
func (on *stage) plays(t *testing.T, scene scenario) {
	before := on.report
	if scene.anew {
		on.want = newcomer()
	}
	var err error
	on.want, err = on.want.with(scene.changes)
	require.NoError(t, err)
	on.alice.types(t, scene.types)
	if scene.fix != "" {
		printed := before.step(scene.fix).Fix.Commands
		require.NotEmpty(t, printed, "the report before prints no commands for %s", scene.fix)
		on.alice.types(t, placeholders(committedKey).Replace(strings.Join(printed, "\n")))
	}
	if scene.enforced {
		require.NoError(t, on.emulator.enforce())
	}
	on.report = on.alice.grades(t, scene.flags...)
	list := scene.problems(on.report, on.want, cmp.Or(scene.account, on.account))
	if scene.fix != "" {
		list = append(list, broken(scene.fix, before, on.report)...)
	}
	none(t, list)
	if scene.fix != "" {
		on.judge.ledger.typed(scene.fix)
	}
	on.judge.ledger.judged(&on.judge.ledger.emulated)
}

// none fails the test with everything that is wrong, a line each.
func none(t *testing.T, problems []string) {
	t.Helper()
	if len(problems) > 0 {
		t.Fatalf("%d wrong:\n%s", len(problems), strings.Join(problems, "\n"))
	}
}

// problems says what is not as the scenario tells it.
func (s scenario) problems(r *report, want table, account string) []string {
	list := r.problems(want)
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if r.Source != "endpoint" {
		add("the source is %q", r.Source)
	}
	if r.Target.Account != account || !strings.HasSuffix(r.Target.Caller, s.caller) {
		add("the account is %s and the caller %s, not %s in %s", r.Target.Account, r.Target.Caller, s.caller, account)
	}
	for id, words := range s.says {
		if got := r.step(id).words(); !strings.Contains(got, words) {
			add("%s does not say %q, but: %s", id, words, got)
		}
	}
	for operation, times := range s.calls {
		if got := r.Calls.ByOperation[operation]; got != times {
			add("%s is asked %d times, not %d", operation, got, times)
		}
	}
	return list
}

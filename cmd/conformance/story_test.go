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
}

// scenario is something that the student does, and what labcheck must say of every step then.
type scenario struct {
	name string
	// types are the commands, with the real aws. $ACCOUNT is the account's number.
	types string
	// fix types the commands that the report before printed for a step, as they stand there, but for the placeholders.
	fix string
	// enforced makes the emulator obey the policies of IAM, from this scenario on.
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
	// unproven says why the emulator cannot show that a fix worked. Its commands must run all the same.
	unproven string
}

// judge has what every scenario needs.
type judge struct {
	labcheck string // the built binary
	emulator *emulator
	ledger   *ledger
}

// placeholders are what a person writes in place of the words that a printed command has for what labcheck cannot know.
func placeholders() *strings.Replacer {
	return strings.NewReplacer("YOU@EXAMPLE.COM", "alice@example.com", "FIRST_MFA_CODE", "123456", "SECOND_MFA_CODE", "654321")
}

// hears plays a story in an account of its own.
func (j *judge) hears(t *testing.T, s story, account string) {
	place := j.emulator
	if s.alone {
		place = startEmulator(t)
	}
	door, err := place.landing(account)
	require.NoError(t, err)
	alice := newStudent(t, place.url, account)
	alice.configures(t, door)
	want, before := newcomer(), &report{}
	for _, scene := range s.scenarios {
		ok := t.Run(scene.name, func(t *testing.T) {
			if scene.anew {
				want = newcomer()
			}
			want, err = want.with(scene.changes)
			require.NoError(t, err)
			if scene.enforced {
				require.NoError(t, place.enforce())
			}
			commands := scene.types
			if scene.fix != "" {
				printed := before.step(scene.fix).Fix.Commands
				require.NotEmpty(t, printed, "the report before prints no commands for %s", scene.fix)
				commands = placeholders().Replace(strings.Join(printed, "\n"))
			}
			alice.types(t, commands)
			after := alice.grades(t, j.labcheck, scene.flags)
			require.Empty(t, scene.problems(after, want, cmp.Or(scene.account, account)))
			if scene.fix != "" && scene.unproven == "" {
				require.Empty(t, broken(scene.fix, before, after))
				j.ledger.mended(scene.fix)
			}
			j.ledger.judged(false)
			before = after
		})
		if !ok {
			return // what follows builds on it
		}
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

// broken holds a printed fix to its promise: its own step is green, and no other is worse than before.
func broken(fixed string, before, after *report) []string {
	var list []string
	if after.step(fixed).Verdict != "pass" {
		list = append(list, fixed+" is not green after its fix")
	}
	for i, g := range after.Steps {
		if was := before.Steps[i]; g.Earned < was.Earned || was.Verdict == "skipped" && g.Verdict != "skipped" && g.Verdict != "pass" {
			list = append(list, fmt.Sprintf("%s was %q and is %q after the fix of %s", g.ID, was.said(), g.said(), fixed))
		}
	}
	return list
}

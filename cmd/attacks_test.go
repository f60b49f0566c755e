package cmd

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// unique is what AWS says to one account only: ids of answers, of images and of what it made.
var unique = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b`)

// made is a moment when something was made, up to its minute.
var made = regexp.MustCompile(`("(?:created\w*|pushedAt)": "[0-9-]+T[0-9]{2}:)[0-9]{2}:[0-9]{2}`)

// caller is the fact that says who asked, up to where it says with which key.
var caller = regexp.MustCompile(`("value": \{\s*"account": "` + practiceAccount + `",\s*"arn": "[^"]*")`)

// real makes of a report of the practice account one as a real account gives it to a student: with ids and times of its
// own, and another account.
func real(t *testing.T, r *reports.Report, account string) *reports.Report {
	t.Helper()
	lab := r.Lab.SHA256
	own := edited(t, r, func(text string) string {
		text = unique.ReplaceAllStringFunc(text, func(id string) string {
			sum := sha256.Sum256([]byte(account + id))
			drawn := hex.EncodeToString(sum[:])
			if len(id) == 64 {
				return drawn
			}
			return drawn[:8] + "-" + drawn[8:12] + "-" + drawn[12:16] + "-" + drawn[16:20] + "-" + drawn[20:32]
		})
		n := 0
		text = made.ReplaceAllStringFunc(text, func(moment string) string {
			n++
			return made.FindStringSubmatch(moment)[1] + fmt.Sprintf("%02d:%s", n%60, account[:2])
		})
		text = caller.ReplaceAllString(text, `${1}, "keyHead": "`+facts.KeyHead(account)+`"`)
		return strings.ReplaceAll(text, practiceAccount, account)
	})
	own.Source, own.Run.Practice, own.Facts.Source, own.Lab.SHA256 = reports.AWS, "", string(reports.AWS), lab
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	again, err := session.Regrade(t.Context(), registry, fixtureLab(t), own)
	require.NoError(t, err)
	return again
}

// practiceAccount is the number of the accounts of the lab.
const practiceAccount = "123456789012"

// edited is a report whose JSON somebody changed with an editor.
func edited(t *testing.T, r *reports.Report, edit func(text string) string) *reports.Report {
	t.Helper()
	data, err := jsonv1.Marshal(r)
	require.NoError(t, err)
	changed, err := jsonv1.Read([]byte(edit(string(data))))
	require.NoError(t, err)
	return changed
}

// calledReal says of a report of the practice account that it is one of AWS.
func calledReal(r *reports.Report) *reports.Report {
	r.Source, r.Run.Practice, r.Facts.Source = reports.AWS, "", string(reports.AWS)
	return r
}

// requestID is where a report has the id of an answer.
var requestID = regexp.MustCompile(`"requestId": "[^"]*"`)

// allPassed says that every step is right, so that the report agrees with itself.
func allPassed(r *reports.Report) {
	for i := range r.Steps {
		s := &r.Steps[i]
		s.Verdict, s.Share, s.Reason, s.Detail, s.BlockedBy = checks.Pass, 0, "", "", []string{}
		s.Findings = s.Findings[:1]
		s.Findings[0].Verdict, s.Findings[0].Share = checks.Pass, 0
		s.Earned = s.Worth()
	}
	r.Grade = grade.Of(reports.Graded(r.Steps), r.Grade.PassMark, nil)
	r.Grade.Letter = new("A")
}

// Every way to cheat that we know, with what the instructor sees of it. The student Eve has the account evesAccount and
// has done half of the work; Ann has all of it. What nothing is seen of is the residue, which only reading the account
// at its source finds (labcheck sweep).
func TestAttacks(t *testing.T) {
	t.Parallel()
	const annsAccount, evesAccount = "111122223333", "444455556666"
	finished := onFixture(t.Context(), t, "finished", sandbox.Options{}).report
	halfDone := onFixture(t.Context(), t, "half-done", sandbox.Options{}).report
	ann, eve := real(t, finished, annsAccount), real(t, halfDone, evesAccount)
	copyOf := func(r *reports.Report) *reports.Report { return edited(t, r, func(text string) string { return text }) }
	half := halfDone.Grade.Earned
	const nothing, notCompared = -1, -2
	cases := map[string]struct {
		hands func() *reports.Report // what Eve hands in
		costs string                 // what it takes her
		sees  []class.FlagKind       // what is flagged
		earns int                    // the points she gets; nothing where it is nothing, notCompared where it does not matter
		level class.Level            // "" where the file is refused
	}{
		"nothing: an honest report": {
			hands: func() *reports.Report { return eve }, earns: half, level: class.Consistent,
		},
		"1 the practice account, called a real one": {
			costs: "one word in an editor",
			hands: func() *reports.Report {
				return calledReal(copyOf(finished))
			},
			sees: []class.FlagKind{class.OtherAccount, class.Simulated}, earns: nothing, level: class.Consistent,
		},
		"2 the practice account, with her account's number": {
			costs: "two replacements in an editor",
			hands: func() *reports.Report {
				return calledReal(edited(t, finished, func(text string) string {
					return strings.ReplaceAll(text, practiceAccount, evesAccount)
				}))
			},
			sees: []class.FlagKind{class.Simulated}, earns: nothing, level: class.Consistent,
		},
		"2 the same, with every id of an answer taken out": {
			costs: "three replacements in an editor",
			hands: func() *reports.Report {
				return calledReal(edited(t, finished, func(text string) string {
					return requestID.ReplaceAllString(strings.ReplaceAll(text, practiceAccount, evesAccount), `"requestId": ""`)
				}))
			},
			sees: []class.FlagKind{class.Simulated}, earns: nothing, level: class.Consistent,
		},
		"2 a practice account of her own, made with her number": {
			costs: "an afternoon in the practice shell, and a word in an editor",
			hands: func() *reports.Report {
				data, err := os.ReadFile(fixtureFile("finished"))
				require.NoError(t, err)
				own := filepath.Join(t.TempDir(), "own.json")
				require.NoError(t, os.WriteFile(own, bytes.ReplaceAll(data, []byte(practiceAccount), []byte(evesAccount)), 0o600))
				return calledReal(onFixture(t.Context(), t, own, sandbox.Options{}).report)
			},
			sees: []class.FlagKind{class.Simulated}, earns: nothing, level: class.Consistent,
		},
		"3 one step of another report, pasted, and what waited for it": {
			costs: "a paste, and the sum",
			hands: func() *reports.Report {
				r := copyOf(eve)
				i := slices.IndexFunc(r.Steps, func(s reports.Step) bool { return s.Verdict == checks.Fail })
				for j, s := range r.Steps {
					if j == i || slices.Contains(s.BlockedBy, eve.Steps[i].ID) {
						r.Steps[j] = ann.Steps[j]
					}
				}
				r.Grade = grade.Of(reports.Graded(r.Steps), r.Grade.PassMark, fixtureLab(t).Scale)
				return r
			},
			sees: []class.FlagKind{class.SameEvidence, class.FactsDisagree}, earns: half, level: class.SelfReported,
		},
		"3 the steps and the facts of another report, pasted": {
			costs: "two pastes",
			hands: func() *reports.Report {
				r := copyOf(eve)
				r.Steps, r.Grade, r.Facts = ann.Steps, ann.Grade, ann.Facts
				return r
			},
			earns: nothing,
		},
		"3 the steps of another report, pasted": {
			costs: "a paste",
			hands: func() *reports.Report {
				r := copyOf(eve)
				r.Steps, r.Grade = ann.Steps, ann.Grade
				return r
			},
			sees: []class.FlagKind{class.SameEvidence, class.FactsDisagree}, earns: half, level: class.SelfReported,
		},
		"4 every verdict a pass": {
			costs: "an hour with an editor, until the sums agree",
			hands: func() *reports.Report {
				r := copyOf(eve)
				allPassed(r)
				return r
			},
			sees: []class.FlagKind{class.FactsDisagree}, earns: half, level: class.SelfReported,
		},
		"4 the same, called one of an earlier version": {
			costs: "that hour, and a word more",
			hands: func() *reports.Report {
				r := copyOf(eve)
				allPassed(r)
				r.Tool.Version = "0.0.9"
				return r
			},
			sees: []class.FlagKind{class.OtherVersion}, earns: 100, level: class.SelfReported,
		},
		"4 the same, called one of other checks": {
			costs: "that hour, and a digit",
			hands: func() *reports.Report {
				r := copyOf(eve)
				allPassed(r)
				r.Plan.SHA256 = strings.Repeat("0", len(r.Plan.SHA256))
				return r
			},
			sees: []class.FlagKind{class.OtherVersion}, earns: 100, level: class.SelfReported,
		},
		"5 the same, without the facts that say otherwise": {
			costs: "that hour, and some cuts",
			hands: func() *reports.Report {
				r := copyOf(eve)
				allPassed(r)
				r.Facts.Facts = r.Facts.Facts[:len(r.Facts.Facts)/2]
				return r
			},
			sees: []class.FlagKind{class.FactsDisagree}, earns: notCompared, level: class.SelfReported,
		},
		"5 every verdict a pass, and the facts left out": {
			costs: "that hour",
			hands: func() *reports.Report {
				r := copyOf(eve)
				allPassed(r)
				r.Facts = nil
				return r
			},
			sees: []class.FlagKind{class.NoFacts}, earns: 100, level: class.SelfReported,
		},
		"6 a friend's report": {
			costs: "a mail",
			hands: func() *reports.Report { return ann },
			sees:  []class.FlagKind{class.SameReport, class.OtherAccount}, earns: 100, level: class.Consistent,
		},
		"6 a friend's report, under her name": {
			costs: "a mail, and a word in an editor",
			hands: func() *reports.Report {
				r := copyOf(ann)
				r.Student = "eve"
				return r
			},
			sees: []class.FlagKind{class.SameEvidence, class.SameImage, class.SameAccount, class.OtherAccount}, earns: 100,
			level: class.Consistent,
		},
		"7 a friend's report, masked and without the ids of answers": {
			costs: "labcheck report --mask-account, and a replacement",
			hands: func() *reports.Report {
				return edited(t, reports.Redact(ann, true), func(text string) string {
					return requestID.ReplaceAllString(text, `"requestId": ""`)
				})
			},
			sees:  []class.FlagKind{class.SameImage, class.SameResource, class.Masked},
			earns: 100, level: class.Consistent,
		},
		"7 a friend's report, masked": {
			costs: "labcheck report --mask-account",
			hands: func() *reports.Report { return reports.Redact(ann, true) },
			sees: []class.FlagKind{
				class.SameEvidence,
				class.SameImage,
				class.Masked,
			},
			earns: 100,
			level: class.Consistent,
		},
		"8 a friend's report, with her account's number": {
			costs: "a replacement in an editor",
			hands: func() *reports.Report {
				return edited(
					t,
					ann,
					func(text string) string { return strings.ReplaceAll(text, annsAccount, evesAccount) },
				)
			},
			sees:  []class.FlagKind{class.SameEvidence, class.SameImage, class.OtherKey},
			earns: 100, level: class.Consistent,
		},
		"8 a friend runs it again for her, with her account's number": {
			costs: "a favour, and a replacement in an editor",
			hands: func() *reports.Report {
				return edited(t, ann, func(text string) string {
					text = requestID.ReplaceAllStringFunc(text, func(id string) string {
						sum := sha256.Sum256([]byte("again" + id))
						return `"requestId": "` + hex.EncodeToString(sum[:16]) + `"`
					})
					return strings.ReplaceAll(text, annsAccount, evesAccount)
				})
			},
			sees: []class.FlagKind{class.SameImage, class.SameResource, class.OtherKey}, earns: 100, level: class.Consistent,
		},
		"8 somebody outside the class, with her account's number": {
			costs: "a favour, and a replacement in an editor",
			hands: func() *reports.Report {
				return edited(t, real(t, finished, "232222229999"), func(text string) string {
					return strings.ReplaceAll(text, "232222229999", evesAccount)
				})
			},
			sees: []class.FlagKind{class.OtherKey}, earns: 100, level: class.Consistent,
		},
		"9 easier parameters": {
			costs: "a flag",
			hands: func() *reports.Report {
				r := onFixture(t.Context(), t, "half-done", sandbox.Options{}, "--set", "log-group=/ecs/other").report
				return real(t, r, evesAccount)
			},
			sees: []class.FlagKind{class.TermsChanged}, earns: notCompared, level: class.Consistent,
		},
		"9 easier parameters, called the lab's own": {
			costs: "a flag, and some replacements",
			hands: func() *reports.Report {
				r := onFixture(t.Context(), t, "half-done", sandbox.Options{}, "--set", "log-group=/ecs/other").report
				r = real(t, r, evesAccount)
				r.Run.Set, r.Params, r.Plan = []string{}, maps.Clone(eve.Params), eve.Plan
				return r
			},
			sees: []class.FlagKind{class.FactsDisagree}, earns: notCompared, level: class.SelfReported,
		},
		"a clock that was set back to before the due time": {
			costs: "two clicks, and AWS still answers",
			hands: func() *reports.Report {
				r := copyOf(eve)
				for i := range r.Steps {
					for j := range r.Steps[i].Evidence {
						call := &r.Steps[i].Evidence[j]
						call.Date = new(call.At.Add(48 * time.Hour)) // as the door notes AWS's own time
					}
				}
				return r
			},
			sees: []class.FlagKind{class.ClockOff}, earns: half, level: class.Consistent,
		},
		"10 facts that are made up": {
			costs: "days: every answer of AWS with its ids and times, and the report graded of them",
			hands: func() *reports.Report { return real(t, finished, evesAccount) },
			earns: 100, level: class.Consistent, // and nothing is seen
		},
		"10 facts that are made up, and an image that is older than its repository": {
			costs: "days",
			hands: func() *reports.Report {
				return real(t, edited(t, finished, func(text string) string {
					return regexp.MustCompile(`"pushedAt": "[0-9]{4}`).ReplaceAllString(text, `"pushedAt": "2024`)
				}), evesAccount)
			},
			sees: []class.FlagKind{class.OddTimes}, earns: 100, level: class.Consistent,
		},
		"10 an emulator of AWS that has her account's number": {
			costs: "an hour, and the word endpoint in an editor",
			hands: func() *reports.Report {
				return edited(t, real(t, finished, evesAccount), func(text string) string {
					return strings.ReplaceAll(text, facts.KeyHead(evesAccount), "")
				})
			},
			earns: 100, level: class.Consistent, // and nothing is seen
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write := func(student string, r *reports.Report) {
				data, err := jsonv1.Marshal(r)
				require.NoError(t, err)
				of := filepath.Join(folder, student+"_1234_assignsubmission_file") // as Moodle names it
				require.NoError(t, os.Mkdir(of, 0o700))
				require.NoError(t, os.WriteFile(filepath.Join(of, "report.json"), data, 0o600))
			}
			write("Ann", ann)
			write("Eve", c.hands())
			roster := filepath.Join(t.TempDir(), "roster.csv")
			require.NoError(t, os.WriteFile(roster,
				[]byte("id,name,aws_account\nann,Ann,"+annsAccount+"\neve,Eve,"+evesAccount+"\n"), 0o600))
			graded := gradeFolder(t, folder, "--roster", roster)
			eve := graded.Students[1]
			require.Equal(t, "eve", eve.Key)
			var seen []class.FlagKind
			for _, f := range graded.Flags {
				if slices.Contains(f.Students, "eve") {
					seen = append(seen, f.Kind)
				}
			}
			slices.Sort(seen)
			slices.Sort(c.sees)
			require.Equal(t, c.sees, seen, "%+v %+v", graded.Flags, graded.Refused)
			if c.level == "" {
				require.Empty(t, eve.Attempts)
				require.Equal(t, class.Edited, graded.Refused[0].Kind)
				return
			}
			require.Equal(t, c.level, eve.Attempts[0].Level)
			switch {
			case c.earns == nothing:
				require.Nil(t, eve.Score)
			case c.earns >= 0:
				low := eve.Low
				if eve.Score != nil {
					low = eve.Score
				}
				require.Equal(t, class.Whole(c.earns), *low)
			}
		})
	}
	t.Run("--require-facts", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{
			"4 every verdict a pass", "4 the same, called one of an earlier version", "4 the same, called one of other checks",
			"5 every verdict a pass, and the facts left out", "7 a friend's report, masked",
			"8 somebody outside the class, with her account's number",
			"10 facts that are made up, and an image that is older than its repository",
		} {
			folder := t.TempDir()
			data, err := jsonv1.Marshal(cases[name].hands())
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(folder, "eve.json"), data, 0o600))
			graded := gradeFolder(t, folder, "--require-facts")
			require.Len(t, graded.Refused, 1, name)
			require.Equal(t, class.Unproven, graded.Refused[0].Kind)
		}
	})
}

// gradeFolder grades what a class handed in for the lab of the tests.
func gradeFolder(t *testing.T, folder string, more ...string) *class.Class {
	t.Helper()
	env, stdout, stderr := inProcess(t.Context(),
		append([]string{"grade", folder, "--lab", "fixture", "--report", "json"}, more...)...)
	code := Main(env, standard.Checks()...)
	require.Less(t, code, exitUsage, stderr.String())
	var graded class.Class
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &graded))
	return &graded
}

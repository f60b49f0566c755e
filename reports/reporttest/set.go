package reporttest

import (
	"fmt"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Named is a report with the name of its golden file.
type Named struct {
	Name   string
	Report *reports.Report
	// Large says that there is no golden file: nobody would read it. Parsers do.
	Large bool
}

// Set returns the reports that every format must render, made anew for each call: all verdicts, nothing, parts of a
// lab, every source, and names that a stranger chose.
func Set() []Named {
	return []Named{
		{Name: "verdicts", Report: Verdicts()},
		{Name: "finished", Report: finished()},
		{Name: "empty", Report: graded(base())},
		{Name: "narrowed", Report: narrowed()},
		{Name: "interrupted", Report: interrupted()},
		{Name: "problem", Report: problem()},
		{Name: "sandbox", Report: from(reports.Sandbox)},
		{Name: "replayed", Report: from(reports.Facts)},
		{Name: "endpoint", Report: from(reports.Endpoint)},
		{Name: "student", Report: student()},
		{Name: "inconclusive", Report: inconclusive()},
		{Name: "nothing-left", Report: nothingLeft()},
		{Name: "gated", Report: Gated()},
		{Name: "hostile", Report: Hostile(), Large: true},
	}
}

// Verdicts is a report with a step of every verdict.
func Verdicts() *reports.Report {
	r := base(
		rootMFA(checks.Pass), leftOut(), passwordPolicy(), repository(checks.Pass), scanOnPush(), lifecycle(), retention(),
		alarm(), alarmConfirmed(),
	)
	r.Next = []string{"billing-alarm", "ecr-scan-on-push", "logs-retention"}
	return graded(r)
}

// base is a report of these steps, not graded yet.
func base(steps ...reports.Step) *reports.Report {
	r := &reports.Report{
		Schema: reports.Schema,
		Tool:   reports.Tool{Name: "labcheck", Version: "0.1.0"},
		Lab: reports.Lab{
			ID: "sample-1.0", Title: "AWS Core Services",
			SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		},
		Params: map[string]string{"repository": "docker-api", "log-group": "/ecs/docker-api"},
		Source: reports.AWS,
		Run:    reports.Run{Complete: true, Workstation: true},
		Target: reports.Target{
			Account: "123456789012", Caller: "arn:aws:iam::123456789012:user/alice", Region: "us-east-1", Profile: "iam-user",
		},
		Started:  started,
		Finished: started.Add(1100 * time.Millisecond),
		Steps:    steps,
		Calls:    reports.Calls{ByOperation: map[string]int{}},
	}
	for _, s := range steps {
		for _, c := range s.Evidence {
			r.Calls.Total++
			r.Calls.ByOperation[c.Operation]++
		}
	}
	return r
}

var started = time.Date(2026, time.November, 23, 5, 12, 0, 0, time.UTC)

// graded fills in points and grade, and writes the report in its normal form.
func graded(r *reports.Report) *reports.Report {
	for i := range r.Steps {
		r.Steps[i].Earned = r.Steps[i].Worth()
	}
	bands := []grade.Band{{Letter: "A", Percent: 90}, {Letter: "B", Percent: 80}, {Letter: "C", Percent: 70}}
	r.Grade = grade.Of(reports.Graded(r.Steps), 80, bands)
	return r.Normal()
}

func finished() *reports.Report {
	return graded(base(rootMFA(checks.Pass), repository(checks.Pass), leftOut()))
}

func narrowed() *reports.Report {
	r := base(scanOnPush())
	r.Run.Complete = false
	r.Run.Selected = []string{"ecr-scan-on-push"}
	r.Run.Set = []string{"repository=docker-api"}
	r.Target.ProfileRegion = "eu-west-1"
	r.Next = []string{"ecr-scan-on-push"}
	return graded(r)
}

func interrupted() *reports.Report {
	r := base(rootMFA(checks.Pass), unknown(repository(checks.Unknown), facts.Interrupted, "the run was interrupted"))
	r.Run.Complete, r.Run.Interrupted = false, true
	return graded(r)
}

func problem() *reports.Report {
	const detail = "the session has expired: sign in again"
	r := base(
		unknown(rootMFA(checks.Unknown), facts.ExpiredCredentials, detail),
		unknown(repository(checks.Unknown), facts.ExpiredCredentials, detail),
		cliConfigured(), unknown(gitIgnores(), facts.NotLooked, "the current folder is not in a git repository"),
	)
	r.Run.Complete = false
	r.Target.Account, r.Target.Caller = "", ""
	r.Problem = &reports.Problem{
		Reason: facts.ExpiredCredentials, Detail: detail,
		Next: []string{"aws login", "aws sso login --profile PROFILE"},
	}
	r.Next = []string{"cli-region"}
	return graded(r)
}

func from(source reports.Source) *reports.Report {
	r := base(repository(checks.Pass), scanOnPush())
	r.Source = source
	r.Next = []string{"ecr-scan-on-push"}
	return graded(r)
}

func student() *reports.Report {
	r := base(repository(checks.Pass), leftOut())
	r.Student = "alice-cooper"
	r.Target.Caller = "arn:aws:sts::123456789012:assumed-role/voclabs/user1234567=alice@example.com"
	return graded(r)
}

func inconclusive() *reports.Report {
	r := base(rootMFA(checks.Pass), repository(checks.Pass), unknown(
		retention(), facts.NotYetConsistent, "created 20 seconds ago; AWS can take up to a minute"),
		passwordPolicy(),
	)
	return graded(r)
}

// Gated is a report of a pipeline: with lines of the lab file, waivers in every state, a baseline and a decision.
func Gated() *reports.Report {
	waiver := func(step string, state grade.WaiverState, line int) grade.Waiver {
		return grade.Waiver{
			Step: step, Account: "*", Reason: "scanning is done by another team | until spring", Who: "platform@example.com",
			Until: "2026-12-31", State: state, Position: fmt.Sprintf(".labcheck/waivers.yaml:%d", line),
		}
	}
	r := base(rootMFA(checks.Pass), passwordPolicy(), repository(checks.Pass), scanOnPush(), lifecycle(), retention())
	r.Lab.File = ".labcheck/sample-1.0.yaml"
	for i := range r.Steps {
		r.Steps[i].FileLine = 16 + 10*i
	}
	applied := waiver(r.Steps[3].ID, grade.WaiverApplied, 2)
	r.Steps[3].Waiver = &applied
	expired := waiver(r.Steps[5].ID, grade.WaiverExpired, 9)
	expired.Until = "2026-11-01"
	r.Waivers = []grade.Waiver{applied, expired, waiver(r.Steps[0].ID, grade.WaiverUnused, 16)}
	r.Changes = &reports.Changes{
		Baseline: "2026-11-20T05:12:00Z", New: []string{r.Steps[5].ID}, Fixed: []string{r.Steps[2].ID},
		Unchanged: []string{r.Steps[3].ID}, Lost: []string{r.Steps[1].ID},
	}
	r.Gate = &reports.Gate{
		Outcome: grade.NotPassed, Because: []string{"logs-retention is a new failure."}, FailUnder: 80,
		Require: []string{"iam-root-mfa"}, AllowUnknown: []string{}, FailOn: "new",
	}
	r.Next = []string{"logs-retention"}
	r.Facts = recording(r)
	return graded(r)
}

func nothingLeft() *reports.Report { return graded(base(leftOut())) }

// HostileNames are names as a stranger would choose them to change what a reader sees or runs.
func HostileNames() []string {
	return []string{
		"a|b|c", "`tick` ```fence```", "<script>alert(1)</script>", "<details><img src=x onerror=alert(1)>",
		"=cmd()|'/C calc'!A0", "+1+1", "-2+3", "@sum(1)",
		"＝1+1+1+1+1+1+1+1+1+1", "＋1+1+1+1+1+1+1+1+1+1", "－2+1+1+1+1+1+1+1+1+1", "＠sum+1+1+1+1+1+1+1+1",
		"\x1b[31mred\x1b[0m\x1b]0;title\x07", "\u009b31mred",
		"right\u202eot-tfel", "zero\u200bwidth\u2060\ufeff", "--> <!-- labcheck.report/v1", "<!-- labcheck.report/v1",
		"line\nbreak\r\n# Heading\n| a | b |\n|---|---|", "\u2028separator\u2029", "$(touch pwned)", "it's \"quoted\"",
		"[link](https://example.com)", "![image](https://example.com/a.png)", "https://example.com www.example.com",
		"<https://example.com>", "mail me@example.com", "@octocat and #1", "**bold** _it_ ~~gone~~ a\\|b \\",
		"&lt;b&gt; &amp;",
		"::error::workflow command",
		"%0A::set-output name=x::y", "日本語の名前 e\u0301 e\u0301\u0301\u0301\u0301\u0301\u0301",
		"👩\u200d💻 \U000E0041", "$$x$$ $`x`$", "]]> \u0001 \uFFFE", "# heading #", "- item", "1. item",
		"", "    indented", "~~~", strings.Repeat("x", 512),
		strings.Repeat("long words ", 48),
	}
}

// Hostile is a report whose every text was chosen by a stranger.
func Hostile() *reports.Report {
	names := HostileNames()
	steps := make([]reports.Step, len(names))
	for i, name := range names {
		steps[i] = renamed(name, checks.Verdicts()[i%len(checks.Verdicts())])
	}
	r := base(steps...)
	r.Next = names[:3]
	rename(r, names...)
	return graded(r)
}

// Renamed is a report with a step of each verdict whose every text is this name.
func Renamed(name string) *reports.Report {
	var steps []reports.Step
	for _, v := range checks.Verdicts() {
		steps = append(steps, renamed(name, v))
	}
	r := base(steps...)
	rename(r, name)
	return graded(r)
}

// renamed is a step of this verdict whose every text is this name.
func renamed(name string, v checks.Verdict) reports.Step {
	s := reports.Step{
		ID: name, Section: "Section " + name, Check: name, Title: name, Step: grade.Step{Verdict: v, Points: 4},
		Findings: []checks.Finding{{
			Subject: name, Verdict: v, LookedAt: name, Found: name, Expected: name, Advice: name, NearMiss: name,
		}},
		Why: name,
		Fix: checks.Fix{
			Commands: commands(name, "aws ecr create-repository --repository-name '"+name+"'"), Console: name,
		},
		Hints:    []string{name, name},
		Evidence: []facts.Call{{Operation: name, Region: name, RequestID: name, At: started}},
	}
	switch v {
	case checks.Partial:
		s.Share = 50
	case checks.Unknown:
		s.Reason, s.Detail, s.MissingAction = facts.AccessDenied, name, name
	case checks.Blocked:
		s.BlockedBy = []string{name}
	default:
	}
	return s
}

// rename gives a report these names wherever the account, the lab file or a person chooses one.
func rename(r *reports.Report, names ...string) {
	all := strings.Join(names, " ")
	r.Tool = reports.Tool{Name: all, Version: all}
	r.Lab = reports.Lab{ID: all, Title: all, SHA256: all}
	r.Params = map[string]string{all: all}
	r.Run.Selected, r.Run.Set = names, names
	r.Target = reports.Target{Account: all, Caller: all, Region: all, Profile: all, ProfileRegion: all}
	r.Student = all
	r.Lab.File = all
	r.Target.Name = all
	r.Waivers = []grade.Waiver{
		{Step: all, Account: all, Reason: all, Who: all, Until: all, State: grade.WaiverExpired, Position: all},
	}
	r.Steps[0].Waiver = &grade.Waiver{
		Step: all, Account: all, Reason: all, Who: all, Until: all, State: grade.WaiverApplied, Position: all,
	}
	r.Changes = &reports.Changes{Baseline: all, New: names, Fixed: names, Unchanged: names, Lost: names}
	r.Gate = &reports.Gate{Outcome: grade.NotPassed, Because: names, Require: names, AllowUnknown: names, FailOn: all}
}

// Many is a report with as many steps, of every verdict in turn, each with its own id. Every text that an account
// chooses holds the given text.
func Many(steps int, text string) *reports.Report {
	verdicts := checks.Verdicts()
	list := make([]reports.Step, steps)
	for i := range list {
		s := scanOnPush()
		s.ID = fmt.Sprintf("step-%d", i)
		s.Verdict = verdicts[i%len(verdicts)]
		switch s.Verdict {
		case checks.Partial:
			s.Share = 50
		case checks.Unknown:
			s = unknown(s, facts.AccessDenied, text)
		case checks.Blocked:
			s.BlockedBy = []string{"step-1"}
		default:
		}
		f := &s.Findings[0]
		f.Verdict = s.Verdict
		f.Subject, f.LookedAt, f.Found, f.NearMiss = f.Subject+text, f.LookedAt+text, f.Found+text, f.NearMiss+text
		list[i] = s
	}
	return graded(base(list...))
}

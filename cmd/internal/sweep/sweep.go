package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/policy"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// Options say who reads the accounts, and how.
type Options struct {
	Tool    reports.Tool
	Program string
	Now     func() time.Time
	// Account leads to the credentials with which the roles are taken on, and is completed for each account.
	Account account.Options
	Source  reports.Source
	// Role is the ARN of the role in an account, with {account} in the place of its number; "" where each account has a
	// profile.
	Role string
	// Grader is the ARN of whoever takes the roles on.
	Grader string
	// Timeout is how long an account may take.
	Timeout time.Duration
	// Refresh is how old a report may be; 0 is as old as it likes.
	Refresh time.Duration
	// Done is called after each account, from several goroutines.
	Done func()
}

// accountsAtOnce is how many accounts are read together: each holds its answers, some megabytes.
const accountsAtOnce = 16

// maxSessionPolicy is how long the policy may be to which a session is narrowed, in characters:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const maxSessionPolicy = 2048

// Jobs pairs every account with every lab. plans binds the labs with an account's parameters.
func Jobs(accounts []Account, plans func(*Account) ([]*lab.Plan, error)) (jobs []Job, problems []Problem) {
	for i := range accounts {
		a := &accounts[i]
		bound, err := plans(a)
		if err != nil {
			problems = append(problems, Problem{strings.Join(a.Students, ", "), err.Error()})
			continue
		}
		for _, plan := range bound {
			jobs = append(jobs, newJob(a, plan))
		}
	}
	return jobs, problems
}

// PolicyProblem says which lab asks something whose policy does not fit into a session; "" if none does.
func PolicyProblem(plans []*lab.Plan) string {
	for _, plan := range plans {
		for _, p := range narrowed([]Job{{Plan: plan}}) {
			if size := len(p.Policy); size > maxSessionPolicy {
				return fmt.Sprintf("one read of %s needs a policy of %d characters, and a session takes %d",
					plan.Lab.ID, size, maxSessionPolicy)
			}
		}
	}
	return ""
}

// narrowed are the sessions that read for these jobs: each has a policy that fits, as short as it can be written, with
// all that some of the reads need. One is enough but for a very large lab.
func narrowed(jobs []Job) []account.RolePolicy {
	var all []account.RolePolicy
	var actions []string
	read := map[string]bool{}
	for _, source := range sources(jobs) {
		d := source.Describe()
		if len(d.Actions) == 0 || read[d.Name] {
			continue
		}
		read[d.Name] = true
		more := append(slices.Clone(actions), d.Actions...)
		slices.Sort(more)
		more = slices.Compact(more)
		last := len(all) - 1
		if p := policyOf(more); last >= 0 && len(p) <= maxSessionPolicy {
			all[last].Policy, actions = p, more
		} else {
			actions = slices.Compact(slices.Sorted(slices.Values(d.Actions)))
			all = append(all, account.RolePolicy{Policy: policyOf(actions)})
			last++
		}
		all[last].Operations = append(all[last].Operations, d.Operations...)
	}
	if len(all) == 0 { // nothing is asked but who is calling
		all = []account.RolePolicy{{Policy: policyOf([]string{"sts:GetCallerIdentity"})}}
	}
	return all
}

// sources are the reads of these jobs, in the order of the labs' steps.
func sources(jobs []Job) []facts.Source {
	var all []facts.Source
	for _, j := range jobs {
		for _, s := range j.Plan.Steps {
			all = append(all, s.Check.Sources()...)
		}
	}
	return all
}

func policyOf(actions []string) string {
	data, err := json.Marshal(policy.Allow(actions))
	if err != nil {
		panic(err)
	}
	return string(data)
}

// Run reads what is not there yet, some accounts at once. One that cannot be read is a file that says why, and the
// others go on. The error is about the folder, or an interruption; what is done by then is kept.
func Run(ctx context.Context, o Options, results *Results, jobs []Job) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	places := make(chan struct{}, accountsAtOnce)
	var all sync.WaitGroup
	for _, of := range o.pending(results, jobs) {
		places <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-places }()
			if err := o.read(ctx, results, of); err != nil {
				stop(err)
			}
			o.Done()
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// Pending is how many accounts a run would read.
func (o Options) Pending(results *Results, jobs []Job) int { return len(o.pending(results, jobs)) }

// pending are the jobs that are not done, those of one account together as far as one session may read for them.
func (o Options) pending(results *Results, jobs []Job) [][]Job {
	var groups [][]Job
	for _, j := range jobs {
		if state, _ := results.State(j); state == Done && (o.Refresh == 0 || !results.old(j, o.Now().Add(-o.Refresh))) {
			continue
		}
		last := len(groups) - 1
		if last >= 0 && groups[last][0].Account == j.Account {
			if together := append(slices.Clone(groups[last]), j); len(narrowed(together)) == 1 {
				groups[last] = together
				continue
			}
		}
		groups = append(groups, []Job{j})
	}
	return groups
}

// notInSession is what the name of a session cannot hold:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
var notInSession = regexp.MustCompile(`[^A-Za-z0-9_+=,.@-]+`)

// sessionName says whose grading it is, to whoever reads CloudTrail.
func sessionName(grader string) string {
	const longest = 64
	name := "labcheck-" + notInSession.ReplaceAllString(grader[strings.LastIndexByte(grader, '/')+1:], "-")
	return name[:min(len(name), longest)]
}

// read reads one account. The error is about a file that cannot be written.
func (o Options) read(ctx context.Context, results *Results, jobs []Job) error {
	a := jobs[0].Account
	limited, cancel := context.WithTimeoutCause(ctx, o.Timeout, facts.ErrRunTimeout)
	defer cancel()
	s := session.Open(limited, o.sessionOf(a, jobs))
	if ctx.Err() != nil {
		return nil // it was not its turn any more
	}
	if p := s.Options.Problem; p != nil {
		return o.fail(results, jobs, p.Reason, o.advice(a, p))
	}
	if found := s.Options.Site.Account; found != a.ID {
		return o.fail(results, jobs, facts.RejectedCredentials,
			fmt.Sprintf("the profile %s leads to the account %s: correct the row", facts.NameOf(a.Profile), found))
	}
	for _, j := range jobs {
		report, err := o.grade(limited, s, j)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if reason, n := passing(report); n > 0 {
			err = o.fail(results, []Job{j}, reason, fmt.Sprintf("%d steps got no answer; the next run asks again", n))
		} else {
			err = results.Keep(j, report)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// passing counts the steps that stay open for a reason that passes by itself. Every other unknown is an answer.
func passing(report *reports.Report) (reason facts.Reason, n int) {
	for _, s := range report.Steps {
		switch s.Reason {
		case facts.Timeout, facts.Throttled, facts.Unreachable:
			reason = s.Reason
			n++
		default:
		}
	}
	return reason, n
}

// sessionOf leads to an account.
func (o Options) sessionOf(a *Account, jobs []Job) session.Options {
	to := o.Account
	to.Now = o.Now
	for _, j := range jobs {
		to.Operations = append(to.Operations, j.Plan.Operations()...)
		if to.Region == "" {
			to.Region = j.Plan.Lab.Region
		}
	}
	if a.Region != "" {
		to.Region = a.Region
	}
	if a.Profile != "" {
		to.Profile = a.Profile
	} else {
		to.RoleARN, to.ExternalID = strings.ReplaceAll(o.Role, "{account}", a.ID), a.ExternalID
		to.RoleSession, to.RolePolicies = sessionName(o.Grader), narrowed(jobs)
	}
	return session.Options{Tool: o.Tool, Program: o.Program, Now: o.Now, Source: o.Source, Account: to}
}

// grade grades one lab. Labs of an account share what was asked, and each has only its own among its facts.
func (o Options) grade(ctx context.Context, s *session.Session, j Job) (*reports.Report, error) {
	own := *s
	own.Facts = facts.NewSession(ctx, facts.Options{Now: s.Facts.Now(), Account: s.Facts})
	own.Options.ObservedBy = o.Grader
	if j.Account.Profile != "" {
		own.Options.ObservedBy = s.Options.Site.Caller.ARN
	}
	if _, err := account.Identify(own.Facts, s.Options.Site.Region); err != nil {
		return nil, err // it was answered before
	}
	if name := j.Account.IAMUser; name != "" {
		site := s.Options.Site
		own.Options.Site = facts.ParseSite(site.Account,
			"arn:"+site.Partition+":iam::"+site.Account+":user/"+name, "", site.Region)
	}
	report := own.Run(j.Plan)
	recording, err := own.Record()
	if err != nil {
		return nil, err
	}
	report.Facts = recording
	shown := reports.Redact(report, false)
	data, err := jsonv1.Marshal(shown)
	if err != nil {
		return nil, err
	}
	if jsonv1.Fits(data) != nil {
		shown.Facts = nil
	}
	return shown, nil
}

// fail keeps why an account could not be read.
func (o Options) fail(results *Results, jobs []Job, reason facts.Reason, detail string) error {
	for _, j := range jobs {
		if err := results.Fail(j, reason, detail, o.Now()); err != nil {
			return err
		}
	}
	return nil
}

// advice says why an account could not be read, and what the instructor or the student can do.
func (o Options) advice(a *Account, p *reports.Problem) string {
	switch {
	case p.Reason == facts.RejectedCredentials && a.Profile == "":
		return p.Detail + "; is the role there, does it trust " + graderAccount(o.Grader) +
			", and is the external id the roster's?"
	case p.Reason == facts.AccountNotActive:
		return p.Detail + "; ask the student for an account that is open"
	}
	return p.Detail
}

// graderAccount is the account of an ARN.
func graderAccount(arn string) string {
	const account = 4
	if parts := strings.Split(arn, ":"); len(parts) > account {
		return "the account " + parts[account]
	}
	return "you"
}

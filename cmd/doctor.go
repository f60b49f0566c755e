package cmd

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// doctorFlags are the flags of doctor as they were typed.
type doctorFlags struct {
	source          sourceFlags
	profile, region string
}

// doctorOptions are what doctor was asked for.
type doctorOptions struct {
	plan   *lab.Plan
	source source
	target target
}

func (a *app) doctorCommand() *cobra.Command {
	var flags doctorFlags
	c := &cobra.Command{
		Use:   "doctor [LAB]",
		Short: "Say who you are, which account it is, and what you can see",
		Long: `Say whose credentials are in use, which account and Region they lead to, what
kind of account it is, and which of the operations that grading needs they
allow. Without a lab, the first one of labcheck list is tried.`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := flags.complete(a, c, args)
			if err != nil {
				return err
			}
			return a.doctor(c.Context(), o)
		},
	}
	f := c.Flags()
	flags.source.registerSandbox(f)
	flags.source.registerRest(f)
	f.StringVar(&flags.profile, "profile", "", "the AWS CLI `profile` to use")
	f.StringVar(&flags.region, "region", "", "the AWS `Region` to look at instead of the lab's")
	return c
}

// complete makes the options of doctor.
func (f *doctorFlags) complete(a *app, c *cobra.Command, args []string) (*doctorOptions, error) {
	if len(args) == 0 {
		first, err := a.firstLab(c)
		if err != nil {
			return nil, err
		}
		args = first
	}
	name, err := oneLab(c, args)
	if err != nil {
		return nil, err
	}
	if err := f.source.check(f.profile); err != nil {
		return nil, err
	}
	o := &doctorOptions{target: target{profile: f.profile, region: f.region}}
	if o.plan, err = a.findLab(c, name, nil); err != nil {
		return nil, err
	}
	o.source, err = f.source.complete(false)
	return o, err
}

func (a *app) doctor(ctx context.Context, o *doctorOptions) error {
	ctx, cancel := context.WithTimeoutCause(ctx, o.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	s, err := a.connect(ctx, o.plan, o.source, o.target, alone())
	if err != nil {
		return err
	}
	report := s.Run(o.plan)
	if report.Problem != nil {
		a.code = problemCode(report.Problem.Reason)
	}
	return a.Print(func(w *bufio.Writer) { writeDiagnosis(w, o.plan, s, report) })
}

// writeDiagnosis prints what doctor found.
func writeDiagnosis(w *bufio.Writer, plan *lab.Plan, s *session.Session, report *reports.Report) {
	site := s.Options.Site
	for _, n := range report.Notices() {
		if n.Label == report.Source.Label() {
			fmt.Fprintf(w, "%s\n\n", console.Fold(n.Label+": "+n.Text, "", console.DefaultWidth))
		}
	}
	if p := report.Problem; p != nil {
		fmt.Fprintf(w, "Nothing could be asked of AWS\n%s\n",
			console.Fold(console.Clean(p.Sentence()), "", console.DefaultWidth))
		if lead := p.NextLead(); lead != "" {
			fmt.Fprintf(w, "\n%s\n  %s\n", lead, strings.Join(p.Next, "\n  "))
		}
		return
	}
	fmt.Fprintf(w, "You      %s\n         %s\n", console.Clean(site.Caller.ARN), callerText(site.Caller))
	fmt.Fprintf(w, "Account  %s\n", console.Clean(site.Account))
	fmt.Fprintf(w, "Region   %s\n", cmp.Or(site.Region, "none: set one with aws configure set region us-east-1"))
	if other := s.Options.ProfileRegion; other != "" {
		fmt.Fprintf(w, "         the lab's Region; your profile's own is %s\n", console.Clean(other))
	}
	fmt.Fprintf(w, "Profile  %s\n", cmp.Or(console.Clean(s.Options.Profile), "none"))
	answers := s.Facts.Answers()
	good := 0
	for _, x := range answers {
		if x.Err == nil {
			good++
		}
	}
	fmt.Fprintf(w, "\nGrading %s asked %d questions; %d were answered.\n", plan.Lab.ID, len(answers), good)
	for _, x := range answers {
		if x.Err != nil {
			fmt.Fprintf(w, "  %-34s %s\n", x.Read, console.Clean(x.Err.Error()))
		}
	}
	if good < len(answers) {
		fmt.Fprintf(w, "The policy that allows everything: labcheck policy %s\n", plan.Lab.ID)
	}
}

// callerText says in words what kind of principal somebody is.
func callerText(c facts.Caller) string {
	name := console.Clean(c.Name)
	switch c.Kind {
	case facts.Root:
		return "the root user of the account: use an IAM user or a role for daily work"
	case facts.IAMUser:
		return "the IAM user " + name
	case facts.IdentityCenter:
		return "a user of IAM Identity Center with the permission set " + name
	case facts.AssumedRole:
		return "a session of the role " + name
	case facts.FederatedUser:
		return "the federated user " + name
	case facts.LearnerLab:
		return "a student of an AWS Academy Learner Lab: some steps cannot apply and are skipped"
	default:
		return "a kind of caller that labcheck does not know"
	}
}

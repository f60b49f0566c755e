package cmd

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/policy"
	"github.com/labcheck/labcheck/reports"
)

// policyFlags are the flags of labcheck policy as they were typed.
type policyFlags struct{ format, trust, externalID, templateURL, check string }

// policyOptions are what labcheck policy was asked for: to print a policy, or to say what was refused in a report.
type policyOptions struct {
	plan   *lab.Plan
	grant  policy.Grant
	format policy.Format
	link   string          // of the console, where the template is to be had; "" for none
	report *reports.Report // what was refused in it is printed; nil: the policy is
}

func (a *app) policyCommand() *cobra.Command {
	var flags policyFlags
	c := &cobra.Command{
		Use:   "policy LAB",
		Short: "Print the IAM policy, or a whole role, that grading a lab needs",
		Long: `Print the least-privilege IAM policy: it allows exactly what grading the lab
reads. It is derived from the checks of the lab, so that it is complete.

With --trust it prints a whole role that may only read, for whom you trust:

  github:OWNER/REPO           the workflows of a repository
  github:OWNER/REPO:BRANCH    those on one branch, or on a ref such as
                              refs/tags/v1; jobs with an environment are not
                              among them
  gitlab:GROUP/PROJECT        the pipelines of a project on gitlab.com
  gitlab:GROUP/PROJECT:BRANCH those on one branch, or on a tag (refs/tags/v1)
  account:ID                  another account, with --external-id; without one,
                              the cloudformation template asks for it, and its
                              role is labcheck-grader: one template for a class

A repository made or renamed from 15 July 2026 on is github:OWNER@ID/REPO@ID, as
is an older one that has switched over: use_immutable_subject of
gh api repos/OWNER/REPO/actions/oidc/customization/sub says so.
With its number, gitlab:GROUP/PROJECT@ID, a project is safe from whoever takes
its path once it is free.
As json, a role is one object: AssumeRolePolicyDocument and Policies.

With --check it prints which of the actions were refused in a report, and asks
AWS nothing: exit code 0 for none, 1 for some, 3 if the report cannot tell.`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := flags.complete(a, c, args)
			if err != nil {
				return err
			}
			if o.report != nil {
				return a.printRefused(o.plan, o.report)
			}
			if o.link != "" {
				return a.Print(func(w *bufio.Writer) { fmt.Fprintln(w, o.link) })
			}
			return a.printPolicy(o.grant, o.format)
		},
	}
	f := c.Flags()
	f.StringVar(&flags.format, "format", policyFormats()[0],
		"write it in this `format`: "+strings.Join(policyFormats(), ", "))
	f.StringVar(&flags.trust, "trust", "", "print a role that this `principal` may take on")
	f.StringVar(&flags.externalID, "external-id", "", "the `word` that a trusted account has to give")
	f.StringVar(&flags.templateURL, "template-url", "",
		"print the link of the console that deploys the template from this `URL` of S3")
	f.StringVar(&flags.check, "check", "", "say what was refused in this report (`file`)")
	f.SortFlags = false
	return c
}

func policyFormats() []string {
	var names []string
	for _, format := range policy.Formats() {
		names = append(names, format.Name)
	}
	return names
}

// complete makes the options of labcheck policy.
func (f *policyFlags) complete(a *app, c *cobra.Command, args []string) (*policyOptions, error) {
	name, err := oneLab(c, args)
	if err != nil {
		return nil, err
	}
	printing := c.Flags().Changed("format") || c.Flags().Changed("trust") || c.Flags().Changed("external-id")
	if f.check != "" && printing {
		return nil, failure.Usagef("--check reads a report and prints no policy: " +
			"leave --format, --trust and --external-id out")
	}
	o := &policyOptions{}
	if o.plan, err = a.findLab(c, name, nil); err != nil {
		return nil, err
	}
	if f.check != "" {
		o.report, err = a.readReportOf(c, o.plan.Lab, f.check)
		return o, err
	}
	return o, f.completeGrant(o)
}

// completeGrant says what is to be printed.
func (f *policyFlags) completeGrant(o *policyOptions) (err error) {
	o.grant = policy.Grant{Lab: o.plan.Lab.ID, Actions: o.plan.Actions()}
	switch {
	case len(o.grant.Actions) == 0:
		return failure.Usagef("grading %s needs no permission: it asks AWS nothing but who you are", o.grant.Lab)
	case f.externalID != "" && f.trust == "":
		return failure.Usagef("--external-id goes with --trust account:ID")
	case f.templateURL != "":
		o.link, err = quickCreate(f.templateURL)
		return err
	case strings.HasPrefix(f.trust, "account:") && f.externalID == "" && f.format == "cloudformation":
		if o.grant.Trust, err = policy.ParseTemplateTrust(f.trust); err != nil {
			return failure.Usagef("--trust %w", err)
		}
	case f.trust != "":
		if o.grant.Trust, err = policy.ParseTrust(f.trust, f.externalID); err != nil {
			return failure.Usagef("--trust %w", err)
		}
	}
	i := slices.Index(policyFormats(), f.format)
	if i < 0 {
		return failure.Usagef("--format %s: there is no such format%s (there are: %s)", f.format,
			nearest.DidYouMean(f.format, policyFormats()), strings.Join(policyFormats(), ", "))
	}
	o.format = policy.Formats()[i]
	return nil
}

// quickCreate is the link of the console that deploys a template from a bucket; the person types the parameters there:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
func quickCreate(template string) (string, error) {
	u, err := url.Parse(template)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", failure.Usagef("--template-url: it is the address of the template in S3, such as " +
			"https://BUCKET.s3.amazonaws.com/labcheck.json")
	}
	query := url.Values{"templateURL": {template}, "stackName": {policy.GraderRole}}
	return "https://console.aws.amazon.com/cloudformation/home#/stacks/create/review?" + query.Encode(), nil
}

func (a *app) printPolicy(grant policy.Grant, format policy.Format) error {
	data, err := format.Render(grant)
	if err != nil {
		return err
	}
	a.policyNotes(grant.Trust, format.Name)
	return a.Print(func(w *bufio.Writer) { _, _ = w.Write(data) })
}

// policyNotes says on stderr what only the reader can know.
func (a *app) policyNotes(trust *policy.Trust, format string) {
	if trust == nil || trust.Issuer() == "" {
		return
	}
	if format == "json" {
		a.Tell("note: put your account's id in the place of " + policy.AccountPlaceholder +
			"; the account needs the identity provider of " + trust.Issuer() + ", which the other formats make")
	}
	if trust.BarePath() {
		a.Tell("note: whoever takes the path of the project once it is free is trusted, too: write GROUP/PROJECT@ID " +
			"(the project's page shows its ID)")
	}
	if trust.BareNames() {
		a.Tell("note: a repository made or renamed from 15 July 2026 on is not matched by its names alone: " +
			"write OWNER@ID/REPO@ID (gh api repos/OWNER/REPO --jq '.owner.id, .id' prints the two)")
	}
}

// readReportOf reads a report of this lab.
func (a *app) readReportOf(c *cobra.Command, l *lab.Lab, path string) (*reports.Report, error) {
	r, err := a.readReport(c, path)
	if err != nil {
		return nil, err
	}
	if r.Lab.ID != l.ID {
		return nil, failure.Usagef("%s is a report of the lab %s and not of %s", path, console.Clean(r.Lab.ID), l.ID)
	}
	return r, nil
}

// printRefused says which actions were refused in a report of this lab.
func (a *app) printRefused(plan *lab.Plan, r *reports.Report) error {
	refused := refusedActions(r)
	switch {
	case len(refused) > 0:
		a.code = exitNotPassed
	case r.Problem != nil:
		a.code = exitInconclusive
	}
	return a.Print(func(w *bufio.Writer) { writeRefused(w, plan, r, refused) })
}

// refusedActions are the actions that a report names as missing, each with the steps that needed it.
func refusedActions(r *reports.Report) map[string][]string {
	refused := map[string][]string{}
	for _, s := range r.Steps {
		if s.MissingAction != "" {
			refused[s.MissingAction] = append(refused[s.MissingAction], s.ID)
		}
	}
	return refused
}

func writeRefused(w *bufio.Writer, plan *lab.Plan, r *reports.Report, refused map[string][]string) {
	declared := plan.Actions()
	fmt.Fprintf(w, "%s, graded %s by %s\n", plan.Lab.ID, r.Started.UTC().Format("2006-01-02 15:04 UTC"),
		cmp.Or(console.Clean(r.Target.Caller), "an unknown caller"))
	for _, action := range slices.Sorted(maps.Keys(refused)) {
		note := ""
		if !slices.Contains(declared, action) {
			note = " (not in the policy of this version)"
		}
		fmt.Fprintf(w, "  refused  %s%s: %s\n", console.Clean(action), note,
			console.Clean(strings.Join(refused[action], ", ")))
	}
	switch {
	case len(refused) > 0:
		fmt.Fprintf(w, "Refused: %d of %d actions. What allows them all: labcheck policy %s\n",
			len(refused), len(declared), plan.Lab.ID)
	case r.Problem != nil:
		fmt.Fprintf(w, "Nothing could be asked (%s), so that the report cannot tell.\n", r.Problem.Reason)
	default:
		fmt.Fprintf(w, "None of the %d actions was refused. One that was not needed was not tried.\n", len(declared))
	}
}

package cmd

import (
	"bufio"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/policy"
)

// policyFlags are the flags of labcheck policy.
type policyFlags struct{ format, trust, externalID, check string }

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
  account:ID                  another account, with --external-id

A repository made or renamed from 15 July 2026 on is github:OWNER@ID/REPO@ID.
As json, a role is one object: AssumeRolePolicyDocument and Policies.

With --check it prints which of the actions were refused in a report, and asks
AWS nothing: exit code 0 for none, 1 for some, 3 if the report cannot tell.`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			name, err := oneLab(c, args)
			if err != nil {
				return err
			}
			if flags.check != "" && (c.Flags().Changed("format") || c.Flags().Changed("trust") || c.Flags().Changed("external-id")) {
				return usagef("--check reads a report and prints no policy: leave --format, --trust and --external-id out")
			}
			plan, err := a.findLab(c, name, nil)
			if err != nil {
				return err
			}
			if flags.check != "" {
				return a.checkPolicy(plan, flags.check)
			}
			return a.printPolicy(plan, flags)
		},
	}
	f := c.Flags()
	f.StringVar(&flags.format, "format", policyFormats()[0], "write it in this `format`: "+strings.Join(policyFormats(), ", "))
	f.StringVar(&flags.trust, "trust", "", "print a role that this `principal` may take on")
	f.StringVar(&flags.externalID, "external-id", "", "the `word` that a trusted account has to give")
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

func (a *app) printPolicy(plan *lab.Plan, flags policyFlags) error {
	grant := policy.Grant{Lab: plan.Lab.ID, Actions: plan.Actions()}
	if len(grant.Actions) == 0 {
		return usagef("grading %s needs no permission: it asks AWS nothing but who you are", grant.Lab)
	}
	if flags.externalID != "" && flags.trust == "" {
		return usagef("--external-id goes with --trust account:ID")
	}
	if flags.trust != "" {
		var err error
		if grant.Trust, err = policy.ParseTrust(flags.trust, flags.externalID); err != nil {
			return usagef("--trust %w", err)
		}
	}
	for _, format := range policy.Formats() {
		if format.Name != flags.format {
			continue
		}
		data, err := format.Render(grant)
		if err != nil {
			return err
		}
		a.policyNotes(grant.Trust, format.Name)
		return a.print(func(w *bufio.Writer) { _, _ = w.Write(data) })
	}
	return usagef("--format %s: there is no such format%s (there are: %s)", flags.format,
		lab.DidYouMean(flags.format, policyFormats()), strings.Join(policyFormats(), ", "))
}

// policyNotes says on stderr what only the reader can know.
func (a *app) policyNotes(trust *policy.Trust, format string) {
	if trust == nil || !trust.GitHub() {
		return
	}
	if format == "json" {
		a.env.tell("note: put your account's id in the place of " + policy.AccountPlaceholder +
			"; the account needs the identity provider of GitHub, which the other formats make")
	}
	if trust.BareNames() {
		a.env.tell("note: a repository made or renamed from 15 July 2026 on is not matched by its names alone: " +
			"write OWNER@ID/REPO@ID (gh api repos/OWNER/REPO --jq '.owner.id, .id' prints the two)")
	}
}

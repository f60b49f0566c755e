package cmd

import (
	"bufio"

	"github.com/spf13/cobra"
)

func (a *app) policyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "policy LAB",
		Short: "Print the IAM policy that grading a lab needs",
		Long: `Print the least-privilege IAM policy, as JSON: it allows exactly what grading
the lab reads. It is derived from the checks of the lab, so that it is complete.`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			name, err := oneLab(args)
			if err != nil {
				return err
			}
			plan, err := a.findLab(c, name, nil)
			if err != nil {
				return err
			}
			policy, err := plan.Policy()
			if err != nil {
				return err
			}
			return a.print(func(w *bufio.Writer) { _, _ = w.Write(policy) })
		},
	}
}

package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// RegionIsOn passes when the account can use a Region. The newer ones are off until somebody turns them on.
var RegionIsOn = checks.New(checks.Spec[RegionParams]{
	ID:       "region-is-on",
	Title:    "The Region is turned on in the account",
	Why:      "Nothing can be moved to another Region while the account may not use it.",
	Verify:   "aws ec2 describe-regions --region-names REGION",
	Reads:    []facts.Source{enabledRegions},
	Defaults: RegionParams{Region: "us-west-2"},
	Run:      regionIsOn,
})

// RegionParams are what a lab can choose.
type RegionParams struct {
	Region string `json:"region" help:"the Region that has to be on"`
}

func regionIsOn(v *facts.View, p RegionParams) (checks.Result, error) {
	enabled, err := enabledRegions.Get(v, regionsKey{Region: v.Site().Region})
	if err != nil {
		return checks.Result{}, err // becomes an unknown step with the error's reason
	}
	f := checks.Finding{
		Subject:  "Region " + p.Region,
		LookedAt: fmt.Sprintf("the %d Regions that the account can use", len(enabled)),
		Expected: "the Region is on",
	}
	if slices.Contains(enabled, p.Region) {
		return checks.Of(f.Pass(p.Region + " is on")), nil
	}
	return checks.Of(f.Fail(p.Region + " is off")).WithFix(checks.Fix{
		Commands: []checks.Command{checks.Sh("aws", "account", "enable-region", "--region-name", p.Region)},
		Console:  "Account menu › Account › AWS Regions › " + p.Region + " › Enable",
	}), nil
}

// regionsKey says where to ask. Two checks with the same key share one answer.
type regionsKey struct {
	Region string `json:"region"`
}

// enabledRegions asks what labcheck itself never asks, by its name: account.Ask reads whatever is on the list of what
// may be read, of 56 services. Any other service is asked with AWS's own client, over account.Config. The Operations
// are what the read-only guard lets through and what "labcheck explain" lists; the Actions are what "labcheck policy"
// prints. They need not have the same names.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
var enabledRegions = &facts.Read[regionsKey, []string]{
	Name:       "own.enabled-regions",
	Operations: []string{"ec2:DescribeRegions"},
	Actions:    []string{"ec2:DescribeRegions"},
	Fetch: func(ctx context.Context, access *facts.Access, key regionsKey) ([]string, error) {
		type region struct{ RegionName string }
		out, err := account.Ask[struct{ Regions []region }](ctx, access, "ec2:DescribeRegions", key.Region, nil)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, r := range out.Regions {
			names = append(names, r.RegionName)
		}
		return names, nil
	},
}

package vpc

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// InternetRoute passes when subnets of the default VPC in two zones send their traffic to its internet gateway.
var InternetRoute = checks.New(checks.Spec[checks.NoParams]{
	ID:     "vpc-internet-route",
	Title:  "The default VPC's subnets reach the internet",
	Why:    "A task can pull its image and answer requests only if its subnet has a way to the internet.",
	Verify: "aws ec2 describe-route-tables --filters Name=vpc-id,Values=VPC_ID --region REGION --query 'RouteTables[].Routes'",
	Reads:  []facts.Source{account.DefaultVPC, account.Subnets, account.InternetGateways, account.RouteTables},
	Extra:  []facts.Source{account.PublicAccessBlock, account.AvailabilityZones},
	Run:    internetRoute,
	Fix:    openWay,
})

func internetRoute(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	key := account.NetworkKey{Region: v.Site().Region}
	subnets, tables := account.Subnets.Start(v, key), account.RouteTables.Start(v, key)
	gateways, block := account.InternetGateways.Start(v, key), account.PublicAccessBlock.Start(v, key)

	vpc, finding := findVPC(v, fmt.Sprintf("subnets in %d zones with an active route %s to an internet gateway", zonesNeeded, everywhere))
	if !vpc.Exists || finding.Reason != "" {
		return checks.Of(finding), nil
	}
	finding.Subject = "way from " + vpc.ID + " to the internet"
	finding.LookedAt = fmt.Sprintf("subnets, route tables and internet gateways of %s in %s", vpc.ID, key.Region)
	w := way{vpc: vpc.ID, region: key.Region}
	err := w.findGateway(gateways)
	if err == nil {
		err = w.findPaths(subnets, tables)
	}
	if err != nil && !w.closed {
		return checks.Of(finding.Unanswered(err)), nil
	}
	if err == nil {
		finding.LookedAt = fmt.Sprintf("%s and %s of %s in %s, and its internet gateway",
			checks.Count(len(w.subnets), "subnet"), checks.Count(len(w.tables), "route table"), vpc.ID, key.Region)
	}
	w.judge(&finding)
	switch finding.Verdict {
	case checks.Fail:
		return checks.Result{Findings: []checks.Finding{finding}, Known: w.known(v)}, nil
	case checks.Pass:
		finding.Advice = checks.Join(blocked(block, key.Region), finding.Advice)
	default:
	}
	return checks.Of(finding), nil
}

// blocked says that a switch of the Region stops the traffic of every VPC. It may have exceptions, and so it only advises.
func blocked(block *facts.Pending[string], region string) string {
	switch mode, err := block.Get(); {
	case err != nil, mode == "":
		return "whether VPC Block Public Access stops this traffic could not be looked at"
	case mode == "off":
		return ""
	default:
		return "VPC Block Public Access is " + mode + " in " + region + ": it stops this traffic although the routes are right"
	}
}

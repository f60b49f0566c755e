package cost

import (
	"cmp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// mostShown is how many things a check names one by one: whoever has more begins with these.
const mostShown = 40

// halfLeft is the share where only the storage of something is left.
const halfLeft = 50

// findingsOf says of each thing what it is and costs, what weighs most first.
func findingsOf(items []item) []checks.Finding {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(weight(a.verdict), weight(b.verdict)), cmp.Compare(b.cost().high, a.cost().high))
	})
	var findings []checks.Finding
	for i, it := range items {
		f := it.finding()
		if i == mostShown {
			f.Subject = checks.Count(len(items)-mostShown, "more thing")
			f.LookedAt = "the same lists"
		}
		if findings = append(findings, f); i == mostShown {
			break
		}
	}
	return findings
}

// weight is the order in which verdicts are named.
func weight(v checks.Verdict) int {
	return slices.Index([]checks.Verdict{checks.Fail, checks.Unknown, checks.Partial, checks.Pass}, v)
}

func (it item) finding() checks.Finding {
	t := it.thing
	f := checks.Finding{
		Subject: it.noun() + " " + cmp.Or(it.name(), t.ID) + " in " + it.region, Expected: expected,
		LookedAt: it.list.nouns() + " in " + it.region,
	}
	is := "it is there"
	if t.State != "" && t.State != "there" && t.State != "true" && t.State != "false" {
		is = "it is " + strings.ToLower(t.State)
	}
	costs := ""
	if r := it.cost(); r.high > 0 {
		costs = " and costs " + r.String()
	}
	switch it.verdict {
	case checks.Unknown:
		return f.Unknown(facts.Errorf(facts.NotYetConsistent, "%s in %s is on its way out (%s), and not gone yet",
			it.noun()+" "+cmp.Or(it.name(), t.ID), it.region, strings.ToLower(t.State)))
	case checks.Partial:
		return it.told(f.Partial(halfLeft, is+costs))
	case checks.Pass:
		f.Advice = "it is kept" + costs + ": delete it when the course is over"
		return f.Pass(is)
	default:
		return it.told(f.Fail(is + costs))
	}
}

// told adds what is worth knowing before something is deleted.
func (it item) told(f checks.Finding) checks.Finding {
	t := it.thing
	switch it.list.call {
	case "rds:DescribeDBInstances":
		if t.State == "stopped" {
			f.Advice = "it starts by itself"
			if day, _, ok := strings.Cut(t.Note, "T"); ok {
				f.Advice += " on " + day
			}
		}
	case "kms:ListKeys":
		f.Advice = "what was encrypted with it is lost with it"
	case "savingsplans:DescribeSavingsPlans":
		f.Advice = "it cannot be deleted, and ends by itself"
		if day, _, ok := strings.Cut(t.Note, "T"); ok {
			f.Advice = "it cannot be deleted, and ends on " + day
		}
	case "bedrock:ListProvisionedModelThroughputs":
		if t.Note != "" {
			f.Advice = "with a commitment (" + t.Note + ") it cannot be deleted before its end"
		}
	case "backup:ListBackupVaults":
		if t.Type == "true" {
			f.Advice = "it is locked: nobody can delete what is in it before its time"
		}
	case "ecs:ListClusters":
		if t.Kind == ecsService && t.Count > t.Size {
			f.Advice = "it tries to start tasks again and again, and each try is billed"
		}
	case "eks:ListClusters":
		f.Advice = "delete Services of type LoadBalancer and volume claims inside of it first: what they made outlives it"
	case "elb:DescribeLoadBalancers":
		f.Advice = "one that Kubernetes made comes back until its Service is deleted"
	}
	return f
}

func (it item) noun() string {
	if it.list.call == "ecs:ListClusters" {
		return "ECS " + it.thing.Kind
	}
	return it.list.noun
}

// name is what people call a thing.
func (it item) name() string {
	switch it.list.call {
	case "rds:DescribeDBInstances", "secretsmanager:ListSecrets", "savingsplans:DescribeSavingsPlans":
		return "" // another member is kept there
	}
	return it.thing.Name
}

// fixOf are the commands that delete what is left, in the order in which they work.
func fixOf(v *facts.View, p Params, items []item) checks.Fix {
	var fix checks.Fix
	var paths []string
	items = slices.DeleteFunc(slices.Clone(items), func(it item) bool {
		return it.verdict != checks.Fail && it.verdict != checks.Partial
	})
	if len(items) == 0 {
		return fix
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(b.cost().high, a.cost().high) })
	items = items[:min(len(items), mostShown)] // whoever has more begins with the dearest
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.list.order, b.list.order) })
	typed := map[string]bool{}
	for _, it := range items {
		if len(paths) < 3 && !slices.Contains(paths, it.list.console) { //nolint:mnd // more are not read
			paths = append(paths, it.list.console)
		}
		for _, c := range it.list.commands(it.inARN(v.Site()), it.region) {
			if line := c.String(); !typed[line] {
				typed[line] = true
				fix.Commands = append(fix.Commands, c)
			}
		}
	}
	fix.Console = strings.Join(paths, "; ")
	if len(fix.Commands) > 0 && hasState(v, p) {
		fix.Commands = append([]checks.Command{checks.Sh("terraform", "destroy")}, fix.Commands...)
	}
	fix.ConsoleOnly = len(fix.Commands) == 0
	return fix
}

// inARN is the thing of an item, with the ARN of the load balancer that its description names.
func (it item) inARN(site facts.Site) Thing {
	t := it.thing
	if o := ownerOf(t); it.list.call == interfaces && o.kind == ownedByBalancer {
		t.Name = "ELB " + site.ARN("elasticloadbalancing", it.region, "loadbalancer/"+o.name)
	}
	return t
}

// hasState says whether Terraform knows of things in the account: it deletes them best.
func hasState(v *facts.View, p Params) bool {
	if p.Bucket == "" {
		return false
	}
	site := v.Site()
	objects, err := account.Objects.Get(v, account.ObjectsKey{Region: site.Region, Owner: site.Account, Bucket: p.Bucket})
	return err == nil && slices.ContainsFunc(objects, account.Object.HoldsState)
}

package cost

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

// Every row of the table can be asked: the operations are allowed, their inputs and what is looked at of their answers
// are in AWS's models, and the actions are those that they need.
func TestTheTable(t *testing.T) {
	usual := 0
	for _, lists := range groups() {
		for _, l := range lists {
			if !l.more && l.home == "" {
				usual++
			}
			t.Run(l.call, func(t *testing.T) {
				assert.NotEmpty(t, l.console)
				assert.NotEmpty(t, l.noun)
				var actions []string
				for _, name := range l.source().Operations {
					o, err := api.Find(name)
					require.NoError(t, err)
					actions = append(actions, o.Actions...)
				}
				assert.Equal(t, actions, l.source().Describe().Actions)
				o, err := api.Find(l.call)
				require.NoError(t, err)
				if l.ask == nil {
					_, err = o.Select(l.find, api.Value)
					require.NoError(t, err)
				}
				in := map[string]any{}
				for name, value := range l.with {
					if n, ok := value.(int64); ok {
						value = float64(n)
					}
					in[name] = value
				}
				_, problems := o.CheckInput(in)
				assert.Empty(t, problems)
				if l.each == nil {
					return
				}
				o, err = api.Find(l.each.call)
				require.NoError(t, err)
				_, err = o.Select(l.each.find, api.Value)
				require.NoError(t, err)
				_, problems = o.CheckInput(map[string]any{l.each.member: "name"})
				assert.Empty(t, problems)
			})
		}
	}
	assert.LessOrEqual(t, usual, 30, "lists in a Region that are always asked")
}

func TestEveryPriceHasASource(t *testing.T) {
	for _, table := range []map[string]price{prices, families} {
		for name, p := range table {
			assert.NotEmpty(t, p.source, name)
			assert.Positive(t, p.usd, name)
		}
	}
	for _, of := range leftOut {
		assert.NotEmpty(t, of.why, of.what)
	}
}

func TestSizes(t *testing.T) {
	for of, perHour := range map[string]float64{
		"t3.micro": 0.0104, "m5.large": 0.096, "m5.2xlarge": 0.384, "db.t4g.micro": 0.016, "cache.t3.micro": 0.017,
		"t3.small.search": 0.036, "ml.t3.medium": 0.05, "kafka.t3.small": 0.0456,
	} {
		assert.InDelta(t, perHour*24, sized(of).high, 0.0001, of)
		assert.InDelta(t, sized(of).low, sized(of).high, 0.0001, of)
	}
	for _, of := range []string{"x9.large", "m5.metal", "", "m5"} {
		assert.Greater(t, sized(of).high, sized(of).low, of)
	}
	assert.Equal(t, "$0 to $0.12 a day", rate{0, 0.12}.String())
	assert.Equal(t, "$0.014 a day", rate{0.4 / 30, 0.4 / 30}.String())
}

// One Region that cannot be read is unknown, whatever the others say.
func TestOneRegionThatCannotBeRead(t *testing.T) {
	t.Parallel()
	given := []facts.Given{account.Regions.Given(account.NetworkKey{Region: checktest.Region}, []account.Region{
		{Name: checktest.Region, On: true}, {Name: "eu-west-1", On: true},
	})}
	for _, l := range network {
		for _, region := range []string{checktest.Region, "eu-west-1"} {
			given = append(given, l.source().Given(key{region}, []Thing{}))
		}
		if l.call == interfaces {
			given[len(given)-1] = given[len(given)-1].Failing(&facts.Error{Reason: facts.RegionDisabled})
		}
	}
	r := checktest.Look(t, Network, checktest.Case{Facts: given})
	require.Equal(t, checks.Unknown, r.Verdict())
	require.Len(t, r.Findings, 1)
	require.Equal(t, "eu-west-1", r.Findings[0].Subject)
	require.Equal(t, facts.RegionDisabled, r.Findings[0].Reason)
}

// A public address is charged once, whoever lists it.
func TestAnAddressIsChargedOnce(t *testing.T) {
	t.Parallel()
	ip := []string{"198.51.100.10"}
	balancer := Thing{
		ID:   "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188",
		Kind: "internet-facing", Zones: []string{"us-east-1a", "us-east-1b"},
	}
	r := checktest.Look(t, Network, checktest.Case{Facts: With(Network, map[string][]Thing{
		"ec2:DescribeNatGateways": {{ID: "nat-1", State: "available", IPs: ip, Of: []string{"eipalloc-1"}}},
		addresses: {
			{ID: "eipalloc-1", Name: ip[0], IPs: ip}, {ID: "eipalloc-2", IPs: []string{"198.51.100.40"}, Type: "alb"},
		},
		"elbv2:DescribeLoadBalancers": {balancer},
		interfaces: {
			{ID: "eni-1", Name: "Interface for NAT Gateway nat-1", Type: "nat_gateway", IPs: ip, Note: "eipalloc-1"},
			{ID: "eni-2", Name: "ELB app/web/50dc6c495c0c9188", IPs: []string{"198.51.100.30"}},
			{ID: "eni-3", Name: "ELB app/web/50dc6c495c0c9188", IPs: []string{"198.51.100.31"}},
		},
	})})
	sum, of := 0.0, map[string]bool{}
	for _, c := range r.Cost.Charges {
		if !of[c.Of] {
			of[c.Of] = true
			sum += c.High
		}
	}
	assert.InDelta(t, 1.08+0.12+0.54+0.24, sum, 0.001, "%+v", r.Cost.Charges)
	var subjects []string
	for _, f := range r.Findings {
		subjects = append(subjects, f.Subject)
	}
	assert.NotContains(t, strings.Join(subjects, "\n"), "eni-")
}

package cost

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

// groups are the lists of each check.
func groups() map[*checks.Check]group {
	return map[*checks.Check]group{
		Network: network, Compute: compute, Storage: storage, Database: database, Other: other,
	}
}

// With are facts for a check that looks at one Region: what its lists say, and nothing where nothing is said.
func With(check *checks.Check, said map[string][]Thing) []facts.Given {
	return WithIn(check, checktest.Region, said)
}

// WithIn are facts for a check that looks at the lab's Region and at others: what the lists say in one of them.
func WithIn(check *checks.Check, where string, said map[string][]Thing) []facts.Given {
	all := []account.Region{{Name: checktest.Region, On: true}, {Name: "eu-south-1"}}
	if where != checktest.Region {
		all = append(all, account.Region{Name: where, On: true})
	}
	given := []facts.Given{account.Regions.Given(account.NetworkKey{Region: checktest.Region}, all)}
	for _, l := range groups()[check] {
		for _, region := range all {
			if !region.On || l.home != "" && region.Name != checktest.Region {
				continue
			}
			k, things := key{region.Name}, said[l.call]
			if l.home != "" {
				k.Region = l.home
			} else if region.Name != where || things == nil {
				things = []Thing{}
			}
			if things == nil {
				things = []Thing{}
			}
			given = append(given, l.source().Given(k, things))
		}
	}
	return given
}

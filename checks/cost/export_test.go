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
	given := []facts.Given{account.Regions.Given(account.NetworkKey{Region: checktest.Region}, []account.Region{
		{Name: checktest.Region, On: true}, {Name: "eu-south-1"},
	})}
	for _, l := range groups()[check] {
		k := key{checktest.Region}
		if l.home != "" {
			k.Region = l.home
		}
		things := said[l.call]
		if things == nil {
			things = []Thing{}
		}
		given = append(given, l.source().Given(k, things))
	}
	return given
}

package sandbox

import (
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/budgets"
	"github.com/labcheck/labcheck/labs/sandbox/cloudwatch"
	"github.com/labcheck/labcheck/labs/sandbox/ec2"
	"github.com/labcheck/labcheck/labs/sandbox/ecr"
	"github.com/labcheck/labcheck/labs/sandbox/freetier"
	"github.com/labcheck/labcheck/labs/sandbox/iam"
	"github.com/labcheck/labcheck/labs/sandbox/leftovers"
	"github.com/labcheck/labcheck/labs/sandbox/logs"
	"github.com/labcheck/labcheck/labs/sandbox/s3"
	"github.com/labcheck/labcheck/labs/sandbox/sns"
	"github.com/labcheck/labcheck/labs/sandbox/sts"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Standard lists the services that every practice account has. A service is added by one line here, or by who calls
// [Parse].
func Standard() []*wire.Service {
	return append([]*wire.Service{
		iam.Service,
		sts.Service,
		budgets.Service,
		freetier.Service,
		ecr.Service,
		logs.Service,
		ec2Service,
		cloudwatch.Service,
		sns.Service,
		s3.Control, // before S3, with which it shares the name in a signature
		s3.Service,
	}, leftovers.Services()...)
}

// ec2Service is EC2 with what is left in it.
var ec2Service = leftovers.With(ec2.Service)

// withStandard adds services to the standard ones. One with the id of another takes its place.
func withStandard(own []*wire.Service) []*wire.Service { return join(Standard(), own) }

// join adds services to others. One with the id of another takes its place.
func join(services, more []*wire.Service) []*wire.Service {
	all := slices.Clone(services)
	for _, s := range more {
		if i := slices.IndexFunc(all, func(known *wire.Service) bool { return known.ID == s.ID }); i >= 0 {
			all[i] = s
		} else {
			all = append(all, s)
		}
	}
	return all
}

// signedAs finds the services with a name in a credential scope. S3 and S3 Control share one.
func signedAs(services []*wire.Service, name string) []*wire.Service {
	var all []*wire.Service
	for _, s := range services {
		if s.SigningName() == name {
			all = append(all, s)
		}
	}
	return all
}

// partsOf lists what the services keep in a state. Two of them with the same key are an error.
func partsOf(services []*wire.Service) ([]wire.PartDescription, error) {
	var all []wire.PartDescription
	const state = "the state itself"
	taken := map[string]string{
		"account": state, "caller": state, "regions": state, "drawn": state, "workstation": state,
	}
	for _, s := range services {
		for _, part := range s.Parts {
			d := part.Describe()
			if other, ok := taken[d.Key]; ok {
				return nil, fmt.Errorf("the service %s cannot keep %q in a state: %s does", s.ID, d.Key, other)
			}
			taken[d.Key] = s.ID
			all = append(all, d)
		}
	}
	return all, nil
}

// Simulations lists what can be simulated in an account with the standard services and these.
func Simulations(own ...*wire.Service) []wire.Simulation { return simulations(withStandard(own)) }

func simulations(services []*wire.Service) []wire.Simulation {
	var all []wire.Simulation
	for _, s := range services {
		all = append(all, s.Simulations...)
	}
	return all
}

package account

import (
	"reflect"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/labcheck/labcheck/checks/facts"
)

// globalService in place of a Region asks a service that has no Regions, such as IAM: it is asked in the one Region that
// answers for the account's partition.
const globalService = "*"

// clientKey tells the clients of a door apart: one for each service and Region.
type clientKey struct {
	client reflect.Type
	region string
}

// clientFor returns the door's client of a service in a Region, made when it is first asked for. newFromConfig is the
// SDK's own constructor, such as ecr.NewFromConfig: a new service needs nothing else. The options are those that every
// read of the service gives.
//
// The caller gets the client as its concrete type and must keep it so: called through an interface, all the operations
// of the service that fit the interface stay in the binary.
func clientFor[C, O any](
	a *facts.Access, region string, newFromConfig func(aws.Config, ...func(*O)) *C, options ...func(*Door, *O),
) (*C, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	if region == globalService {
		region = globalRegion(d.region)
	}
	made, _ := d.clients.LoadOrStore(clientKey{reflect.TypeFor[C](), region}, sync.OnceValues(func() (*C, error) {
		cfg, err := d.config(region)
		if err != nil {
			return nil, err
		}
		return newFromConfig(cfg, func(o *O) {
			for _, option := range options {
				option(d, o)
			}
		}), nil
	}))
	return made.(func() (*C, error))()
}

package account

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

	"github.com/labcheck/labcheck/checks/facts"
)

// clients holds one client per service and Region. They are concrete types: a client behind an interface would keep
// all its operations in the binary.
type clients struct {
	sts        regional[sts.Client]
	iam        regional[iam.Client]
	ecr        regional[ecr.Client]
	logs       regional[cloudwatchlogs.Client]
	cloudwatch regional[cloudwatch.Client]
	ec2        regional[ec2.Client]
	sns        regional[sns.Client]
	budgets    regional[budgets.Client]
}

// regional holds the clients of one service.
type regional[C any] struct {
	mu       sync.Mutex
	byRegion map[string]*C
}

// in finds the client of a Region, or opens it when it is first asked for.
func (r *regional[C]) in(region string, open func() (*C, error)) (*C, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.byRegion[region]; ok {
		return c, nil
	}
	c, err := open()
	if err != nil {
		return nil, err
	}
	if r.byRegion == nil {
		r.byRegion = map[string]*C{}
	}
	r.byRegion[region] = c
	return c, nil
}

// client finds the client of a service in a Region. newFromConfig is the SDK's own constructor, whose options are of
// type O.
func client[C, O any](
	d *Door, region string, held *regional[C], newFromConfig func(aws.Config, ...func(*O)) *C, options ...func(*O),
) (*C, error) {
	return held.in(region, func() (*C, error) {
		cfg, err := d.config(region)
		if err != nil {
			return nil, err
		}
		return newFromConfig(cfg, options...), nil
	})
}

func stsClient(a *facts.Access, region string) (*sts.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, region, &d.clients.sts, sts.NewFromConfig)
}

func iamClient(a *facts.Access) (*iam.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, d.globalRegion(), &d.clients.iam, iam.NewFromConfig)
}

func ecrClient(a *facts.Access, region string) (*ecr.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, region, &d.clients.ecr, ecr.NewFromConfig)
}

func logsClient(a *facts.Access, region string) (*cloudwatchlogs.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, region, &d.clients.logs, cloudwatchlogs.NewFromConfig)
}

func ec2Client(a *facts.Access, region string) (*ec2.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, region, &d.clients.ec2, ec2.NewFromConfig)
}

func snsClient(a *facts.Access, region string) (*sns.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, region, &d.clients.sns, sns.NewFromConfig)
}

func budgetsClient(a *facts.Access) (*budgets.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, d.globalRegion(), &d.clients.budgets, budgets.NewFromConfig)
}

// cloudwatchClient speaks the SDK's default protocol (CBOR) to AWS, and to a configured endpoint the older Query
// protocol: AWS serves it still, and the emulators of today know no other. For billing the Region is BillingRegion.
func cloudwatchClient(a *facts.Access, region string) (*cloudwatch.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return client(d, region, &d.clients.cloudwatch, cloudwatch.NewFromConfig, func(o *cloudwatch.Options) {
		if !d.EndpointIsAWS() {
			o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
		}
	})
}

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

// partitionWide stands for the Region in which the global services of the account's partition are asked.
const partitionWide = "*"

// client finds the client of a service in a Region. held says where the door keeps it; newFromConfig is the SDK's own
// constructor, whose options are of type O.
func client[C, O any](
	a *facts.Access, region string, held func(*clients) *regional[C],
	newFromConfig func(aws.Config, ...func(*O)) *C, options ...func(*Door, *O),
) (*C, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	if region == partitionWide {
		region = globalRegion(d.region)
	}
	return held(&d.clients).in(region, func() (*C, error) {
		cfg, err := d.config(region)
		if err != nil {
			return nil, err
		}
		return newFromConfig(cfg, func(o *O) {
			for _, option := range options {
				option(d, o)
			}
		}), nil
	})
}

func stsClient(a *facts.Access, region string) (*sts.Client, error) {
	return client(a, region, func(c *clients) *regional[sts.Client] { return &c.sts }, sts.NewFromConfig)
}

func iamClient(a *facts.Access) (*iam.Client, error) {
	return client(a, partitionWide, func(c *clients) *regional[iam.Client] { return &c.iam }, iam.NewFromConfig)
}

func ecrClient(a *facts.Access, region string) (*ecr.Client, error) {
	return client(a, region, func(c *clients) *regional[ecr.Client] { return &c.ecr }, ecr.NewFromConfig)
}

func logsClient(a *facts.Access, region string) (*cloudwatchlogs.Client, error) {
	return client(a, region, func(c *clients) *regional[cloudwatchlogs.Client] { return &c.logs }, cloudwatchlogs.NewFromConfig)
}

func ec2Client(a *facts.Access, region string) (*ec2.Client, error) {
	return client(a, region, func(c *clients) *regional[ec2.Client] { return &c.ec2 }, ec2.NewFromConfig)
}

func snsClient(a *facts.Access, region string) (*sns.Client, error) {
	return client(a, region, func(c *clients) *regional[sns.Client] { return &c.sns }, sns.NewFromConfig)
}

func budgetsClient(a *facts.Access) (*budgets.Client, error) {
	return client(a, partitionWide, func(c *clients) *regional[budgets.Client] { return &c.budgets }, budgets.NewFromConfig)
}

// cloudwatchClient asks the billing metrics and their alarms in BillingRegion.
func cloudwatchClient(a *facts.Access, region string) (*cloudwatch.Client, error) {
	held := func(c *clients) *regional[cloudwatch.Client] { return &c.cloudwatch }
	return client(a, region, held, cloudwatch.NewFromConfig, cloudwatchProtocol)
}

// cloudwatchProtocol leaves the SDK's default (CBOR) for AWS, and takes the older Query protocol for a configured
// endpoint: AWS serves it still, and the emulators of today know no other.
func cloudwatchProtocol(d *Door, o *cloudwatch.Options) {
	if !d.EndpointIsAWS() {
		o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
	}
}

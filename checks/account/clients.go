package account

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"

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

// regional makes a client for a Region when it is first asked for.
type regional[C any] struct {
	mu       sync.Mutex
	byRegion map[string]*C
}

func (r *regional[C]) in(region string, cfg aws.Config, open func(aws.Config) *C) *C {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.byRegion[region]; ok {
		return c
	}
	if r.byRegion == nil {
		r.byRegion = map[string]*C{}
	}
	cfg.Region = region
	c := open(cfg)
	r.byRegion[region] = c
	return c
}

func stsClient(a *facts.Access, region string) (*sts.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return d.clients.sts.in(region, d.cfg, func(c aws.Config) *sts.Client { return sts.NewFromConfig(c) }), nil
}

func iamClient(a *facts.Access) (*iam.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return d.clients.iam.in(d.globalRegion(), d.cfg, func(c aws.Config) *iam.Client { return iam.NewFromConfig(c) }), nil
}

func ecrClient(a *facts.Access, region string) (*ecr.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return d.clients.ecr.in(region, d.cfg, func(c aws.Config) *ecr.Client { return ecr.NewFromConfig(c) }), nil
}

func logsClient(a *facts.Access, region string) (*cloudwatchlogs.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return d.clients.logs.in(region, d.cfg, func(c aws.Config) *cloudwatchlogs.Client {
		return cloudwatchlogs.NewFromConfig(c)
	}), nil
}

func ec2Client(a *facts.Access, region string) (*ec2.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return d.clients.ec2.in(region, d.cfg, func(c aws.Config) *ec2.Client { return ec2.NewFromConfig(c) }), nil
}

func snsClient(a *facts.Access, region string) (*sns.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return d.clients.sns.in(region, d.cfg, func(c aws.Config) *sns.Client { return sns.NewFromConfig(c) }), nil
}

func budgetsClient(a *facts.Access) (*budgets.Client, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	return d.clients.budgets.in(d.globalRegion(), d.cfg, func(c aws.Config) *budgets.Client {
		return budgets.NewFromConfig(c)
	}), nil
}

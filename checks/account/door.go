// Package account holds the reads that ask AWS. With checks/api it is the only importer of the AWS SDK: the types of
// its reads are ours.
//
// Open opens an account as a Door: a configuration that is guarded and limited, and the clients made from it. The files
// named after a service (ec2.go, iam_users.go …) hold its reads, and nothing else knows the service: a read of a new
// service gets its client from clientFor and needs no line elsewhere. A read turns "not found" codes from an
// allow-list, in a complete answer, into data; every other error leaves the SDK's own call already classified as a
// *facts.Error. What is read by name (checks/api) goes through the same door: see named.go.
//
// What every call goes through, from the outside in, and where:
//
//	errors.go      each error becomes a *facts.Error with one reason, in the words of explain.go
//	middleware.go  an operation that the plan did not declare is refused before anything leaves the process
//	limits.go      20 s for a call with its retries, which are 5 attempts of what may pass
//	answers.go     an answer that has text where a list belongs is refused
//	limits.go      at most 8 requests per service at a time, 5 s for an attempt
//	answers.go     an answer that is not in AWS's protocols is refused, and not asked for again
//	memory.go      an answer that is too large is refused too, and all of them together may be only so large
//	middleware.go  each answered request is noted as evidence
//
// Of this, only the bounds of memory.go are on the clients with which the SDK fetches the credentials themselves: they
// ask operations that are on no list, such as sts:AssumeRole. What goes wrong there is explained in signin.go.
package account

import (
	"cmp"
	"context"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// Options open an account. The zero value asks AWS, with the credentials and the Region of the SDK's usual environment.
type Options struct {
	// Profile is the profile of the AWS configuration files; "" is the environment's.
	Profile string
	// RoleARN is a role that is assumed with the credentials of the environment or the profile, and ExternalID the
	// external id that its trust policy asks for, if any. Given Credentials are used as they are, without a role.
	RoleARN, ExternalID string
	// RoleSession names the session of the role, which its owner reads in CloudTrail; "" is "labcheck".
	RoleSession string
	// RolePolicies narrow the role: there is a session for each. What none of them names is asked with the first.
	RolePolicies []RolePolicy
	// Region is asked in place of the environment's or the profile's.
	Region string
	// EndpointURL takes the place of every endpoint of AWS.
	EndpointURL string
	// Transport carries the requests in place of the network.
	Transport http.RoundTripper
	// Signer signs the requests in place of the SDK's own, such as one that asks somebody else to. It does not sign those
	// of Config's clients, nor those that fetch credentials.
	Signer Signer
	// Credentials are used as they are: then no environment variable and no file of the AWS configuration is read.
	Credentials *StaticCredentials
	// Operations is everything that may be asked, such as "ecr:DescribeRepositories". sts:GetCallerIdentity always may.
	Operations []string
	// OnEC2 says whether the machine is an EC2 instance, whose metadata service may be asked for credentials. Nil looks
	// at the machine's own DMI.
	OnEC2 func() bool
	// Now tells the time of the evidence; nil is the machine's clock.
	Now func() time.Time
	// Network is what the door has in common with others; nil is nothing.
	Network *Network
	// Backoff is how long to wait after so many failed attempts of a call (1 to 4); nil is AWS's own way, exponential with
	// jitter, but short as long as AWS cannot be reached at all. For a practice account and for tests.
	Backoff func(attempts int) time.Duration
}

// RolePolicy narrows a session of a role.
type RolePolicy struct {
	// Policy is a policy as JSON, of at most 2,048 characters.
	Policy string
	// Operations are what is asked with that session.
	Operations []string
}

// StaticCredentials are the credentials of a practice account.
type StaticCredentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // empty for a long-term key
}

// Door is an opened account: a configuration that is guarded and limited, and the clients made from it. It is safe for
// concurrent use.
type Door struct {
	cfg     aws.Config
	clients sync.Map // of clientKey to the func that makes the client once
	// namedClients are what is read by name through, by service and Region, and named what reads of ours ask so, by
	// operation.
	namedClients, named sync.Map
	rules               api.Rules
	signer              Signer
	now                 func() time.Time
	limits              limits
	allowed             map[string]bool // the operations that the guard lets through
	slots               atomic.Pointer[slots]
	sweep               sweep
	network             *Network
	acceptedIn          acceptedRegions
	memory              memory
	// answered says that a request was answered, by whomever: the network works.
	answered atomic.Bool

	region, profileRegion, profile string
	customEndpoint                 bool
	endpointSetting                string
}

// Open opens an account. It asks nothing: whether the credentials are good is for Identify to say. The error is a
// *facts.Error.
func Open(ctx context.Context, o Options) (*Door, error) {
	return open(ctx, o, standardLimits())
}

func open(ctx context.Context, o Options, l limits) (*Door, error) {
	d := &Door{now: o.Now, limits: l, allowed: allowList(o.Operations), signer: o.Signer, network: o.Network}
	if d.now == nil {
		d.now = time.Now
	}
	if d.network == nil {
		d.network = NewNetwork()
	}
	if d.signer == nil {
		d.signer = v4.NewSigner()
	}
	d.slots.Store(&slots{}) // until it is known whose account it is
	s, err := d.load(ctx, o, func() aws.Retryer { return d.newRetryer(o.Backoff) })
	if err != nil {
		return nil, err
	}
	d.region = facts.HideSecrets(cmp.Or(o.Region, s.region))
	d.profileRegion, d.profile = facts.HideSecrets(s.region), facts.HideSecrets(s.profile)
	d.customEndpoint, d.endpointSetting = s.customEndpoint(ctx, d.allowed), s.endpointSetting(ctx)
	d.cfg = s.cfg
	d.cfg.APIOptions = append(d.cfg.APIOptions, d.addMiddleware)
	return d, nil
}

// Region is where the account is asked: the option's Region, else ProfileRegion; "" if neither says.
func (d *Door) Region() string { return d.region }

// ProfileRegion is the Region of the environment or of the profile, whatever the options say; it may be "".
func (d *Door) ProfileRegion() string { return d.profileRegion }

// Profile is the name of the profile in use; "" if none of the AWS configuration files has it.
func (d *Door) Profile() string { return d.profile }

// EndpointIsAWS is false when an endpoint of a service that the plan asks is configured: by the option, by
// AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE>, or in the profile. A Transport does not change it.
func (d *Door) EndpointIsAWS() bool { return !d.customEndpoint }

// EndpointSetting is the setting that decides whom the question who is calling goes to: AWS_ENDPOINT_URL,
// AWS_ENDPOINT_URL_STS, AWS_USE_FIPS_ENDPOINT, or endpoint_url in the configuration files. It is "" if there is none.
func (d *Door) EndpointSetting() string { return d.endpointSetting }

// Config is for reads of others: the configuration of this account in a Region, from which they make the client of a
// service that we do not ask. It is guarded and limited like our own. The operations that such a client may call are
// the Operations of the reads in the plan, written as PREFIX:Operation: the prefix is the SDK's ServiceID in lower case
// and without spaces ("Elastic Load Balancing v2" is "elasticloadbalancingv2"), but "logs" for "CloudWatch Logs". An
// answer is held in memory, at most 8 MiB of it: large objects cannot be fetched with it.
func Config(a *facts.Access, region string) (aws.Config, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return aws.Config{}, err
	}
	return d.config(region)
}

func (d *Door) config(region string) (aws.Config, error) {
	switch zoneOf := facts.RegionOfZone(region); {
	case zoneOf != "":
		return aws.Config{}, facts.Errorf(facts.NoRegion, "%s is an Availability Zone; its Region is %s", region, zoneOf)
	case region == "":
		return aws.Config{}, facts.Errorf(facts.NoRegion,
			"no Region is set: give --region, or run aws configure set region us-east-1")
	case !facts.IsRegion(region):
		return aws.Config{}, facts.Errorf(facts.NoRegion, "%q is not the name of a Region; us-east-1 is one", region)
	}
	cfg := d.cfg.Copy()
	cfg.Region = region
	return cfg, nil
}

// globalRegion is the Region in which the global services of a Region's partition are asked, and one in which STS
// always answers.
func globalRegion(region string) string {
	for prefix, global := range map[string]string{
		"cn-": "cn-north-1", "us-gov-": "us-gov-west-1", "eusc-": "eusc-de-east-1",
		"us-iso-": "us-iso-east-1", "us-isob-": "us-isob-east-1", "us-isof-": "us-isof-south-1", "eu-isoe-": "eu-isoe-west-1",
	} {
		if strings.HasPrefix(region, prefix) {
			return global
		}
	}
	return "us-east-1"
}

// globalService in place of a Region asks a service that has no Regions, such as IAM: it is asked in the one Region
// that answers for the account's partition.
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
			reflect.ValueOf(o).Elem().FieldByName("HTTPSignerV4").Set(reflect.ValueOf(d.signer)) // which every client has
			for _, option := range options {
				option(d, o)
			}
		}), nil
	}))
	return made.(func() (*C, error))()
}

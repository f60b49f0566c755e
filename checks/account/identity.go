package account

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

// IdentityKey asks who is calling. Region is where STS is asked; the answer is the same everywhere.
type IdentityKey struct {
	Region string `json:"region"`
}

// Identity is the principal behind the credentials.
type Identity struct {
	Account string `json:"account"`
	ARN     string `json:"arn"`
	// UserID is the account's id for the root user. That of anybody else says nothing more, and is not kept.
	UserID string `json:"userId,omitempty"`
	// KeyHead is as in [facts.KeyHead], of the key that signs the requests: the account that made it, in AWS's own
	// spelling. "" where the key does not tell.
	KeyHead string `json:"keyHead,omitempty"`
	// Practice is as in [facts.Site].
	Practice string `json:"practice,omitempty"`
}

// CallerIdentity needs no permission and cannot be denied by an IAM policy:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
var CallerIdentity = &facts.Read[IdentityKey, Identity]{
	Name:       "sts.caller-identity",
	Operations: []string{identityOperation},
	Actions:    []string{},
	Fetch: func(ctx context.Context, a *facts.Access, key IdentityKey) (Identity, error) {
		client, err := clientFor(a, key.Region, sts.NewFromConfig)
		if err != nil {
			return Identity{}, err
		}
		out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return Identity{}, err
		}
		id := Identity{
			Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn),
			Practice: practiceAddress(out.ResultMetadata),
			KeyHead:  facts.KeyHead(facts.AccountOfKey(string(ownAccessKey(ctx, a)))),
		}
		if aws.ToString(out.UserId) == id.Account {
			id.UserID = id.Account
		}
		// The id becomes a part of names and of hosts.
		if !facts.IsAccountID(id.Account) || id.ARN == "" {
			return Identity{}, facts.Errorf(facts.InvalidResponse, "STS names no caller")
		}
		if d, err := facts.Through[*Door](a); err == nil {
			d.acceptedIn.add(key.Region)
			d.slots.Store(d.network.slotsOf(id.Account))
		}
		return id, nil
	},
}

// practiceAddress is where an answer came from if it says that it is a simulation, as every answer of a practice
// account that is served does.
func practiceAddress(metadata middleware.Metadata) string {
	answer, ok := awsmiddleware.GetRawResponse(metadata).(*smithyhttp.Response)
	if !ok || answer.Header.Get("X-Labcheck-Simulated") != "true" || answer.Request == nil {
		return ""
	}
	return answer.Request.URL.Host
}

// Identify is the preflight: it finds out who asks, in which account. region is where the session will look. The error
// is a *facts.Error with the one reason that every other read would meet too.
func Identify(s *facts.Session, region string) (facts.Site, error) {
	id, err := Caller(s.View(facts.Site{}, []facts.Source{CallerIdentity}, nil), region)
	if err != nil {
		return facts.Site{}, err
	}
	site := facts.ParseSite(id.Account, id.ARN, id.UserID, region)
	site.Practice = id.Practice
	return site, nil
}

// Caller asks CallerIdentity in a Region. Without one, and where the account has not enabled it, STS is asked in the
// partition's first Region instead: who asks is the same everywhere.
func Caller(v *facts.View, region string) (Identity, error) {
	fallback := globalRegion(region)
	asked := cmp.Or(region, fallback)
	id, err := CallerIdentity.Get(v, IdentityKey{Region: asked})
	if rejected(err) && asked != fallback {
		// A Region that is not enabled rejects good credentials.
		if elsewhere, fallbackErr := CallerIdentity.Get(v, IdentityKey{Region: fallback}); fallbackErr == nil {
			return elsewhere, nil
		}
	}
	return id, err
}

func rejected(err error) bool {
	var e *facts.Error
	return errors.As(err, &e) && e.Reason == facts.RejectedCredentials
}

// acceptedRegions are the Regions in which STS has accepted the credentials. Once there is one, a rejection in another
// Region means that the account has not enabled that one.
type acceptedRegions struct {
	mu      sync.Mutex
	regions map[string]bool
}

func (a *acceptedRegions) add(region string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.regions == nil {
		a.regions = map[string]bool{}
	}
	a.regions[region] = true
}

// othersOnly says whether the credentials are good, but not shown to be so in this Region. The first Region of a
// partition cannot be disabled.
func (a *acceptedRegions) othersOnly(region string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.regions) > 0 && !a.regions[region] && region != globalRegion(region)
}

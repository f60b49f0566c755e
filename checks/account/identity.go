package account

import (
	"cmp"
	"errors"
	"sync"

	"github.com/labcheck/labcheck/checks/facts"
)

// Identify is the preflight: it finds out who asks, in which account. region is where the session will look. The error is
// a *facts.Error with the one reason that every other read would meet too.
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

// proven remembers in which Region STS has accepted the credentials. From then on the same rejection in another Region
// means that the account has not enabled that one.
type proven struct {
	mu      sync.Mutex
	regions map[string]bool
}

func (p *proven) in(region string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.regions == nil {
		p.regions = map[string]bool{}
	}
	p.regions[region] = true
}

// otherwise says whether the credentials are good, but not shown to be so in this Region. The first Region of a
// partition cannot be disabled.
func (p *proven) otherwise(region string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.regions) > 0 && !p.regions[region] && region != globalRegion(region)
}

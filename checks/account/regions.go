package account

import (
	"context"
	"sync"

	"github.com/labcheck/labcheck/checks/facts"
)

// Region is a Region of AWS as the account sees it.
type Region struct {
	Name string `json:"name"`
	// On says that the account can use it. A Region that was switched off again keeps what is in it, and nobody can
	// look.
	On bool `json:"on,omitempty"`
}

// Regions are all Regions of the account's partition.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
var Regions = &facts.Read[NetworkKey, []Region]{
	Name:       "ec2.regions",
	Operations: []string{"ec2:DescribeRegions"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) ([]Region, error) {
		type region struct{ RegionName, OptInStatus string }
		out, err := Ask[struct{ Regions []region }](ctx, a, "ec2:DescribeRegions", key.Region, map[string]any{
			"AllRegions": true,
		})
		if err != nil {
			return nil, err
		}
		return eachOf(out.Regions, func(r region) (Region, error) {
			if !facts.IsRegion(r.RegionName) || r.OptInStatus == "" {
				return Region{}, facts.Errorf(facts.InvalidResponse, "a Region came without its name or its status")
			}
			return Region{r.RegionName, r.OptInStatus != "not-opted-in"}, nil
		})
	},
}

// regionsAtOnce is in how many Regions a sweep over all of them asks at a time.
const regionsAtOnce = 4

// sweep lets reads that search one Region after another into a few Regions at a time, in the order in which they come.
type sweep struct {
	mu      sync.Mutex
	under   map[string]int // reads under way, by Region
	waiting []*turn
}

// turn is a read that waits for its Region.
type turn struct {
	region string
	begin  chan struct{}
}

// InTurn asks when it is the Region's turn: at most four Regions are searched at a time.
func InTurn[V any](ctx context.Context, a *facts.Access, region string, ask func() (V, error)) (V, error) {
	var none V
	d, err := facts.Through[*Door](a)
	if err != nil {
		return none, err
	}
	t := d.sweep.enter(region)
	defer d.sweep.leave(t)
	select {
	case <-t.begin:
		return ask()
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (s *sweep) enter(region string) *turn {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &turn{region, make(chan struct{})}
	s.waiting = append(s.waiting, t)
	s.admit()
	return t
}

// leave ends a turn, also one that never began.
func (s *sweep) leave(t *turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.waiting {
		if other == t {
			s.waiting = append(s.waiting[:i:i], s.waiting[i+1:]...)
			return
		}
	}
	if s.under[t.region]--; s.under[t.region] == 0 {
		delete(s.under, t.region)
	}
	s.admit()
}

// admit begins what can begin.
func (s *sweep) admit() {
	if s.under == nil {
		s.under = map[string]int{}
	}
	still := s.waiting[:0]
	for _, t := range s.waiting {
		if s.under[t.region] == 0 && len(s.under) >= regionsAtOnce {
			still = append(still, t)
			continue
		}
		s.under[t.region]++
		close(t.begin)
	}
	s.waiting = still
}

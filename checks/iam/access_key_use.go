package iam

import (
	"fmt"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// unusedDays is how long an active key may rest before ending it is advised: CIS AWS Foundations v5 1.11.
const unusedDays = 45

// adviseOnUse says for each key what is worth changing about its use. The last use is asked only where it can matter: of
// an active key that is old enough to have rested too long, and that this run does not use itself.
func adviseOnUse(v *facts.View, keys []account.AccessKey) []string {
	lastUses := make([]*facts.Pending[account.LastUsed], len(keys))
	active, oldest := 0, 0
	for i, key := range keys {
		if key.Status != account.AccessKeyActive {
			continue
		}
		if active == 0 || key.Created.Before(keys[oldest].Created) {
			oldest = i
		}
		active++
		if !key.InUse && daysSince(key.Created, v.Now()) >= unusedDays {
			lastUses[i] = account.AccessKeyLastUsed.Start(v, account.LastUsedKey{ID: key.ID})
		}
	}
	advice := make([]string, len(keys))
	for i, key := range keys {
		if key.Status == account.AccessKeyInactive {
			advice[i] = "delete the inactive key once nothing misses it"
		}
		if active > 1 && i == oldest {
			advice[i] = fmt.Sprintf("%d keys are active: end the older one once the newer one is in use", active)
		}
		if lastUses[i] != nil {
			advice[i] = checks.Join(advice[i], unused(key, lastUses[i], v.Now()))
		}
	}
	return advice
}

// unused says that a key has rested for too long, if its last use could be learned.
func unused(key account.AccessKey, pending *facts.Pending[account.LastUsed], now time.Time) string {
	last, err := pending.Get()
	switch {
	case err != nil:
		return ""
	case last.At == nil:
		return fmt.Sprintf("it was never used in %d days: end it if nothing needs it", daysSince(key.Created, now))
	case daysSince(*last.At, now) >= unusedDays:
		return fmt.Sprintf("it was last used %d days ago: end it if nothing needs it", daysSince(*last.At, now))
	}
	return ""
}

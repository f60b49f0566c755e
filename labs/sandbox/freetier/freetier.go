// Package freetier is the AWS Free Tier of the practice account: its plan, and how much of what is free was used.
package freetier

import (
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is the AWS Free Tier. Its names are those of AWS's model (botocore 1.44.8).
var Service = &wire.Service{
	API: wire.API{ID: "freetier", Protocols: []wire.Protocol{wire.JSON10}, Target: "AWSFreeTierService"},
	Operations: []wire.Operation{
		wire.Op("GetAccountPlanState", getAccountPlanState),
		wire.Op("GetFreeTierUsage", getFreeTierUsage),
	},
	Parts: []wire.AnyPart{Part},
}

// Part is what the Free Tier keeps.
var Part = &wire.Part[State]{Key: "freeTier"}

// A State is the plan of an account. The zero value is that of a new one: the free plan, with all its credits.
type State struct {
	Plan   string    `json:"plan,omitempty"`   // FREE, PAID, or none for an account of before there were plans
	Status string    `json:"status,omitempty"` // ACTIVE, or EXPIRED
	Spent  float64   `json:"spent,omitempty"`  // of the credits, in dollars
	Ends   wire.Time `json:"ends,omitzero"`
	Usage  []Offer   `json:"usage,omitempty"`
}

// An Offer is something free of which a part was used, by AWS's names.
type Offer struct {
	Service   string  `json:"service" wire:"service"`
	UsageType string  `json:"usageType" wire:"usageType"`
	Actual    float64 `json:"actualUsageAmount" wire:"actualUsageAmount"`
	Forecast  float64 `json:"forecastedUsageAmount" wire:"forecastedUsageAmount"`
	Limit     float64 `json:"limit" wire:"limit"`
	Unit      string  `json:"unit" wire:"unit"`
}

// What a new account has.
const (
	credits = 100                  // dollars
	length  = 183 * 24 * time.Hour // six months
)

func getAccountPlanState(r *wire.Request, _ *wire.None) (*wire.Object, error) {
	s := Part.Of(r)
	answer := map[string]any{
		"accountId": r.AccountID(), "accountPlanType": "FREE", "accountPlanStatus": "ACTIVE",
		"accountPlanRemainingCredits": map[string]any{"amount": credits - s.Spent, "unit": "USD"},
		"accountPlanExpirationDate":   r.Now.Add(length).Format(time.RFC3339),
	}
	switch s.Plan {
	case "none":
		return nil, wire.Failf("ResourceNotFoundException", "The account has no plan.")
	case "PAID":
		answer["accountPlanType"] = s.Plan
		delete(answer, "accountPlanExpirationDate")
	}
	if s.Status != "" {
		answer["accountPlanStatus"] = s.Status
	}
	if !s.Ends.IsZero() {
		answer["accountPlanExpirationDate"] = s.Ends.UTC().Format(time.RFC3339)
	}
	return wire.Tree(answer), nil
}

type usageOutput struct {
	Usages []Offer `wire:"freeTierUsages"`
}

func getFreeTierUsage(r *wire.Request, _ *wire.None) (*usageOutput, error) {
	return &usageOutput{Usages: append([]Offer{}, Part.Of(r).Usage...)}, nil
}

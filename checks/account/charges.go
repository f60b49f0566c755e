package account

import (
	"context"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
)

// PlanKey asks for the plan of the account: there is one, whatever the Region.
type PlanKey struct {
	Region string `json:"region"`
}

// Plan is how an account pays: on the free plan until its credits or its time are gone, then or from the beginning as
// it uses.
type Plan struct {
	Type    string    `json:"type,omitempty"`   // "FREE" or "PAID"; empty for an account of before there were plans
	Status  string    `json:"status,omitempty"` // "NOT_STARTED", "ACTIVE" or "EXPIRED"
	Credits *float64  `json:"credits,omitempty"`
	Unit    string    `json:"unit,omitempty"` // of the credits: "USD"
	Ends    time.Time `json:"ends,omitzero"`
}

// AccountPlan is the account's plan.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_freetier_GetAccountPlanState.html
var AccountPlan = &facts.Read[PlanKey, Plan]{
	Name:       "freetier.account-plan",
	Operations: []string{"freetier:GetAccountPlanState"},
	Fetch: func(ctx context.Context, a *facts.Access, key PlanKey) (Plan, error) {
		type credits struct {
			Amount *float64 `json:"amount"`
			Unit   string   `json:"unit"`
		}
		type state struct {
			Type    string  `json:"accountPlanType"`
			Status  string  `json:"accountPlanStatus"`
			Credits credits `json:"accountPlanRemainingCredits"`
			Ends    string  `json:"accountPlanExpirationDate"`
		}
		out, err := Ask[state](ctx, a, "freetier:GetAccountPlanState", key.Region, nil)
		switch {
		case absent(err, "ResourceNotFoundException"):
			return Plan{}, nil
		case err != nil:
			return Plan{}, err
		case out.Type == "" || out.Status == "":
			return Plan{}, facts.Errorf(facts.InvalidResponse, "the account's plan came without its type or its status")
		}
		plan := Plan{Type: out.Type, Status: out.Status, Credits: out.Credits.Amount, Unit: out.Credits.Unit}
		if out.Ends != "" {
			if plan.Ends, err = time.Parse(time.RFC3339, out.Ends); err != nil {
				return Plan{}, facts.Errorf(facts.InvalidResponse, "the end of the account's plan is no time: %w", err)
			}
		}
		return plan, nil
	},
}

// Offer is how much of something free was used in this month. What was not used at all is not listed.
type Offer struct {
	Service  string  `json:"service"`
	Usage    string  `json:"usage"` // AWS's word for what is counted, such as "EU-TimedStorage-ByteHrs"
	Used     float64 `json:"used"`
	Forecast float64 `json:"forecast"` // for the whole month
	Limit    float64 `json:"limit"`
	Unit     string  `json:"unit"`
}

// FreeTier is what was used of the free tier. AWS counts about once a day.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_freetier_GetFreeTierUsage.html
var FreeTier = &facts.Read[PlanKey, []Offer]{
	Name:       "freetier.usage",
	Operations: []string{"freetier:GetFreeTierUsage"},
	Fetch: func(ctx context.Context, a *facts.Access, key PlanKey) ([]Offer, error) {
		type usage struct {
			Service  string   `json:"service"`
			Usage    string   `json:"usageType"`
			Used     *float64 `json:"actualUsageAmount"`
			Forecast *float64 `json:"forecastedUsageAmount"`
			Limit    *float64 `json:"limit"`
			Unit     string   `json:"unit"`
		}
		type usages struct {
			All []usage `json:"freeTierUsages"`
		}
		out, err := Ask[usages](ctx, a, "freetier:GetFreeTierUsage", key.Region, nil)
		if err != nil {
			return nil, err
		}
		return eachOf(out.All, func(u usage) (Offer, error) {
			if u.Used == nil || u.Forecast == nil || u.Limit == nil {
				return Offer{}, facts.Errorf(facts.InvalidResponse, "an offer of the free tier came without an amount")
			}
			return Offer{u.Service, u.Usage, *u.Used, *u.Forecast, *u.Limit, u.Unit}, nil
		})
	},
}

// ChargesKey asks for the estimated charges between two moments, as RFC 3339 has them.
type ChargesKey struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// ChargeSoFar is what the month had cost at a moment, in US dollars.
type ChargeSoFar struct {
	At     time.Time `json:"at"`
	Amount float64   `json:"amount"`
}

// EstimatedCharges are what the month has cost so far, as CloudWatch was told every few hours; none where nobody
// switched the billing metrics on.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
var EstimatedCharges = &facts.Read[ChargesKey, []ChargeSoFar]{
	Name:       "cloudwatch.estimated-charges",
	Operations: []string{"cloudwatch:GetMetricStatistics"},
	Fetch: func(ctx context.Context, a *facts.Access, key ChargesKey) ([]ChargeSoFar, error) {
		from, errFrom := time.Parse(time.RFC3339, key.From)
		to, errTo := time.Parse(time.RFC3339, key.To)
		if errFrom != nil || errTo != nil {
			return nil, facts.Errorf(facts.InternalError, "%s to %s is no time", key.From, key.To)
		}
		type point struct {
			Timestamp string
			Maximum   *float64
		}
		const sixHours = 6 * 3600
		out, err := Ask[struct{ Datapoints []point }](
			ctx, a, "cloudwatch:GetMetricStatistics", BillingRegion, map[string]any{
				"Namespace": "AWS/Billing", "MetricName": "EstimatedCharges",
				"Dimensions": []any{map[string]any{"Name": "Currency", "Value": "USD"}},
				"StartTime":  from, "EndTime": to, "Period": int64(sixHours), "Statistics": []any{"Maximum"},
			})
		if err != nil {
			return nil, err
		}
		return eachOf(out.Datapoints, func(p point) (ChargeSoFar, error) {
			at, err := time.Parse(time.RFC3339, p.Timestamp)
			if err != nil || p.Maximum == nil {
				return ChargeSoFar{}, facts.Errorf(facts.InvalidResponse, "a point of the charges came without time or amount")
			}
			return ChargeSoFar{at, *p.Maximum}, nil
		})
	},
}

package cloudwatch

import "github.com/labcheck/labcheck/labs/sandbox/wire"

// Charges are what the month has cost so far, at several moments: the one metric that there is here. CloudWatch has it
// in us-east-1 alone, and only where the owner of the account switched it on.
var Charges = &wire.Part[[]*Charge]{Key: "charges", Regional: true}

// A Charge is what the month had cost at a moment.
type Charge struct {
	At     wire.Time `json:"at"`
	Amount float64   `json:"amount"` // US dollars
}

func getMetricStatistics(r *wire.Request, in *getMetricStatisticsInput) (*getMetricStatisticsOutput, error) {
	out := &getMetricStatisticsOutput{Label: &in.MetricName, Datapoints: []datapointWire{}}
	if in.Namespace != "AWS/Billing" || in.MetricName != "EstimatedCharges" {
		return out, nil
	}
	for _, c := range *Charges.Of(r) {
		if c.At.Before(in.StartTime.Time) || c.At.After(in.EndTime.Time) {
			continue
		}
		out.Datapoints = append(out.Datapoints, datapointWire{Timestamp: c.At, Maximum: &c.Amount, Unit: new("None")})
	}
	return out, nil
}

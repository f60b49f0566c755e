package reports

import (
	"fmt"
	"math"

	"github.com/labcheck/labcheck/checks"
)

// Cost is what all that is left costs a day, in US dollars: from Low to High where that depends on what cannot be read.
type Cost struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// AsOf is the day of the prices: list prices in us-east-1, without free tier, credits and taxes.
	AsOf string `json:"asOf"`
}

// CostOf adds up what the steps found, each thing once; nil if they found nothing that costs.
func CostOf(steps []Step, asOf string) *Cost {
	charges := map[string]checks.Charge{}
	var order []string // sums depend on it
	for _, s := range steps {
		for _, c := range s.Charges {
			known, twice := charges[c.Of]
			if !twice {
				order = append(order, c.Of)
			}
			if !twice || known.Guess {
				charges[c.Of] = c
			}
		}
	}
	if len(charges) == 0 {
		return nil
	}
	sum := &Cost{AsOf: asOf}
	for _, of := range order {
		sum.Low, sum.High = sum.Low+charges[of].Low, sum.High+charges[of].High
	}
	sum.Low, sum.High = rounded(sum.Low), rounded(sum.High)
	return sum
}

// rounded has four places, which is a hundredth of a cent.
func rounded(dollars float64) float64 {
	const places = 1e4
	return math.Round(dollars*places) / places
}

// CostText says what all that is left costs; "" where nothing does.
func (r *Report) CostText() string {
	if r.Cost == nil {
		return ""
	}
	amount := fmt.Sprintf("$%.2f", r.Cost.High)
	if low := fmt.Sprintf("$%.2f", r.Cost.Low); low != amount {
		amount = low + " to " + amount
	}
	return "What is left costs " + amount + " a day (list prices in us-east-1 of " + r.Cost.AsOf +
		", without free tier and credits). Nothing was deleted: the commands are for you."
}

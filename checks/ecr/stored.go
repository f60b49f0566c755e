package ecr

import (
	"math"

	"github.com/labcheck/labcheck/checks/account"
)

// stored sums the sizes of the images, each digest once. An index is left out: its size is that of its largest image.
func stored(images []account.Image) int64 {
	seen := map[string]bool{}
	var sum int64
	for _, i := range images {
		if i.Index || seen[i.Digest] {
			continue
		}
		seen[i.Digest] = true
		if i.Bytes > math.MaxInt64-sum {
			return math.MaxInt64 // more than any registry holds, but no reason to wrap round below the limit
		}
		sum += i.Bytes
	}
	return sum
}

// dollars is the price of a month at $0.10 for a gigabyte: https://aws.amazon.com/ecr/pricing/
func dollars(bytes int64) float64 { return float64(bytes) / 1e9 * 0.10 }

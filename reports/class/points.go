package class

import (
	"fmt"
	"strings"
)

// perPoint is how many hundredths make a point.
const perPoint = 100

// Whole is a whole number of points.
func Whole(points int) Points { return Points(points) * perPoint }

// String writes points exactly, without needless zeros: "87.5", "68".
func (p Points) String() string {
	sign, n := "", p
	if n < 0 {
		sign, n = "-", -n
	}
	text := fmt.Sprintf("%s%d.%02d", sign, n/perPoint, n%perPoint)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Round is the nearest whole number of points, halves up, for consumers that take no fractions.
func (p Points) Round() int { return int((p + perPoint/2) / perPoint) }

// share is what part of the possible points a score is, in percent, rounded down; 0 where nothing is possible.
func share(score Points, possible int) int {
	if possible <= 0 {
		return 0
	}
	return int(score) / possible // hundredths of a point over points are percents
}

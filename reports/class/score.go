package class

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
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

// ParsePoints reads points with at most two digits behind the point, such as "87.5".
func ParsePoints(text string) (Points, bool) {
	whole, part, _ := strings.Cut(text, ".")
	if len(part) > 2 || whole == "" || strings.ContainsAny(text, "+-_") {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return Points(n), err == nil && n <= math.MaxInt32
}

// Round is the nearest whole number of points, halves up, for consumers that take no fractions.
func (p Points) Round() int { return int((p + perPoint/2) / perPoint) }

// TotalPoints are the points of all these steps.
func TotalPoints(steps []Step) int {
	total := 0
	for _, s := range steps {
		total += s.Points
	}
	return total
}

// share is what part of the possible points a score is, in percent, rounded down; 0 where nothing is possible.
func share(score Points, possible int) int {
	if possible <= 0 {
		return 0
	}
	return int(score) / possible // hundredths of a point over points are percents
}

// LateRule takes a share off for every day, hour or week that has begun after the due time. The zero value takes
// nothing off.
type LateRule struct {
	Percent int // for each
	Unit    time.Duration
	Word    string // the unit's word
	Most    int    // percent
	Text    string // as it was written
}

var lateRule = regexp.MustCompile(`^(\d{1,3})%\s*/\s*(hour|day|week)(?:\s*,\s*at most\s+(\d{1,3})%)?$`)

// ParseLate reads a rule such as "10%/day, at most 50%".
func ParseLate(text string) (LateRule, error) {
	m := lateRule.FindStringSubmatch(text)
	if m == nil {
		return LateRule{}, fmt.Errorf("%q is no rule such as \"10%%/day, at most 50%%\" (hour, day or week)", text)
	}
	r := LateRule{Most: 100, Word: m[2], Text: text}
	r.Percent, _ = strconv.Atoi(m[1]) // digits
	if m[3] != "" {
		r.Most, _ = strconv.Atoi(m[3])
	}
	if r.Percent > 100 || r.Most > 100 {
		return LateRule{}, fmt.Errorf("%q takes more than 100%% off", text)
	}
	r.Unit = map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}[m[2]]
	return r, nil
}

// off is what is taken off for being late, in percent, and how late that is in words.
func (r LateRule) off(late time.Duration) (percent int, words string) {
	if late <= 0 || r.Unit == 0 {
		return 0, ""
	}
	begun := (late + r.Unit - 1) / r.Unit
	return int(min(begun*time.Duration(r.Percent), time.Duration(r.Most))), checks.Count(int(begun), r.Word) + " late"
}

// reduce is the score that is left of whole points, and the arithmetic.
func (r LateRule) reduce(earned int, late time.Duration) (Points, string) {
	percent, words := r.off(late)
	if percent == 0 {
		return Whole(earned), strconv.Itoa(earned)
	}
	left := Points(earned * (perPoint - percent))
	return left, fmt.Sprintf("%d − %d%% (%s) = %s", earned, percent, words, left)
}

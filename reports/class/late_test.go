package class_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class"
)

// Whatever is written as a rule: it is refused, or takes between nothing and everything off.
func FuzzParseLate(f *testing.F) {
	for _, seed := range []string{"10%/day, at most 50%", "100% / hour", "0%/week,at most 0%", "999%/day", "-1%/day"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := class.ParseLate(text)
		if err != nil {
			require.Zero(t, r)
			return
		}
		require.Equal(t, text, r.Text)
		require.Positive(t, r.Unit)
		require.True(t, 0 <= r.Percent && r.Percent <= 100 && 0 <= r.Most && r.Most <= 100)
	})
}

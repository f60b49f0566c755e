package checks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 zones", 1: "1 zone", 2: "2 zones"} {
		require.Equal(t, want, checks.Count(n, "zone"))
	}
}

func TestNames(t *testing.T) {
	require.Empty(t, checks.Names(nil))
	require.Equal(t, "a, b", checks.Names([]string{"a", "b"}))
	require.Equal(t, "a, b, c, d, e", checks.Names([]string{"a", "b", "c", "d", "e"}))
	require.Equal(t, "a, b, c, d, e and 2 more", checks.Names([]string{"a", "b", "c", "d", "e", "f", "g"}))
}

func TestJoin(t *testing.T) {
	require.Equal(t, "a; b", checks.Join("", "a", "", "b"))
	require.Empty(t, checks.Join("", ""))
}

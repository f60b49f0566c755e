package ecr

import (
	"strconv"
	"time"
)

// megabyte is decimal, as in the free tier's offer.
const megabyte = 1_000_000

// megabytes writes a size with one digit after the point, such as "63.4 MB".
func megabytes(bytes int64) string {
	return strconv.FormatFloat(float64(bytes)/megabyte, 'f', 1, 64) + " MB"
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

package jsonv1

import (
	"bytes"
	"fmt"
)

// The limits of a report that is read.
const (
	// MaxSize is its size, in bytes.
	MaxSize = 8 << 20
	// MaxParts is how many objects, lists and nulls it may hold. Three bytes of JSON make an empty step, which takes some
	// hundred bytes of memory: the size alone bounds nothing. A report of a real lab has some hundred parts.
	MaxParts = 20_000
)

// Fits says why a report in JSON is too large to be read.
func Fits(data []byte) error {
	if len(data) > MaxSize {
		return fmt.Errorf("the report is larger than %d MiB", MaxSize>>20)
	}
	parts := 0 // those within a text count too: there are few
	for _, begin := range []string{"{", "[", "null"} {
		parts += bytes.Count(data, []byte(begin))
	}
	if parts > MaxParts {
		return fmt.Errorf("the report has more than %d parts", MaxParts)
	}
	return nil
}

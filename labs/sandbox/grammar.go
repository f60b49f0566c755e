package sandbox

import "regexp"

// A grammar says which names a service takes. The length stands apart from the pattern: a repetition of several hundred
// takes a millisecond to compile, and that at every start of the program.
type grammar struct {
	pattern *regexp.Regexp
	longest int // bytes
}

func (g grammar) takes(name string) bool {
	return len(name) <= g.longest && g.pattern.MatchString(name)
}

package wire

import "regexp"

// A Grammar says which names a service takes. The length stands apart from the pattern: a repetition of several hundred
// takes a millisecond to compile, and that at every start of the program.
type Grammar struct {
	Pattern *regexp.Regexp
	Longest int // bytes
}

// Takes reports whether the service takes a name.
func (g Grammar) Takes(name string) bool {
	return len(name) <= g.Longest && g.Pattern.MatchString(name)
}

// Wildcard says whether the whole of text matches pattern, in which * stands for any characters and ? for one.
func Wildcard(pattern, text string) bool {
	star, resume := -1, 0 // the last * seen, and where in text it ends for now
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0: // let the last * have one more
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

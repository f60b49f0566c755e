package class

import (
	"strings"
	"unicode"
)

// Each is the class as classes of one student, for the formats that are about one.
func (c *Class) Each() []*Class {
	list := make([]*Class, len(c.Students))
	for i := range c.Students {
		one := *c
		one.Students = c.Students[i : i+1 : i+1]
		list[i] = &one
	}
	return list
}

// FileNames are names for files about the students, in their order: safe on every system, and no two are the same, also
// where capitals do not count.
func (c *Class) FileNames() []string {
	names, taken := make([]string, len(c.Students)), map[string]bool{}
	for i := range c.Students {
		name := safeName(c.Students[i].Key)
		for taken[strings.ToLower(name)] {
			name += "-2"
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// safeName keeps letters, digits and the few signs that mean nothing to any system.
func safeName(key string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("@.+-", r) {
			return r
		}
		return '_'
	}, key)
	name = strings.Trim(name, ".-")
	if len(name) > 100 {
		name = strings.ToValidUTF8(name[:100], "")
	}
	if name == "" {
		return "student"
	}
	return name
}

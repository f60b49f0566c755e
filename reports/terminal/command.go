package terminal

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/reports"
)

// breakCommand breaks a command into lines of at most so many columns, each but the last ending as the shell wants a
// line that goes on, so that all of them can be pasted as one command. It breaks only between arguments, before an
// option if it can; an argument longer than a line stays whole. A command that it does not understand stays whole too.
func breakCommand(command string, columns int, shell reports.Shell) []string {
	const further = "  "
	groups := groupWords(splitWords(command, shell))
	if Width(command) <= columns || len(groups) < 2 {
		return []string{command}
	}
	var lines []string
	line, more := groups[0], " "+shell.Continued()
	for _, group := range groups[1:] {
		if Width(line)+1+Width(group)+len(more) <= columns {
			line += " " + group
			continue
		}
		lines = append(lines, line+more)
		line = further + group
	}
	return append(lines, line)
}

// splitWords splits a command at the blanks that the shell splits at, and leaves quotes as they are. It returns nothing
// for a command in which a line end might mean more than a blank: one with an open quote, a substitution, a comment, a
// here-document or a block of PowerShell's.
func splitWords(command string, shell reports.Shell) []string {
	// Where a backslash takes its meaning from the next character: not in PowerShell, and only in fish between single
	// quotes.
	escapes := func(quote byte) bool {
		return shell != reports.PowerShell && (quote != '\'' || shell == reports.Fish)
	}
	var words []string
	start, quote := -1, byte(0)
	for i := 0; i < len(command); i++ {
		c := command[i]
		switch {
		case quote == '\'' && c != quote, quote == '"' && c != quote && c != '\\' && c != '`' && c != '$':
		case c == quote:
			quote = 0
		case c == '`', c == '$', c == '#', c == '<':
			return nil
		case c == ' ' && quote == 0:
			if start >= 0 {
				words = append(words, command[start:i])
				start = -1
			}
			continue
		case c == '\'' || c == '"':
			quote = c
		}
		if start < 0 {
			start = i
		}
		if c == '\\' && escapes(quote) {
			i++
		}
	}
	if quote != 0 {
		return nil
	}
	if start >= 0 {
		words = append(words, command[start:])
	}
	return words
}

// subcommand is what a program is told to do, such as "ecr" and "create-repository".
var subcommand = regexp.MustCompile(`^[a-z][a-z-]*$`)

// groupWords joins what is better read on one line: the program with what it is told to do, and each option with its
// value.
func groupWords(words []string) []string {
	const longestStart = 3
	var groups []string
	for i, word := range words {
		joins := false
		switch {
		case i == 0 || strings.HasPrefix(word, "-") || word == pipe:
		case strings.HasPrefix(words[i-1], "-") || words[i-1] == pipe:
			joins = true
		case i < longestStart:
			joins = len(groups) == 1 && subcommand.MatchString(word)
		}
		if !joins {
			groups = append(groups, word)
			continue
		}
		groups[len(groups)-1] += " " + word
	}
	return groups
}

const pipe = "|"

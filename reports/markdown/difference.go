package markdown

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// mostHints is the largest number of rungs that a report is written with.
const mostHints = 4

// longestText is how long a text may be that is compared, in bytes: some hundred times that of a usual lab.
const longestText = 1 << 20

// simulates finds how the person started the program, which a report of the practice account repeats.
var simulates = regexp.MustCompile("`([^`\n]+) sandbox simulate ")

// difference says in which line the text of a report is not the one that labcheck wrote; "" where only blanks and marks
// differ, which formatters and editors change on their own. The digest is that of the text as it was written.
func difference(r *reports.Report, text, written string) string {
	if len(text) > longestText {
		return fmt.Sprintf("it has %d KiB, and labcheck writes less", len(text)>>10)
	}
	if added := around(text, written); added != "" {
		return added
	}
	want, known := asWritten(r, text, written)
	switch {
	case slices.Equal(words(text), words(want)):
		return ""
	case !known:
		return fmt.Sprintf("it is not what labcheck %s wrote; which line differs, only that version can tell",
			reports.Clean(r.Tool.Version))
	}
	extra, missing := without(text, want), without(want, text)
	switch {
	case len(extra) == 0 && len(missing) == 0:
		return "its lines stand in another order than labcheck wrote them"
	case len(missing) == 0:
		return fmt.Sprintf("line %d was added: %s%s", extra[0].number, quoted(extra[0].text), more(len(extra)-1))
	case len(extra) == 0:
		return fmt.Sprintf("a line that labcheck wrote is missing: %s%s", quoted(missing[0].text), more(len(missing)-1))
	}
	const compared = 1000 // lines
	gone := missing[0]
	instead := slices.MaxFunc(extra[:min(compared, len(extra))], func(a, b textLine) int {
		return inCommon(a, gone) - inCommon(b, gone)
	})
	return fmt.Sprintf("line %d reads %s, and labcheck wrote %s%s", instead.number, quoted(instead.text),
		quoted(gone.text), more(max(len(extra), len(missing))-1))
}

// around says which line was added where a text has nothing but a note above or below the one with the digest, whatever
// version of labcheck wrote that; "" for another difference.
func around(text, written string) string {
	const longest = 20 // lines
	var lines []textLine
	number := 0
	for line := range strings.Lines(text) {
		if number++; strings.TrimSpace(line) != "" { // as in digest
			lines = append(lines, textLine{number: number, text: line})
		}
	}
	rest := func(part []textLine) string {
		var b strings.Builder
		for _, line := range part {
			b.WriteString(line.text)
		}
		return digest([]byte(b.String()))
	}
	for n := 1; n <= min(longest, len(lines)); n++ {
		for _, note := range [][2][]textLine{{lines[:n], lines[n:]}, {lines[len(lines)-n:], lines[:len(lines)-n]}} {
			if rest(note[1]) == written {
				return fmt.Sprintf("line %d was added: %s%s", note[0][0].number, quoted(note[0][0].text), more(n-1))
			}
		}
	}
	return ""
}

// asWritten is the text of a report as labcheck wrote it: the one with the digest, whatever options it was written
// with. Another version of labcheck may have written another one, which is not known: then it is the one that this
// version would write.
func asWritten(r *reports.Report, text, written string) (want string, known bool) {
	o := reports.Options{}
	if m := simulates.FindStringSubmatch(text); m != nil {
		o.Command = m[1]
	}
	for o.Hints = range mostHints + 1 {
		for _, o.All = range []bool{false, true} {
			if d := visible(r, o); digest([]byte(d)) == written {
				return d, true
			}
		}
	}
	o.Hints, o.All = 0, false
	return visible(r, o), false
}

// textLine is a line of a text with its number, from 1.
type textLine struct {
	number int
	text   string
	words  []string
}

// without are the lines of a text that another one does not have, or not as often. Lines without a word do not count.
func without(text, other string) []textLine {
	has := map[string]int{}
	for line := range strings.Lines(other) {
		has[strings.Join(words(line), " ")]++
	}
	var lines []textLine
	number := 0
	for line := range strings.Lines(text) {
		number++
		w := words(line)
		if key := strings.Join(w, " "); len(w) > 0 {
			if has[key]--; has[key] < 0 {
				lines = append(lines, textLine{number, line, w})
			}
		}
	}
	return lines
}

// inCommon counts the words that two lines share.
func inCommon(a, b textLine) int {
	set := map[string]bool{}
	for _, w := range b.words {
		set[w] = true
	}
	maps.DeleteFunc(set, func(w string, _ bool) bool { return !slices.Contains(a.words, w) })
	return len(set)
}

// words are the words and numbers of a text, and the marks of verdicts.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.So, r)
	})
}

// quoted shows a line that a stranger may have written, and not more of it than a person reads.
func quoted(line string) string {
	const most = 80
	shown := []rune(reports.Clean(strings.TrimSpace(line)))
	if len(shown) > most {
		shown = append(shown[:most], '…')
	}
	return "“" + string(shown) + "”"
}

func more(lines int) string {
	if lines == 0 {
		return ""
	}
	return " (and " + checks.Count(lines, "more line") + ")"
}
